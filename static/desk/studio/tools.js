/* Choosing clients on the map: a click takes one, or all of its cell; the lasso takes all inside. */
import { penOf } from "../../maps/pen.js";

const FINGER = 24; // pixels around a fingertip in which a client is found

export function offerTools(board, form) {
  const { map, points, places } = board;
  const lasso = form.querySelector("[data-lasso]");
  const cells = form.querySelector("[data-cells]");
  const told = form.querySelector("[data-count]");
  const target = form.elements.zone;
  let chosen = new Set();
  const pen = penOf(map, { name: "lassoing", className: "lasso", done: end });

  function show() {
    points.choose([...chosen]);
    form.elements.chosen.value = [...chosen].map((row) => places.ids[row]).join(",");
    told.textContent = form.dataset.told.replace("{n}", chosen.size);
    for (const button of form.querySelectorAll("[data-needs-chosen]")) button.disabled = !chosen.size;
  }

  function listZones() {
    const before = target.value;
    target.replaceChildren(...board.zones.map((zone) => new Option(zone.name, zone.key)));
    if (board.zones.some((zone) => String(zone.key) === before)) target.value = before;
  }

  function forget() {
    chosen = new Set();
    form.elements.ring.value = "";
    form.querySelector("[data-needs-ring]").disabled = true;
    pen.drop();
    show();
  }

  function hold(isOn) {
    lasso.setAttribute("aria-pressed", isOn);
    pen.hold(isOn);
  }

  /* The client at a row, or all who live in the same cell of H3. */
  function together(row) {
    if (cells.getAttribute("aria-pressed") !== "true") return [row];
    return places.cells.flatMap((cell, other) => (cell === places.cells[row] ? [other] : []));
  }

  function end(trail) {
    const ring = trail.map((point) => map.containerPointToLatLng(point)).map(({ lat, lng }) => [lat, lng]);
    hold(false);
    if (ring.length < 3) return forget();
    chosen = new Set(points.inside(ring));
    form.elements.ring.value = ring.map(([lat, lon]) => `${lat.toFixed(6)},${lon.toFixed(6)}`).join(" ");
    form.querySelector("[data-needs-ring]").disabled = false;
    show();
  }

  map.on("click", (event) => {
    const reach = event.originalEvent.pointerType === "touch" ? FINGER : undefined;
    const row = pen.isHeld() ? -1 : points.at(event.containerPoint, reach);
    if (row < 0) return;
    const isChosen = chosen.has(row);
    for (const one of together(row)) isChosen ? chosen.delete(one) : chosen.add(one);
    show();
  });
  lasso.addEventListener("click", () => hold(!pen.isHeld()));
  cells.addEventListener("click", () => {
    cells.setAttribute("aria-pressed", cells.getAttribute("aria-pressed") !== "true");
  });
  form.querySelector("[data-forget]").addEventListener("click", forget);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") [hold(false), forget()];
  });
  show();
  return { renew: () => [listZones(), forget()] };
}
