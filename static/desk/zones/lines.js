/* Lines that zones shall not cross: drawn on the map, kept as rows of text that people can write, too. */
import { penOf } from "../../maps/pen.js";

const COARSE = 3; // pixels that a kept line may be off the one drawn

function start() {
  const tools = document.getElementById("line-tools");
  const rows = document.getElementById(tools.dataset.lines);
  const button = tools.querySelector("[data-draw-line]");
  const said = tools.querySelector("[data-line-said]");
  const [map] = window.fieldMap.maps.keys();
  const shown = L.layerGroup().addTo(map);
  const pen = penOf(map, { name: "drawing", className: "barrier", done: end });

  function hold(isOn) {
    button.setAttribute("aria-pressed", isOn);
    pen.hold(isOn);
    said.textContent = isOn ? said.dataset.drawing : "";
  }

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

  function end(trail) {
    const corners = L.LineUtil.simplify(trail, COARSE).map((point) => map.containerPointToLatLng(point));
    pen.drop();
    hold(false);
    if (corners.length < 2) return;
    const before = rows.value.split("\n").filter((row) => row.trim());
    const written = corners.map(({ lat, lng }) => `${lat.toFixed(6)},${lng.toFixed(6)}`).join(" ");
    rows.value = [...before, `${tools.dataset.lineName} ${before.length + 1}: ${written}`].join("\n");
    said.textContent = said.dataset.drawn;
    show();
  }

  button.addEventListener("click", () => hold(!pen.isHeld()));
  rows.addEventListener("input", show);
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !pen.isHeld()) return;
    pen.drop();
    hold(false);
  });
  show();
}

// The map is made when the document is ready, by a script that was read before this one.
document.addEventListener("DOMContentLoaded", start);
