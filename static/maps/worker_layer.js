/* The streets as a layer of Leaflet whose tiles a worker paints (painter.js). */
const SIDE = 256; // of a tile, in pixels of the page

/* Show the layer of {url, painter: address of the worker}. `tokens` tells the colours of the theme; `lost` is
   called when the file can't be read, `torn` when only a part of it can. Returns when all that is in sight is painted,
   or nothing will be. */
export function show(map, { url, painter }, tokens, ratio, lost, torn) {
  const worker = new Worker(painter);
  const waiting = new Map(); // what is called when a tile is painted, by its number
  const side = SIDE * ratio;
  let last = 0;

  const Tiles = L.GridLayer.extend({
    createTile({ x, y, z }, done) {
      const tile = L.DomUtil.create("canvas", "leaflet-tile");
      const id = last += 1;
      tile.dataset.tile = id;
      waiting.set(id, () => done(null, tile));
      setTimeout(() => { // a screen of tiles at once would hold up taps
        if (!waiting.has(id)) return; // out of sight meanwhile
        tile.width = tile.height = side;
        const canvas = tile.transferControlToOffscreen();
        worker.postMessage({ tile: { id, x, y, z, canvas, side } }, [canvas]);
      });
      return tile;
    },
  });
  const layer = new Tiles({ attribution: "" });
  layer.on("tileunload", ({ tile }) => {
    waiting.delete(Number(tile.dataset.tile));
    worker.postMessage({ drop: Number(tile.dataset.tile) });
  });

  const painted = new Promise((done) => {
    layer.once("load", done);
    worker.addEventListener("error", done);
    worker.addEventListener("message", ({ data }) => data.lost && done());
  });
  worker.addEventListener("error", lost);
  worker.addEventListener("message", ({ data }) => {
    if (data.here) worker.postMessage({ open: url });
    else if (data.lost) lost();
    else if (data.torn) torn();
    else if (data.painted) {
      waiting.get(data.painted)?.();
      waiting.delete(data.painted);
    } else if (data.zoom) {
      worker.postMessage({ colours: tokens() });
      layer.addTo(map);
      document.addEventListener("themechange", () => {
        worker.postMessage({ colours: tokens() });
        layer.redraw();
      });
    }
  });
  return painted;
}
