/* Today's list as the collector changed it on this phone; also a copy of the page from hours ago. */
import { orderHere } from "./order_here.js";

const person = document.body.dataset.user;
const changed = document.getElementById("changed");
const stops = document.querySelector("ol.stops");
let clock = null; // dear to make

function hourOf(seconds) {
  clock ??= new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: changed.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return clock.format(seconds * 1000);
}

/* A line for a client whom the office did not plan. */
function added({ client, name, address }) {
  const line = document.getElementById("added").content.firstElementChild.cloneNode(true);
  line.dataset.client = client;
  line.querySelector("a").href = `/phone/cliente/${client}/registrar`;
  line.querySelector(".name").textContent = name;
  line.querySelector("[data-address]").textContent = address;
  return line;
}

/* The card on top speaks of the client who comes first now, whole where the phone has it. */
async function showNext(client, at) {
  if (!document.querySelector(".stop-card")) return;
  const { cardOf } = await import("../day/card.js");
  const other = document.getElementById("next-other").content.cloneNode(true);
  const page = client.id ? `/phone/parada/${client.id}` : `/phone/cliente/${client.client}`;
  const record = `${page}/registrar`;
  const whole = client.id && await cardOf(page, client.id, other.querySelector("p").textContent);
  const card = document.querySelector(".stop-card"); // outbox/list.js may have put another one meanwhile
  if (whole) {
    for (const old of whole.querySelectorAll("[data-ride], [data-arrives]")) old.remove(); // of the office's order
    card.replaceWith(whole);
  } else {
    const link = other.querySelector("a[data-name]");
    link.textContent = client.name;
    link.href = client.id ? page : record;
    other.querySelector("[data-address]").textContent = client.address;
    card.replaceChildren(other);
    card.dataset.stop = client.id ?? "";
  }
  document.querySelector(".stop-card [data-hour]").textContent = hourOf(at);
  document.querySelector(".dock a.primary").href = record;
}

/* The number of a line, as the map counts: who was added beside the route keeps the sign of that. */
function count(line, n) {
  const place = line.querySelector(".position");
  if (place.querySelector(".icon")) return;
  place.replaceChildren(...place.querySelectorAll(".only-spoken"), String(n));
}

/* Put the lines of those still to visit in their order, behind those who are done, and count anew. */
function sort(rows, known, done) {
  const lines = new Map([...stops.children].map((one) => [Number(one.dataset.client), one]));
  const place = stops.querySelector("li:not(.done)")?.previousSibling ?? null;
  const kept = rows.map(({ client, beginsAt }, n) => {
    const line = lines.get(client) ?? added(known.get(client));
    line.classList.toggle("next", n === 0);
    line.querySelector("[data-hour]").textContent = hourOf(beginsAt);
    count(line, done.length + n + 1);
    return line;
  });
  done.forEach((client, n) => { if (lines.has(client)) count(lines.get(client), n + 1); });
  for (const line of stops.querySelectorAll("li:not(.done)")) line.remove();
  if (place) place.after(...kept);
  else stops.prepend(...kept);
}

export async function show() {
  const found = await orderHere(person);
  if (!found || changed.dataset.day !== found.day.day) return;
  const { rows, known, done } = found;
  if (stops && changed.dataset.shown !== "done") sort(rows, known, done);
  if (rows.length) await showNext(known.get(rows[0].client), rows[0].beginsAt);
  changed.hidden = false;
}
