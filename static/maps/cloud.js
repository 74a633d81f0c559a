/* Clients by the hundred thousand: columns of numbers, asked for once the page is there. */
import { Points } from "./points.js";

const STEPS_PER_DEGREE = 1e5;
const NO_ZONE = 0xffff;
const RADII = [[20000, 2], [5000, 2.75]]; // pixels, with more clients than so many

/* What zones/queries/dots.py writes: counts, zones, latitudes, longitudes, which zone is whose. */
function columns(buffer) {
  const [zoneCount, count] = new Uint32Array(buffer, 0, 2);
  const at = 8 + 4 * zoneCount;
  const zones = new Uint32Array(buffer, 8, zoneCount);
  const degrees = (from) => Float64Array.from(new Int32Array(buffer, from, count), (step) => step / STEPS_PER_DEGREE);
  return {
    zones,
    lats: degrees(at),
    lons: degrees(at + 4 * count),
    zoneOf: new Uint16Array(buffer, at + 8 * count, count),
  };
}

export async function cloud(map, { url, colours, other }) {
  const got = await fetch(url, { redirect: "error" });
  if (!got.ok) throw new Error(`${url}: ${got.status}`);
  const { zones, lats, lons, zoneOf } = columns(await got.arrayBuffer());
  const [, radius] = RADII.find(([most]) => lats.length > most) ?? [];
  const points = new Points({ lats, lons, radius }).addTo(map);
  const paint = () => {
    const none = getComputedStyle(document.documentElement).getPropertyValue(other);
    const colourOf = Array.from(zones, (zone) => colours[zone] ?? none);
    points.paint(Array.from(zoneOf, (zone) => (zone === NO_ZONE ? none : colourOf[zone])));
    map.getContainer().dataset.clients = lats.length;
  };
  paint();
  document.addEventListener("themechange", paint);
}
