/* The streets below everything: one .pmtiles file of the city, or tiles of a server that the
   settings name. */
import { labelRules, paintRules } from "./style.js";

const MOST_PIXELS_PER_POINT = 2; // canvases of three times the size cost cheap phones too much

function colours() {
  const tokens = getComputedStyle(document.documentElement);
  return (name) => tokens.getPropertyValue(`--map-${name}`).trim();
}

/* Call `torn` once when a part of the file can't be read; one that nobody waits for any more can. */
function watchParts(file, torn) {
  const read = file.getZxy.bind(file);
  let tell = torn;
  file.getZxy = async (...what) => {
    try {
      return await read(...what);
    } catch (error) {
      if (error?.name !== "AbortError") {
        tell();
        tell = () => {};
      }
      throw error;
    }
  };
}

/* Paint the file of the city, again whenever the theme changes; `lost` is called when it can't be
   read, `torn` when only a part of it can. */
export function paintCity(map, url, lost, torn) {
  const { p: file } = new protomapsL.PmtilesSource(url, true);
  watchParts(file, torn);
  let layer;
  const draw = (header) => {
    const colour = colours();
    layer?.remove();
    layer = protomapsL.leafletLayer({
      url: file,
      attribution: "",
      maxDataZoom: header.maxZoom,
      devicePixelRatio: Math.min(devicePixelRatio, MOST_PIXELS_PER_POINT),
      backgroundColor: colour("ground"), // or tiles of the zoom before shine through
      paintRules: paintRules(colour),
      labelRules: labelRules(colour),
      lang: document.documentElement.lang,
    }).addTo(map);
  };
  file.getHeader().then((header) => {
    draw(header);
    document.addEventListener("themechange", () => draw(header));
  }, lost);
}

/* Show the pictures of a tile server; `lost` is called once when one of them does not come. */
export function showTiles(map, tiles, lost) {
  const layer = L.tileLayer(tiles, { maxZoom: map.getMaxZoom(), detectRetina: false });
  layer.once("tileerror", lost);
  layer.addTo(map);
}
