/* Stops pulled from lane to lane with the mouse, or with a finger that rests on one for a moment;
   what is dropped where becomes one edit. */

const HOLD_MS = 350; // less is a tap or the beginning of a scroll
const STILL_PX = 10;

export function offerDragging(send) {
  let pulled = null;

  const pick = (stop) => {
    pulled = stop;
    pulled.classList.add("dragged");
  };

  const show = (lane, y) => {
    clear();
    lane?.classList.add("target");
    if (lane) nextBelow(lane, y, pulled)?.classList.add("before");
  };

  const drop = (lane, y) => {
    const client = pulled.dataset.client;
    const collector = lane.dataset.collector;
    // Of a lane whose stops are not shown nobody can choose a place: the best one is taken.
    const position = "closed" in lane.dataset ? "" : positionAt(lane, y, pulled);
    if (collector) send("move", { client, collector, position });
    else if (laneOf(pulled) !== lane) send("remove", { client });
  };

  const end = () => {
    pulled?.classList.remove("dragged");
    pulled = null;
    clear();
  };

  offerMouse({ pick, show, drop, end, isPulling: () => pulled !== null });
  offerTouch({ pick, show, drop, end, isPulling: () => pulled !== null });
}

function offerMouse({ pick, show, drop, end, isPulling }) {
  document.addEventListener("dragstart", (event) => {
    if (isPulling()) return event.preventDefault(); // a finger has it already
    const stop = stopOf(event.target);
    if (!stop) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", stop.dataset.client);
    pick(stop);
  });
  document.addEventListener("dragover", (event) => {
    if (!isPulling()) return;
    const lane = laneOf(event.target);
    show(lane, event.clientY);
    if (lane) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const lane = isPulling() && laneOf(event.target);
    if (!lane) return;
    event.preventDefault();
    drop(lane, event.clientY);
  });
  document.addEventListener("dragend", end);
}

/* Browsers start no drag by touch; a finger that moves at once scrolls as everywhere. */
function offerTouch({ pick, show, drop, end, isPulling }) {
  let waiting = null;
  let from = null;
  const forget = () => clearTimeout(waiting);

  document.addEventListener("touchstart", (event) => {
    forget();
    const stop = event.touches.length === 1 && stopOf(event.target);
    if (!stop) return;
    from = event.touches[0];
    waiting = setTimeout(() => pick(stop), HOLD_MS);
  }, { passive: true });
  document.addEventListener("touchmove", (event) => {
    const { clientX, clientY } = event.touches[0];
    if (isPulling()) {
      event.preventDefault(); // the page stays where it is under the stop
      show(laneAt(clientX, clientY), clientY);
    } else if (from && Math.hypot(clientX - from.clientX, clientY - from.clientY) > STILL_PX) {
      forget();
    }
  }, { passive: false });
  document.addEventListener("touchend", (event) => {
    forget();
    if (!isPulling()) return;
    event.preventDefault(); // no click follows
    const { clientX, clientY } = event.changedTouches[0];
    const lane = laneAt(clientX, clientY);
    if (lane) drop(lane, clientY);
    end();
  });
  document.addEventListener("touchcancel", () => { forget(); end(); });
  document.addEventListener("contextmenu", (event) => { if (isPulling()) event.preventDefault(); });
}

function stopOf(element) {
  return element.closest?.(".board-stop[draggable]");
}

function laneOf(element) {
  return element?.closest?.(".lane")?.querySelector("[data-collector]");
}

function laneAt(x, y) {
  return laneOf(document.elementFromPoint(x, y));
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
