/* Lines that zones shall not cross: drawn on the map, kept as rows of text that people can write, too. */
const NEAR_STEP = 4; // pixels between two corners while a line is drawn
const COARSE = 3; // pixels that a kept line may be off the one drawn

function start() {
  const tools = document.getElementById("line-tools");
  const rows = document.getElementById(tools.dataset.lines);
  const button = tools.querySelector("[data-draw-line]");
  const said = tools.querySelector("[data-line-said]");
  const [map] = window.fieldMap.maps.keys();
  const shown = L.layerGroup().addTo(map);
  let trail = null; // on the screen, while a line is drawn
  let line = null;

  function hold(isOn) {
    button.setAttribute("aria-pressed", isOn);
    map.dragging[isOn ? "disable" : "enable"]();
    map.getContainer().classList.toggle("drawing", isOn);
    if (isOn) said.textContent = said.dataset.drawing;
  }

  const isDrawing = () => button.getAttribute("aria-pressed") === "true";

  /* What can't be read yet is left out: the form names it when it is sent. */
  function show() {
    shown.clearLayers();
    for (const row of rows.value.split("\n")) {
      const at = row.lastIndexOf(":");
      const corners = row.slice(at + 1).trim().split(/[\s;]+/).map((one) => one.split(",").map(Number));
      if (corners.length < 2 || !corners.every((one) => one.length === 2 && one.every(Number.isFinite))) continue;
      const name = document.createElement("span");
      name.textContent = row.slice(0, Math.max(at, 0)).trim();
      const drawn = L.polyline(corners, { className: "barrier", interactive: false }).addTo(shown);
      if (name.textContent) drawn.bindTooltip(name, { permanent: true, direction: "center", className: "zone-name" });
    }
  }

  function begin(event) {
    if (!isDrawing() || event.originalEvent.button > 0) return;
    trail = [event.containerPoint];
    line?.remove();
    line = L.polyline([event.latlng], { className: "barrier", interactive: false }).addTo(map);
  }

  function go(event) {
    if (!trail || trail.at(-1).distanceTo(event.containerPoint) < NEAR_STEP) return;
    trail.push(event.containerPoint);
    line.addLatLng(event.latlng);
  }

  function drop() {
    trail = null;
    line?.remove();
    line = null;
  }

  function end() {
    if (!trail) return;
    const corners = L.LineUtil.simplify(trail, COARSE).map((point) => map.containerPointToLatLng(point));
    drop();
    hold(false);
    if (corners.length < 2) return;
    const before = rows.value.split("\n").filter((row) => row.trim());
    const written = corners.map(({ lat, lng }) => `${lat.toFixed(6)},${lng.toFixed(6)}`).join(" ");
    rows.value = [...before, `${tools.dataset.lineName} ${before.length + 1}: ${written}`].join("\n");
    said.textContent = said.dataset.drawn;
    show();
  }

  map.on("mousedown", begin);
  map.on("mousemove", go);
  map.on("mouseup", end);
  button.addEventListener("click", () => hold(!isDrawing()));
  rows.addEventListener("input", show);
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !isDrawing()) return;
    drop();
    hold(false);
  });
  show();
}

// The map is made when the document is ready, by a script that was read before this one.
document.addEventListener("DOMContentLoaded", start);
