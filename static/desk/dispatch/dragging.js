/* Stops pulled from lane to lane with the mouse; what is dropped where becomes one edit. */

export function offerDragging(send) {
  let pulled = null;

  document.addEventListener("dragstart", (event) => {
    pulled = event.target.closest?.(".board-stop[draggable]");
    if (!pulled) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", pulled.dataset.client);
    pulled.classList.add("dragged");
  });

  document.addEventListener("dragover", (event) => {
    const lane = pulled && laneOf(event.target);
    clear();
    if (!lane) return;
    event.preventDefault();
    lane.classList.add("target");
    nextBelow(lane, event.clientY, pulled)?.classList.add("before");
  });

  document.addEventListener("drop", (event) => {
    const lane = pulled && laneOf(event.target);
    if (!lane) return;
    event.preventDefault();
    const client = pulled.dataset.client;
    const collector = lane.dataset.collector;
    if (collector) send("move", { client, collector, position: positionAt(lane, event.clientY, pulled) });
    else if (laneOf(pulled) !== lane) send("remove", { client });
  });

  document.addEventListener("dragend", () => {
    pulled?.classList.remove("dragged");
    pulled = null;
    clear();
  });
}

function laneOf(element) {
  return element.closest?.(".lane")?.querySelector("[data-collector]");
}

function nextBelow(lane, y, pulled) {
  return [...lane.querySelectorAll(".board-stop")].find((one) => {
    const box = one.getBoundingClientRect();
    return one !== pulled && y < box.top + box.height / 2;
  });
}

/* The place among the others of the lane, from 1. */
function positionAt(lane, y, pulled) {
  const others = [...lane.querySelectorAll(".board-stop")].filter((one) => one !== pulled);
  const next = nextBelow(lane, y, pulled);
  return (next ? others.indexOf(next) : others.length) + 1;
}

function clear() {
  for (const one of document.querySelectorAll(".lane .target, .lane .before")) one.classList.remove("target", "before");
}
