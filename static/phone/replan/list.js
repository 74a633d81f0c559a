/* Today's list as the collector changed it on this phone; also a copy of the page from hours ago. */
import { changesOf } from "./memory.js";

const person = document.body.dataset.user;
const changed = document.getElementById("changed");
const stops = document.querySelector("ol.stops");
const hour = new Intl.DateTimeFormat(document.documentElement.lang, {
  timeZone: changed.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

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
  document.querySelector(".stop-card [data-hour]").textContent = hour.format(at * 1000);
  document.querySelector(".dock a.primary").href = record;
}

/* Put the lines of those still to visit in their order, behind those who are done. */
function sort(rows, known) {
  const lines = new Map([...stops.children].map((one) => [Number(one.dataset.client), one]));
  const place = stops.querySelector("li:not(.done)")?.previousSibling ?? null;
  const kept = rows.map(({ client, beginsAt }, n) => {
    const line = lines.get(client) ?? added(known.get(client));
    line.classList.toggle("next", n === 0);
    line.querySelector("[data-hour]").textContent = hour.format(beginsAt * 1000);
    return line;
  });
  for (const line of stops.querySelectorAll("li:not(.done)")) line.remove();
  if (place) place.after(...kept);
  else stops.prepend(...kept);
}

async function show() {
  if (!changesOf(person)) return;
  const { orderHere } = await import("./order_here.js"); // most days keep the office's order
  const found = await orderHere(person);
  if (!found || changed.dataset.day !== found.day.day) return;
  const { rows, known } = found;
  if (stops && changed.dataset.shown !== "done") sort(rows, known);
  if (rows.length) await showNext(known.get(rows[0].client), rows[0].beginsAt);
  changed.hidden = false;
}

show();
addEventListener("daypackage", show);
