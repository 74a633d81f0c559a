/* The route on the phone: Leaflet and the day's data, which is in the page. What changes on this
   phone, such as a visit that waits for signal, changes its pin without asking anybody. */
import { base, dress, line, places, stops } from "../maps/field_map.js";
import { listen } from "./outbox/news.js";
import { eventsOf } from "./outbox/store.js";
import { visitsIn } from "./outbox/visits.js";

const route = JSON.parse(document.getElementById("route").textContent);
const [minZoom, maxZoom] = route.zooms;
const map = L.map("map", { zoomControl: false, minZoom, maxZoom, center: [0, 0], zoom: minZoom });

/* Stops as they stand now: with what the server said, and what was written here since. */
async function asTheyStand() {
  const visits = visitsIn(await eventsOf(document.body.dataset.user));
  const waiting = new Set(visits.filter(({ isDelivered }) => !isDelivered).map(({ stop_id }) => stop_id));
  return route.stops.map((stop) => {
    if (!waiting.has(Number(stop.id))) return stop;
    const { label } = stop;
    return { ...stop, state: "draft", label: { ...label, lines: [...(label.lines ?? []), route.words.draft] } };
  });
}

const redraw = async () => stops(map, await asTheyStand());

dress(map, route.manners);
base(map, route.streets);
for (const one of route.lines) line(map, one);
places(map, route.places);
redraw();
listen(redraw); // a visit was saved, sent or taken back, here or in another tab
addEventListener("pageshow", redraw);
new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
