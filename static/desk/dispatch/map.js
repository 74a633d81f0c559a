/* The routes of the board on the map, drawn again whenever there is a new version. */

let shown = null;

export async function drawBoard() {
  const { maps, line, stops } = window.fieldMap;
  const [map] = maps.keys();
  const version = document.getElementById("board").dataset.version;
  if (!map || version === shown) return;
  const url = `${document.querySelector("[data-map-url]").dataset.mapUrl}?version=${version}`;
  const got = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!got.ok) return;
  const news = await got.json();
  if (news.version < Number(shown ?? 0)) return; // an older answer came late
  shown = String(news.version);
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
