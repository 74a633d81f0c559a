/* Drawing on a map with a mouse, a finger or a pen: one stroke at a time, while the tool that asks for it is on. */
const NEAR_STEP = 4; // pixels between two corners of a stroke

/* Return {hold, isHeld, drop}: `hold(true)` takes the pen up, so that the map stays where it is and strokes are drawn;
   `drop()` takes away what is drawn, also a stroke of before that was left to be seen. `done` is told the corners of each
   stroke, in pixels of the map; the line itself stays until `drop`. `name` is the class of the map while the pen is held. */
export function penOf(map, { name, className, done }) {
  const box = map.getContainer();
  let held = false;
  let pointer = null; // the finger, pen or mouse that draws
  let trail = [];
  let line = null;

  function hold(isOn) {
    held = isOn;
    pointer = null;
    for (const way of [map.dragging, map.touchZoom, map.boxZoom]) way?.[isOn ? "disable" : "enable"]();
    box.classList.toggle(name, isOn);
  }

  function drop() {
    pointer = null;
    line?.remove();
    line = null;
  }

  /* Where the pointer is on the map; at its edge when it has left it. */
  function placeOf(event) {
    const { x, y } = map.mouseEventToContainerPoint(event);
    const size = map.getSize();
    return L.point(Math.min(Math.max(x, 0), size.x), Math.min(Math.max(y, 0), size.y));
  }

  /* The click that follows a stroke would open or choose what lies below its end. */
  function swallowClick() {
    const swallow = (event) => event.stopImmediatePropagation();
    box.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => box.removeEventListener("click", swallow, { capture: true }));
  }

  box.addEventListener("pointerdown", (event) => {
    if (!held || pointer !== null || event.button > 0 || event.target.closest(".leaflet-control, .leaflet-popup")) return;
    event.preventDefault(); // no text is selected, and a finger sends no mouse's events on top
    drop();
    pointer = event.pointerId;
    box.setPointerCapture(pointer);
    trail = [placeOf(event)];
    line = L.polyline([map.containerPointToLatLng(trail[0])], { className, interactive: false }).addTo(map);
  });
  box.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const place = placeOf(event);
    if (trail.at(-1).distanceTo(place) < NEAR_STEP) return;
    trail.push(place);
    line.addLatLng(map.containerPointToLatLng(place));
  });
  box.addEventListener("pointerup", (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    swallowClick();
    done(trail);
  });
  box.addEventListener("pointercancel", (event) => { // a call came in, or the hand lay on the screen
    if (event.pointerId === pointer) drop();
  });
  return { hold, drop, isHeld: () => held };
}
