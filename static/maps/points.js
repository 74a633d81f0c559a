/* Tens of thousands of clients on one canvas: drawn by colour, found by a grid, no object for each. */
const RADIUS = 3.5; // pixels
const REACH = 9; // pixels around the pointer in which a client is found
const TALLY = 64; // pixels of a grid cell

export const Points = L.Layer.extend({
  initialize({ lats, lons, radius = RADIUS }) {
    this._radius = radius;
    this._lats = lats;
    this._lons = lons;
    this._colours = null;
    this._chosen = new Set();
  },

  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide studio-points");
    this._canvas.setAttribute("aria-hidden", "true"); // the table says the same
    map.getPanes().overlayPane.append(this._canvas);
    map.on("moveend resize", this._draw, this);
    this._draw();
  },

  onRemove(map) {
    map.off("moveend resize", this._draw, this);
    this._canvas.remove();
  },

  /* A colour for each row; drawn again at once. */
  paint(colours) {
    this._colours = colours;
    this._draw();
  },

  choose(rows) {
    this._chosen = new Set(rows);
    this._draw();
  },

  /* The row of the client nearest to a place on the screen, or -1; `within` pixels, at most those of a grid cell. */
  at(point, within = REACH) {
    let best = -1;
    let reach = within;
    const [gx, gy] = [Math.floor(point.x / TALLY), Math.floor(point.y / TALLY)];
    for (let x = gx - 1; x <= gx + 1; x += 1) {
      for (let y = gy - 1; y <= gy + 1; y += 1) {
        for (const row of this._grid.get(`${x} ${y}`) ?? []) {
          const far = Math.hypot(this._xs[row] - point.x, this._ys[row] - point.y);
          if (far <= reach) [best, reach] = [row, far];
        }
      }
    }
    return best;
  },

  /* The rows whose places lie inside a ring of [lat, lon], by the even-odd rule. */
  inside(ring) {
    const rows = [];
    for (let row = 0; row < this._lats.length; row += 1) {
      if (isInside(this._lats[row], this._lons[row], ring)) rows.push(row);
    }
    return rows;
  },

  _draw() {
    const map = this._map;
    if (!map || !this._colours) return;
    const size = map.getSize();
    const dense = window.devicePixelRatio || 1;
    const canvas = this._canvas;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    canvas.width = size.x * dense;
    canvas.height = size.y * dense;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const paint = canvas.getContext("2d");
    paint.scale(dense, dense);
    this._place(size);
    for (const [colour, rows] of this._visible) this._fill(paint, colour, rows);
    this._ringChosen(paint);
  },

  /* Where each client is on the screen, which are in sight by colour, and the grid to find them. */
  _place(size) {
    const count = this._lats.length;
    const radius = this._radius;
    const [xs, ys] = [new Float32Array(count), new Float32Array(count)];
    const [visible, grid] = [new Map(), new Map()];
    const into = (groups, key, row) => {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(row);
    };
    for (let row = 0; row < count; row += 1) {
      const { x, y } = this._map.latLngToContainerPoint([this._lats[row], this._lons[row]]);
      xs[row] = x;
      ys[row] = y;
      if (x < -radius || y < -radius || x > size.x + radius || y > size.y + radius) continue;
      into(visible, this._colours[row], row);
      into(grid, `${Math.floor(x / TALLY)} ${Math.floor(y / TALLY)}`, row);
    }
    Object.assign(this, { _xs: xs, _ys: ys, _visible: visible, _grid: grid });
  },

  _fill(paint, colour, rows) {
    paint.fillStyle = colour;
    paint.beginPath();
    for (const row of rows) {
      paint.moveTo(this._xs[row] + this._radius, this._ys[row]);
      paint.arc(this._xs[row], this._ys[row], this._radius, 0, 2 * Math.PI);
    }
    paint.fill();
  },

  _ringChosen(paint) {
    const tokens = getComputedStyle(document.documentElement);
    paint.strokeStyle = tokens.getPropertyValue("--ink");
    paint.lineWidth = 2;
    paint.beginPath();
    for (const row of this._chosen) {
      paint.moveTo(this._xs[row] + this._radius + 2, this._ys[row]);
      paint.arc(this._xs[row], this._ys[row], this._radius + 2, 0, 2 * Math.PI);
    }
    paint.stroke();
  },
});

function isInside(lat, lon, ring) {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [y, x] = ring[at];
    const [py, px] = ring[before];
    if (y > lat !== py > lat && lon < ((px - x) * (lat - y)) / (py - y) + x) inside = !inside;
  }
  return inside;
}
