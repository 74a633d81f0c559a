/* Today's list as it stands on this phone: what was recorded here is done, with one tick while it is on
   the phone and two when the office has it; the next stop is the first that nobody visited. */
import { shownSums } from "../visit/read_back.js";
import { listen } from "./news.js";
import { eventsOf } from "./store.js";
import { stopsUndone, visitsIn } from "./visits.js";

const person = document.body.dataset.user;
const list = document.querySelector("[data-order]");
const marks = document.getElementById("marks").content;
const dock = document.querySelector(".dock .primary");

const stopsOf = (text) => (text ?? "").split(" ").filter(Boolean).map(Number);
const order = stopsOf(list?.dataset.order); // of the whole route
const doneThere = new Set(stopsOf(list?.dataset.done)); // as the office said when the page was made
let isProgressOld = false; // whether what the page came with was ever not all; writing sums is dear at first
let clock = null; // dear to make, and of no use before the first visit

function hourOf(at) {
  clock ??= new Intl.DateTimeFormat("es-MX", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return clock.format(new Date(at));
}

function mark(visit) {
  const row = document.querySelector(`.stops [data-stop="${visit.stop_id}"]`);
  if (!row) return;
  row.classList.add("done");
  row.classList.remove("next");
  const result = row.querySelector(".result");
  result.replaceChildren(...marks.querySelector(".result").cloneNode(true).childNodes);
  result.querySelector(".badge").textContent = visit.outcome;
  result.querySelector(".hour").textContent = hourOf(visit.at);
  result.querySelector(".ticks").replaceChildren(
    marks.querySelector(visit.isDelivered ? "[data-ticks=two]" : "[data-ticks=one]").cloneNode(true),
  );
}

async function markUndone(stop) {
  const { takeBack } = await import("./undone.js"); // hardly ever
  await takeBack(stop, pathOf(stop), order, () => cardOf(stop), marks.querySelector("[data-undone]"));
}

function progress(done, onlyHere) {
  const bar = document.querySelector(".progress progress");
  bar.value = done.size;
  bar.closest(".progress").querySelector(".number").textContent = list.dataset.words
    .replace("{done}", done.size).replace("{total}", order.length);
  const sums = JSON.parse(list.dataset.collected);
  for (const { collected_cents: cents, currency = "MXN" } of onlyHere) sums[currency] = (sums[currency] ?? 0) + cents;
  document.getElementById("collected").textContent = shownSums(sums);
}

const pathOf = (stop) => list.dataset.path.replace("/0", `/${stop}`);
const wordsOf = (stop) => list.dataset.next.replace("{n}", order.indexOf(stop) + 1).replace("{total}", order.length);
const cardOf = async (stop) => (await import("../day/card.js")).cardOf(pathOf(stop), stop, wordsOf(stop)); // once a visit

const isReordered = () => document.getElementById("changed")?.hidden === false; // replan/chosen_list.js shows the next stop then

async function showNext(next) {
  let card = document.querySelector(".stop-card, [data-finished]");
  if (isReordered() || next === Number(card?.dataset.stop)) return;
  if (next === undefined) {
    card?.replaceWith(marks.querySelector("[data-finished]").cloneNode(true));
    dock?.remove();
    return;
  }
  const path = pathOf(next);
  if (dock) dock.href = `${path}/registrar`;
  const fresh = await cardOf(next);
  if (isReordered()) return; // meanwhile
  card = document.querySelector(".stop-card, [data-finished]");
  if (fresh) {
    card?.replaceWith(fresh);
  } else if (card) {
    const row = document.querySelector(`.stops [data-stop="${next}"]`);
    const link = document.createElement("a");
    link.href = path;
    link.textContent = row?.querySelector(".name").textContent ?? wordsOf(next);
    card.querySelector(".name").replaceChildren(link);
    const address = row?.querySelector(".name ~ .soft")?.cloneNode(true);
    card.replaceChildren(card.querySelector(".name"), ...(address ? [address] : []));
    card.dataset.stop = next;
  }
  document.querySelector(`.stops [data-stop="${next}"]`)?.classList.add("next");
}

async function asItStands() {
  const events = await eventsOf(person);
  const here = visitsIn(events).filter(({ stop_id }) => order.includes(stop_id));
  const undone = stopsUndone(events);
  const done = new Set([...doneThere].filter((stop) => !undone.has(stop)));
  const onlyHere = here.filter(({ stop_id }) => !doneThere.has(stop_id));
  for (const visit of here) {
    done.add(visit.stop_id);
    mark(visit);
  }
  for (const stop of undone) await markUndone(stop);
  isProgressOld ||= onlyHere.length > 0 || undone.size > 0;
  if (isProgressOld) progress(done, onlyHere);
  await showNext(order.find((stop) => !done.has(stop)));
}

if (sessionStorage.getItem("saved")) import("./undo.js"); // back from a form
if (list) {
  if (document.documentElement.dataset.copiedAt) import("../day/filter.js");
  asItStands();
  listen(asItStands);
}
