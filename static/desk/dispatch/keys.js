/* The keyboard does all that the mouse does: on a stop, and undo and redo anywhere. */

export function offerKeys(send) {
  document.addEventListener("keydown", (event) => {
    if (turn(event)) return;
    const stop = event.target.closest?.(".board-stop[data-client]");
    if (!stop || event.ctrlKey || event.metaKey) return;
    const order = event.altKey ? move(stop, event.key) : mark(stop, event.key);
    if (!order) return;
    event.preventDefault();
    send(order.kind, order);
  });
}

function turn(event) {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches?.("input, textarea, select")) return false;
  const wanted = { z: event.shiftKey ? "board-redo" : "board-undo", y: "board-redo" }[event.key.toLowerCase()];
  const button = wanted && document.getElementById(wanted);
  if (!button || button.disabled) return false;
  event.preventDefault();
  button.click();
  return true;
}

function move(stop, key) {
  const client = stop.dataset.client;
  const lane = stop.closest("[data-collector]");
  const position = Number(stop.dataset.position);
  if (key === "ArrowUp" && position > 1) return { kind: "move", client, collector: lane.dataset.collector, position: position - 1 };
  if (key === "ArrowDown" && stop.matches(":not(:last-child)[data-position]")) {
    return { kind: "move", client, collector: lane.dataset.collector, position: position + 1 };
  }
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  const lanes = [...document.querySelectorAll("[data-collector]")];
  const next = lanes[lanes.indexOf(lane) + (key === "ArrowRight" ? 1 : -1)];
  if (!next) return null;
  const collector = next.dataset.collector;
  return collector ? { kind: "move", client, collector } : { kind: "remove", client };
}

function mark(stop, key) {
  const client = stop.dataset.client;
  if (!stop.dataset.position) return null;
  const says = (icon) => Boolean(stop.querySelector(`[data-mark="${icon}"]`));
  switch (key.toLowerCase()) {
    case "f": return { kind: says("pinned") ? "unpin" : "pin", client };
    case "a": return { kind: says("locked") ? "unlock" : "lock", client };
    case "delete": return { kind: "remove", client };
    default: return null;
  }
}
