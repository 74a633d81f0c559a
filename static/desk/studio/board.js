/* The zones and clients of a draft on the map, drawn again whenever the panel has a new version. */
import { Points } from "../../maps/points.js";

const FILL = 0.12;
const WIDTH = 2.5;

/* Everything the tools need: the map, its clients by row, the zones as they are now. */
export async function openBoard(map, { placesUrl, stateUrl }) {
  const places = await answer(placesUrl);
  const points = new Points(places).addTo(map);
  const shapes = L.layerGroup().addTo(map);
  const board = { map, places, points, zones: [], zoneOf: [], refresh, colourOf };

  function colourOf(key) {
    const zone = board.zones.find((one) => one.key === key);
    return zone ? zone.colour : getComputedStyle(document.documentElement).getPropertyValue("--ink-soft");
  }

  function repaint() {
    const colours = new Map(board.zones.map((zone) => [zone.key, zone.colour]));
    const none = colourOf(undefined);
    points.paint(board.zoneOf.map((key) => colours.get(key) ?? none));
  }

  async function refresh(version) {
    const now = await answer(`${stateUrl}?version=${version}`);
    if (now.version < (board.version ?? 0)) return; // an older answer came late
    Object.assign(board, { version: now.version, zones: now.zones, zoneOf: now.zone_of });
    drawShapes();
    repaint();
    map.getContainer().dataset.version = now.version;
  }

  function drawShapes() {
    const { named } = window.fieldMap.maps.get(map);
    for (const name of [...named.keys()].filter((one) => one.startsWith("zone-"))) named.delete(name);
    shapes.clearLayers();
    for (const zone of board.zones.filter((one) => one.outline)) {
      const shape = L.geoJSON(zone.outline, {
        style: {
          color: zone.colour, fillColor: zone.colour, fillOpacity: FILL, weight: WIDTH,
          dashArray: zone.is_locked ? "2 6" : null, className: "zone",
        },
      }).addTo(shapes);
      const name = document.createElement("span");
      name.textContent = zone.name.split(" · ")[0];
      shape.bindTooltip(name, { permanent: true, direction: "center", className: "zone-name", pane: "shadowPane" });
      shape.on("click", (event) => board.onZone?.(zone, event));
      named.set(`zone-${zone.key}`, shape);
    }
    window.fieldMap.nameWhereThereIsRoom(map);
  }

  document.addEventListener("themechange", repaint);
  return board;
}

async function answer(url) {
  const got = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!got.ok) throw new Error(`${url}: ${got.status}`);
  return got.json();
}
