/* The list of turns in the order chosen on this phone. Rides that the office planned keep their turns; those
   of a new order need the streets, which the office has: with signal it is asked, without the phone tells how long
   the ride takes, and from where. */
import { orderHere } from "./order_here.js";
import { ridesOf } from "./rides.js";

const note = document.getElementById("changed");
const shape = document.getElementById("ride");
const words = shape?.dataset;

const legsHere = () => new Map([...document.querySelectorAll(".leg")].map((leg) => [leg.dataset.client, leg]));

/* The ride of somebody whom the office did not plan, or who comes from another door than it thought. */
function legOf({ from, to, seconds }, known, stopLeft) {
  const leg = shape.content.firstElementChild.cloneNode(true);
  const [client, origin] = [known.get(to), known.get(from)];
  leg.querySelector(".name").textContent = client?.name ?? words.back;
  leg.querySelector("[data-minutes]").textContent = seconds === null ? words.noWay : `${Math.round(seconds / 60)} min`;
  leg.querySelector("[data-origin]").textContent = origin ? words.door.replace("{name}", origin.name) : words.start;
  leg.querySelector("[data-place]").textContent = client?.address ?? "";
  const link = leg.querySelector("a");
  link.hidden = !stopLeft;
  if (stopLeft) link.href = stopLeft;
  return leg;
}

/* Ask the office for the turns from the door that is left. */
async function fill(leg, path, { lat, lon }) {
  const answer = await fetch(`${path}?${new URLSearchParams({ desde: `${lat},${lon}` })}`, { redirect: "error" });
  const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const turns = page && page.querySelector("ol.turns");
  if (!turns) return;
  leg.querySelector("[data-without]").remove();
  leg.append(document.importNode(turns, true));
}

async function show() {
  const found = await orderHere(document.body.dataset.user);
  if (!found) return;
  note.hidden = false;
  const before = legsHere();
  const after = ridesOf(found).map((ride) => {
    const planned = before.get(String(ride.to ?? ""));
    if (planned?.dataset.from === String(ride.from ?? "")) return planned;
    const client = found.known.get(ride.to);
    const path = client?.id ? note.dataset.path.replace("/0/", `/${client.id}/`) : null;
    const leg = legOf(ride, found.known, path);
    const origin = found.known.get(ride.from);
    if (path && origin?.lat && navigator.onLine) fill(leg, path, origin).catch(() => {}); // no signal after all
    return leg;
  });
  for (const leg of before.values()) leg.remove();
  note.after(...after);
  after.forEach((leg, n) => {
    leg.open = n === 0;
    const number = leg.querySelector(".position");
    if (n < found.rows.length) number.lastChild.textContent = n + 1;
    else number.replaceChildren(before.get("").querySelector(".position .icon").cloneNode(true)); // home
  });
}

if (note && shape) await show();
