/* Paints the streets of the city in a worker: painting is dear, and the page hears taps meanwhile.

   Its page (worker_layer.js) sends {open: address of the file}, {colours: {name: colour}}, {tile: {id, x, y, z,
   canvas, side}} and {drop: id}; it says {here} once it listens, {zoom: the finest of the file}, {painted: id},
   {lost} and {torn}. */
import { cityFile } from "./city_file.js";
import { labelRules, paintRules } from "./style.js";

const SIDE = 256; // of a tile, in pixels of the page
const EDGE = 16; // pixels beyond it whose streets and names reach into it
const LABELLED = 16; // tiles whose names are remembered
const SOURCE = ""; // the library's name for the only file
const COARSER = 1; // zooms by which the file's tiles are coarser than those of the page

const tiles = new Map(); // those that the page shows or waits for, by number
let view = null;
let colours = {};
let rules = [];
let labelers = null;

async function open(url) {
  const file = cityFile(url, () => postMessage({ torn: true }));
  try {
    const { maxZoom } = await file.getHeader();
    // What is asked for is never given up when the zoom changes: who comes back would find a hole.
    const source = new protomapsL.PmtilesSource(file, false);
    view = new protomapsL.View(new protomapsL.TileCache(source, SIDE << COARSER), maxZoom, COARSER);
    postMessage({ zoom: maxZoom });
  } catch {
    postMessage({ lost: true });
  }
}

/* Names that reach over the edge of a tile are written on its neighbours, too, which may be painted already. */
function again(keys) {
  for (const [id, { x, y, z, isPainted }] of tiles) {
    if (isPainted && keys.has(`${x}:${y}:${z}`)) paint(id);
  }
}

function dress(all) {
  colours = all;
  const colour = (name) => colours[name];
  rules = paintRules(colour);
  const scratch = new OffscreenCanvas(1, 1).getContext("2d"); // where names are measured
  labelers = new protomapsL.Labelers(scratch, labelRules(colour), LABELLED, again);
}

async function paint(id) {
  const { x, y, z, canvas, side } = tiles.get(id);
  const parts = await view.getDisplayTile({ x, y, z }).then((part) => new Map([[SOURCE, [part]]]), () => new Map());
  if (!tiles.has(id)) return; // it left the screen meanwhile
  labelers.add(z, parts);
  const pen = canvas.getContext("2d");
  pen.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
  pen.fillStyle = colours.ground; // or tiles of the zoom before shine through
  pen.fillRect(0, 0, SIDE, SIDE);
  const [west, north] = [SIDE * x, SIDE * y];
  const around = { minX: west - EDGE, minY: north - EDGE, maxX: west + SIDE + EDGE, maxY: north + SIDE + EDGE };
  protomapsL.paint(pen, z, parts, labelers.getIndex(z), rules, around, { x: west, y: north }, false);
  tiles.get(id).isPainted = true;
  postMessage({ painted: id });
}

/* Hear the page; who calls this has loaded the library. */
export function start() {
  self.addEventListener("message", ({ data }) => {
    if (data.open) open(data.open);
    else if (data.colours) dress(data.colours);
    else if (data.drop) tiles.delete(data.drop);
    else if (data.tile) {
      tiles.set(data.tile.id, data.tile);
      paint(data.tile.id);
    }
  });
  postMessage({ here: true });
}
