/* What pages put on a map: stops, lines, zones, dots, people. On the desk Python calls these functions
   with data (collector_app/web/maps), on the phone phone/map.js does; every text goes to the page as
   text, never as HTML. */
import { paintCity, showTiles } from "./base_layer.js";
import { spread } from "./spread.js";

const FINE_STEP = 0.25; // of zoom, when a map begins
const FAR_BELOW = 14; // zoom under which marks are drawn smaller
const CROWDED_BELOW = 13; // and as dots, when there are many
const MANY_STOPS = 80;
const FARTHEST = 96; // pixels that a stop is moved to where it covers no other
const LEADERS = "leaders"; // pane between the route and the marks
const maps = new Map(); // Leaflet map: {marks by name, lines to stops that were moved}

function element(tag, className, text) {
  const made = L.DomUtil.create(tag, className);
  if (text !== undefined) made.textContent = text;
  return made;
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const isOurs = (path) => path?.startsWith("/") && !path.startsWith("//");

/* What a popup says: a title, lines, and a link to a page and a picture of ours. */
function card({ title, lines = [], url, link, picture }) {
  const body = element("div", "map-card");
  body.append(element("strong", "", title));
  for (const line of lines) body.append(element("span", "", line));
  if (isOurs(picture)) {
    const whole = element("a", "");
    whole.href = picture;
    whole.append(Object.assign(element("img", ""), { src: picture, alt: title, height: 120 }));
    body.append(whole);
  }
  if (isOurs(url)) {
    const anchor = element("a", "", link);
    anchor.href = url;
    body.append(anchor);
  }
  return body;
}

function bind(layer, label) {
  if (!label) return layer;
  layer.bindPopup(() => card(label), { minWidth: 180, maxWidth: 280 });
  return layer;
}

/* A mark that is there already is changed in place: its popup stays open while news come in. */
function mark(map, key, { lat, lon, label }, kind, text, zIndexOffset = 0, isReached = true) {
  const icon = L.divIcon({
    className: `mark ${kind}`, html: element("span", "", text), iconSize: null, popupAnchor: [0, -10],
  });
  const named = maps.get(map).named;
  const there = named.get(key);
  const marker = there ?? L.marker([lat, lon], { riseOnHover: true, keyboard: isReached });
  marker.setLatLng([lat, lon]).setIcon(icon).setZIndexOffset(zIndexOffset);
  if (there && label) marker.setPopupContent(() => card(label));
  else if (!there) bind(marker, label).addTo(map);
  marker.getElement().setAttribute("aria-label", label ? `${text} ${label.title}`.trim() : text);
  if (!isReached) marker.getElement().setAttribute("role", "img");
  named.set(key, marker);
  return marker;
}

const IN_FRONT = { next: 1000, pending: 500, place: 800, person: 900 };

const MOST_TABBED = 100; // stops; of more the list beside the map is the way without a mouse

function stops(map, all) {
  pins(map, all, all.length);
  suitZoom(map);
}

/* Some of so many stops, where they are: `suitZoom` then sees to it that none covers another. */
function pins(map, some, count) {
  const isReached = count <= MOST_TABBED;
  for (const stop of some) {
    mark(map, `stop-${stop.id}`, stop, `stop ${stop.state}`, String(stop.number), IN_FRONT[stop.state], isReached);
  }
}

function people(map, all) {
  for (const one of all) mark(map, `person-${one.id}`, one, "person", one.initials, IN_FRONT.person);
}

function places(map, all) {
  for (const place of all) mark(map, `place-${place.id}`, place, `place ${place.kind}`, "", IN_FRONT.place);
}

/* A line is drawn twice, a wide edge below and the line above, so that it shows on any ground. */
function line(map, told) {
  const points = lineEdge(map, told);
  lineAbove(map, told, points);
}

function lineEdge(map, { encoded, kind }) {
  const points = decode(encoded);
  L.polyline(points, { className: `line-edge ${kind}`, interactive: false }).addTo(map);
  return points;
}

function lineAbove(map, { kind, label }, points) {
  bind(L.polyline(points, { className: `line ${kind}` }), label).addTo(map);
}

function zones(map, all) {
  for (const zone of all) {
    const shape = L.geoJSON(zone.geometry, {
      style: { color: zone.colour, fillColor: zone.colour, fillOpacity: 0.1, weight: 2.5, className: "zone" },
    });
    bind(shape, zone.label).addTo(map);
    if (zone.label) {
      const name = element("span", "", zone.label.title);
      shape.bindTooltip(name, { permanent: true, direction: "center", className: "zone-name", pane: "shadowPane" });
    }
    maps.get(map).named.set(`zone-${zone.id}`, shape);
  }
  nameWhereThereIsRoom(map);
}

/* Cells of a grid in one colour, stronger where there is more. */
function cells(map, { colour, cells: all }) {
  const drawn = all.map(({ corners, step, label }) =>
    bind(L.polygon(corners, { weight: 1, fillOpacity: 0.06 + 0.14 * step }), label).addTo(map));
  const paint = () => drawn.forEach((one) => one.setStyle({ color: token(colour), fillColor: token(colour) }));
  paint();
  document.addEventListener("themechange", paint);
}

/* Thousands of points: drawn on one canvas, each row [lat, lon, kind, id, title]. */
function dots(map, { rows, kinds, pages, link }) {
  const renderer = L.canvas({ padding: 0.3 });
  const drawn = rows.map(([lat, lon, kind, id, title]) => {
    const dot = L.circleMarker([lat, lon], { renderer, radius: 4.5, weight: 1.25, fillOpacity: 1 });
    const where = pages && `${pages}${id}`;
    bind(dot, title && { title, url: where, link }).addTo(map);
    return [dot, kinds[kind]];
  });
  const paint = () => {
    const edge = token("--map-label-halo");
    for (const [dot, colour] of drawn) {
      dot.setStyle({ color: edge, fillColor: colour.startsWith("--") ? token(colour) : colour });
    }
  };
  paint();
  document.addEventListener("themechange", paint);
}

/* Clients by the hundred thousand; what draws them is fetched only where there are so many. */
async function cloud(map, told) {
  const { cloud: draw } = await import("./cloud.js");
  await draw(map, told);
}

function lines(map, all) {
  for (const one of all) line(map, one);
}

/* Google's encoded polyline, 5 decimals: half the size of numbers in JSON. */
function decode(encoded) {
  const points = [];
  let at = 0;
  let lat = 0;
  let lon = 0;
  const next = () => {
    let value = 0;
    let shift = 0;
    let chunk;
    do {
      chunk = encoded.charCodeAt(at++) - 63;
      value |= (chunk & 31) << shift;
      shift += 5;
    } while (chunk >= 32);
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  while (at < encoded.length) {
    lat += next();
    lon += next();
    points.push([lat / 1e5, lon / 1e5]);
  }
  return points;
}

/* How large marks are, and where: numbers that cover each other say nothing. */
function suitZoom(map) {
  const box = map.getContainer();
  const zoom = map.getZoom();
  box.classList.toggle("far", zoom < FAR_BELOW);
  const isCrowded = box.querySelectorAll(".mark.stop").length > MANY_STOPS && zoom < CROWDED_BELOW;
  box.classList.toggle("crowded", isCrowded);
  giveRoom(map, isCrowded);
  nameWhereThereIsRoom(map);
}

/* Names of zones that would cover one that is shown already are left away; larger zones come first. */
function nameWhereThereIsRoom(map) {
  const names = [...maps.get(map).named]
    .filter(([key, layer]) => key.startsWith("zone-") && layer.getTooltip?.()?.getElement())
    .map(([, layer]) => ({ node: layer.getTooltip().getElement(), size: extent(map, layer.getBounds()) }))
    .sort((one, other) => other.size - one.size);
  const boxes = names.map(({ node }) => node.getBoundingClientRect());
  const shown = [];
  names.forEach(({ node }, n) => {
    const isCovered = shown.some((other) => overlap(boxes[n], other));
    node.classList.toggle("without-room", isCovered);
    if (!isCovered) shown.push(boxes[n]);
  });
}

/* How many pixels wide and high together. */
function extent(map, bounds) {
  const corner = map.latLngToLayerPoint(bounds.getNorthEast()).subtract(map.latLngToLayerPoint(bounds.getSouthWest()));
  return Math.abs(corner.x) + Math.abs(corner.y);
}

function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/* Move stops aside until none covers another or a place, each with a line to where it is; those
   without room become dots. Of two in one spot the next stop stays, then those still to visit. */
function giveRoom(map, isCrowded) {
  const { named, leaders } = maps.get(map);
  leaders.clearLayers();
  const faces = [...named]
    .filter(([name]) => /^(place|stop)-/.test(name))
    .map(([name, marker]) => ({ marker, node: marker.getElement(), isFixed: name.startsWith("place-") }))
    .sort((one, other) => other.isFixed - one.isFixed
      || other.marker.options.zIndexOffset - one.marker.options.zIndexOffset);
  const marks = faces.map(({ marker, node }) => {
    const { x, y } = map.latLngToLayerPoint(marker.getLatLng());
    node.classList.remove("dot");
    return { x, y, radius: node.firstElementChild.offsetWidth / 2 };
  });
  const moves = isCrowded ? [] : spread(marks, FARTHEST);
  const ways = [];
  faces.forEach(({ marker, node, isFixed }, n) => {
    if (isFixed) return;
    const { dx, dy } = moves[n] ?? { dx: 0, dy: 0 };
    const isMoved = dx !== 0 || dy !== 0;
    node.classList.toggle("dot", moves[n] === null);
    node.classList.toggle("moved", isMoved);
    node.style.setProperty("--dx", `${dx}px`);
    node.style.setProperty("--dy", `${dy}px`);
    marker.options.icon.options.popupAnchor = [dx, dy - 10];
    if (isMoved) ways.push([marker.getLatLng(), map.layerPointToLatLng(L.point(marks[n].x + dx, marks[n].y + dy))]);
  });
  if (ways.length) lead(leaders, ways);
}

/* Lines from stops that were moved to their places, and a point at each place, below every number. All lines
   are one path: a path for each is dear to lay out. */
function lead(leaders, ways) {
  const look = { pane: LEADERS, interactive: false, noClip: true, smoothFactor: 0 };
  const ends = ways.map(([from]) => [from, from]); // lines without length, with round ends
  for (const [name, lines] of [["leader", ways], ["leader-edge", ends], ["leader-end", ends]]) {
    L.polyline(lines, { ...look, className: name }).addTo(leaders);
  }
}

function note(map, text) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => element("p", "map-note", text);
  control.addTo(map);
}

/* The streets below everything, or a note that there are none or that some are missing. Returns when what is in
   sight is painted, where a worker does it. */
async function base(map, streets) {
  const lost = () => note(map, streets.missing);
  if (streets.tiles) showTiles(map, streets.tiles, lost);
  else if (streets.url) await paintCity(map, streets, lost, () => note(map, streets.torn));
  else lost();
}

/* Who opens a popup with the keyboard goes on inside it, and comes back to the mark. */
function followKeyboard(map) {
  let from = null;
  map.getContainer().addEventListener("keydown", ({ key, target }) => {
    if (key === "Enter") from = target.closest(".mark");
    if (key === "Escape") map.closePopup();
  });
  map.on("popupopen", ({ popup }) => {
    if (from) popup.getElement().querySelector("a")?.focus();
  });
  map.on("popupclose", () => {
    if (from) from.focus();
    from = null;
  });
}

/* Fill the map with what must be in sight at first; whole steps of zoom could leave half of it empty. */
function showAll(map, bounds) {
  const step = map.options.zoomSnap;
  map.options.zoomSnap = FINE_STEP;
  map.fitBounds(bounds, { padding: [28, 28], maxZoom: 16, animate: false });
  map.options.zoomSnap = step;
}

/* Controls in the page's language, the names that screen readers hear, and where to look first. */
function dress(map, { bounds, words, attribution }) {
  map.createPane(LEADERS);
  maps.set(map, { named: new Map(), leaders: L.layerGroup().addTo(map) });
  map.attributionControl.setPrefix(false);
  const source = element(attribution.url ? "a" : "span", "", attribution.text);
  if (attribution.url) source.href = attribution.url;
  map.attributionControl.addAttribution(source.outerHTML);
  L.control.zoom({ position: "bottomright", zoomInTitle: words.closer, zoomOutTitle: words.further }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (bounds) showAll(map, bounds);
  map.on("zoomend", () => suitZoom(map));
  suitZoom(map);
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close);
  });
  followKeyboard(map);
}

/* Show what an address of ours tells, {stops: [...], people: [...]}: at once, and again whenever the
   page hears that there are news. */
function live(map, { url }) {
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      const news = await answer.json();
      stops(map, news.stops ?? []);
      people(map, news.people ?? []);
    } catch {
      return; // no signal for a moment: the next news ask again
    }
  };
  document.body.addEventListener("news", ask);
  ask();
}

/* A button or link in the list beside the map: data-map-shows="stop-17" opens that popup. */
document.addEventListener("click", (event) => {
  const name = event.target.closest?.("[data-map-shows]")?.dataset.mapShows;
  for (const [map, { named }] of name ? maps : []) {
    const layer = named.get(name);
    if (!layer) continue;
    event.preventDefault();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (layer.getLatLng) map.setView(layer.getLatLng(), Math.max(map.getZoom(), 16), { animate: !still });
    else map.fitBounds(layer.getBounds(), { animate: !still });
    layer.openPopup();
    map.getContainer().scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }
});

// Folium writes its calls into a script that can't import.
window.fieldMap = { maps, nameWhereThereIsRoom, stops, people, places, line, lines, zones, cells, dots, cloud, base, note, dress, live };

export { maps, pins, suitZoom, people, places, lineEdge, lineAbove, base, dress };
