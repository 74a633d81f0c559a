/* The streets below everything: one .pmtiles file of the city, or tiles of a server that the
   settings name. */
const MOST_PIXELS_PER_POINT = 2; // canvases of three times the size cost cheap phones too much
const COLOURS = [
  "ground", "water", "green", "area", "building", "street", "street-edge", "street-far", "main", "main-edge", "label",
  "label-halo",
];

/* The colours of the theme, by name. */
function tokens() {
  const told = getComputedStyle(document.documentElement);
  return Object.fromEntries(COLOURS.map((name) => [name, told.getPropertyValue(`--map-${name}`).trim()]));
}

function load(library) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: library, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

/* Paint the file of the city, again whenever the theme changes; `lost` is called when it can't be read, `torn` when
   only a part of it can. Where a page names a `painter`, a worker does it, and the page needs no `library`; then this
   returns when all that is in sight is painted. */
export async function paintCity(map, streets, lost, torn) {
  const ratio = Math.min(devicePixelRatio, MOST_PIXELS_PER_POINT);
  const hasHelp = streets.painter && "transferControlToOffscreen" in HTMLCanvasElement.prototype;
  try {
    if (!hasHelp && !globalThis.protomapsL) await load(streets.library);
    const { show } = await import(hasHelp ? "./worker_layer.js" : "./page_layer.js");
    await show(map, streets, tokens, ratio, lost, torn);
  } catch {
    lost();
  }
}

/* Show the pictures of a tile server; `lost` is called once when one of them does not come. */
export function showTiles(map, tiles, lost) {
  const layer = L.tileLayer(tiles, { maxZoom: map.getMaxZoom(), detectRetina: false });
  layer.once("tileerror", lost);
  layer.addTo(map);
}
