/* Finds room for marks that would cover one another. Pixels in, pixels out; no map, no page. */
const GAP = 2; // pixels between two marks
const RING = 6; // pixels from one ring of places to the next
const ARC = 8; // pixels between two places on a ring

/* Places around a point, the nearest first; the same for every mark, so made once. */
function placesWithin(limit) {
  const places = [[0, 0]];
  for (let ring = RING; ring <= limit; ring += RING) {
    const count = Math.ceil((2 * Math.PI * ring) / ARC);
    for (let n = 0; n < count; n += 1) {
      const angle = -Math.PI / 2 + (2 * Math.PI * n) / count; // upward first
      places.push([ring * Math.cos(angle), ring * Math.sin(angle)]);
    }
  }
  return places;
}

/* Return for each mark how far to move it, {dx, dy}, or null where there is no room.

   `marks` are {x, y, radius} in order of importance: the first stay where they are. A mark moves at
   most `limit` pixels, so that its line back to the place it stands for stays short. */
export function spread(marks, limit) {
  const widest = Math.max(0, ...marks.map(({ radius }) => radius));
  const size = 2 * widest + GAP; // of a cell: only marks in the nine cells around can be touched
  const cells = new Map();
  const cellOf = (x, y) => [Math.floor(x / size), Math.floor(y / size)];
  const isFree = (x, y, radius) => {
    const [column, row] = cellOf(x, y);
    for (let c = column - 1; c <= column + 1; c += 1) {
      for (let r = row - 1; r <= row + 1; r += 1) {
        for (const other of cells.get(`${c},${r}`) ?? []) {
          if (Math.hypot(other.x - x, other.y - y) < other.radius + radius + GAP) return false;
        }
      }
    }
    return true;
  };
  const places = placesWithin(limit);
  return marks.map(({ x, y, radius }) => {
    const free = places.find(([dx, dy]) => isFree(x + dx, y + dy, radius));
    if (!free) return null;
    const [dx, dy] = free;
    const key = cellOf(x + dx, y + dy).join();
    cells.set(key, [...(cells.get(key) ?? []), { x: x + dx, y: y + dy, radius }]);
    return { dx, dy };
  });
}
