/* The streets as a layer that the page paints itself: on desks, and on phones whose browser leaves that to no worker. */
import { cityFile } from "./city_file.js";
import { labelRules, paintRules } from "./style.js";

/* Show the layer of {url}; see worker_layer.js for the rest. */
export function show(map, { url }, tokens, ratio, lost, torn) {
  const file = cityFile(url, torn);
  let layer;
  const draw = (header) => {
    const colours = tokens();
    const colour = (name) => colours[name];
    layer?.remove();
    layer = protomapsL.leafletLayer({
      url: file,
      attribution: "",
      maxDataZoom: header.maxZoom,
      devicePixelRatio: ratio,
      backgroundColor: colours.ground, // or tiles of the zoom before shine through
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
