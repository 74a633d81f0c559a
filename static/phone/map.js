/* The route on the phone: Leaflet and the day's data, which is in the page. What changes on this
   phone, such as a visit that waits for signal, changes its pin without asking anybody. */
import { base, dress, line, places, stops } from "../maps/field_map.js";
import { draftsOf } from "./offline/drafts.js";

const route = JSON.parse(document.getElementById("route").textContent);
const [minZoom, maxZoom] = route.zooms;
const map = L.map("map", { zoomControl: false, minZoom, maxZoom, center: [0, 0], zoom: minZoom });

/* Stops as they stand now: with what the server said, and what was written here since. */
function asTheyStand() {
  const waiting = new Set(draftsOf(document.body.dataset.user).map(({ path }) => path));
  return route.stops.map((stop) => {
    if (!waiting.has(route.records[stop.id])) return stop;
    const { label } = stop;
    return { ...stop, state: "draft", label: { ...label, lines: [...(label.lines ?? []), route.words.draft] } };
  });
}

const redraw = () => stops(map, asTheyStand());

dress(map, route.manners);
base(map, route.streets);
for (const one of route.lines) line(map, one);
places(map, route.places);
redraw();
addEventListener("storage", redraw); // another tab wrote or sent a visit
addEventListener("pageshow", redraw);
new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
