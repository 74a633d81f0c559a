/* The routes of the board on the map, drawn again with each new version and each lane that opens. */

let shown = null;
let shownLanes = null;

export async function drawBoard() {
  const { maps, line, stops } = window.fieldMap;
  const [map] = maps.keys();
  const { version, lanes = "" } = document.getElementById("board").dataset;
  if (!map || (version === shown && lanes === shownLanes)) return;
  const query = new URLSearchParams(lanes.split(" ").filter(Boolean).map((who) => ["gestor", who]));
  query.set("version", version);
  const url = `${document.querySelector("[data-map-url]").dataset.mapUrl}?${query}`;
  const got = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!got.ok) return;
  const news = await got.json();
  if (news.version < Number(shown ?? 0)) return; // an older answer came late
  shown = String(news.version);
  shownLanes = lanes;
  clear(map, maps.get(map).named, new Set(news.stops.map((one) => `stop-${one.id}`)));
  for (const one of news.lines) line(map, one);
  stops(map, news.stops);
  map.getContainer().dataset.version = shown;
}

function clear(map, named, kept) {
  const lines = [];
  map.eachLayer((layer) => {
    if (/^line/.test(layer.options?.className ?? "")) lines.push(layer);
  });
  for (const one of lines) one.remove();
  for (const [name, marker] of [...named]) {
    if (!name.startsWith("stop-") || kept.has(name)) continue;
    marker.remove();
    named.delete(name);
  }
}
