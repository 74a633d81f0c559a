/* The route on the phone: Leaflet and the day's data, which is in the page. What changes on this
   phone, such as a visit that waits for signal, changes its pin without asking anybody. */
import { breath } from "./breath.js";
import { base, dress, lineAbove, lineEdge, pins, places, suitZoom } from "../maps/field_map.js";
import { listen } from "./outbox/news.js";
import { orderHere } from "./replan/order_here.js";
import { eventsOf } from "./outbox/store.js";
import { visitsIn } from "./outbox/visits.js";

const route = JSON.parse(document.getElementById("route").textContent);
const [minZoom, maxZoom] = route.zooms;
// Tiles that fade in cost a cheap phone a frame of the whole map each time.
const map = L.map("map", { zoomControl: false, fadeAnimation: false, minZoom, maxZoom, center: [0, 0], zoom: minZoom });

/* Stops in the order that was chosen on this phone: numbers go on from those that were made, who was taken
   off the day is gone, and who was added has a pin. */
function inOrder({ day, rows, done, known }) {
  const clientAt = new Map(day.stops.map(({ id, client }) => [id, client]));
  const made = route.stops
    .map((stop) => [stop, done.indexOf(clientAt.get(Number(stop.id))) + 1])
    .filter(([{ state }, nth]) => nth || state === "done")
    .map(([stop, nth]) => ({ ...stop, number: nth || stop.number }));
  const ahead = rows.map(({ client }, n) => {
    const { id, lat, lon, name, address } = known.get(client);
    const there = route.stops.find((stop) => Number(stop.id) === id);
    const pin = there ?? { id: `client-${client}`, lat, lon, label: { title: name, lines: [address] } };
    return { ...pin, number: done.length + n + 1, state: n ? "pending" : "next" };
  });
  return [...made, ...ahead.filter(({ lat }) => lat !== null)];
}

/* Stops as they stand now: with what the server said, and what was written here since. */
async function asTheyStand() {
  const changed = await orderHere(document.body.dataset.user);
  const all = changed ? inOrder(changed) : route.stops;
  const next = all.find(({ state }) => state === "next");
  const button = document.querySelector("[data-map-shows]");
  if (button && next) button.dataset.mapShows = `stop-${next.id}`;
  const visits = visitsIn(await eventsOf(document.body.dataset.user));
  const waiting = new Set(visits.filter(({ isDelivered }) => !isDelivered).map(({ stop_id }) => stop_id));
  return all.map((stop) => {
    if (!waiting.has(Number(stop.id))) return stop;
    const { label } = stop;
    return { ...stop, state: "draft", label: { ...label, lines: [...(label.lines ?? []), route.words.draft] } };
  });
}

const AT_ONCE = 12; // stops that are put on the map between two taps
let shown = ""; // the stops that are drawn: making room for their numbers is dear, and most news change none

async function redraw() {
  const all = await asTheyStand();
  const asked = JSON.stringify(all);
  if (asked === shown) return;
  shown = asked;
  for (let at = 0; at < all.length; at += AT_ONCE) {
    pins(map, all.slice(at, at + AT_ONCE), all.length);
    await breath();
    if (shown !== asked) return; // something newer is drawn meanwhile
  }
  suitZoom(map);
}

async function drawLines() {
  for (const one of route.lines) {
    const points = lineEdge(map, one);
    await breath();
    lineAbove(map, one, points);
    await breath();
  }
}

/* What the collector looks for comes first: the stops; the streets, which are dear to paint, come last. */
async function draw() {
  const box = map.getContainer();
  box.ariaBusy = "true"; // what is fetched for later waits so long (offline/calm.js)
  await breath();
  dress(map, route.manners);
  places(map, route.places);
  await breath();
  await redraw();
  await breath();
  if (!(await orderHere(document.body.dataset.user))) await drawLines();
  await base(map, { ...route.streets, ...box.dataset });
  box.ariaBusy = "false";
}

draw();
listen(redraw); // a visit was saved, sent or taken back, here or in another tab
addEventListener("pageshow", redraw);
new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
