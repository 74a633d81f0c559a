/* The page on which a collector changes the day: by hand, or with the phone ordering what is left. */
import { breath } from "../breath.js";
import { officeNow, packageHere } from "../day/package.js";
import { dayAt } from "../law/judge.js";
import { plain } from "../law/words.js";
import { shownMoney } from "../visit/read_back.js";
import { belonging, clientsLeft, doneOf, eventBody, moved, reordered, shown } from "./changes.js";
import { changesOf, keepChanges } from "./memory.js";
import { visitsHere } from "./made.js";
import { tell } from "./tell.js";

const person = document.body.dataset.user;
const root = document.getElementById("change");
const words = root.dataset;
const list = document.getElementById("order");
const said = document.getElementById("said");
const search = document.getElementById("words");
const ROWS_OF_A_SCREEN = 8;
const WORTH_A_SEARCH = 4; // who are fewer are seen at once

let [pack, day, changes] = [null, null, null];
let visits = []; // made on this phone, that the package does not know
let drawing = 0; // counts what was drawn: what comes behind it ends with it
const before = []; // to undo: what stood before each change

let hour = null; // what writes hours is dear to make
const hourOf = (at) => {
  hour ??= new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: words.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return hour.format(at * 1000);
};
const done = () => doneOf(day, visits);
const order = () => shown(day, changes, done(), officeNow(pack)).rows.map(({ client }) => client);

/* A copy of a template that speaks of a client. */
function copyOf(id, { name, address, client }) {
  const one = document.getElementById(id).content.firstElementChild.cloneNode(true);
  one.dataset.client = client;
  one.querySelector("[data-name]").textContent = name;
  one.querySelector("[data-address]").textContent = address;
  for (const text of one.querySelectorAll(".only-spoken")) text.textContent = text.textContent.replace("{name}", name);
  return one;
}

function rowOf(row, client, ends) {
  const one = copyOf("row", client);
  one.querySelector("[data-hour]").textContent = hourOf(row.beginsAt);
  const note = one.querySelector("[data-note]");
  note.hidden = !row.isLate && !client.agreed.length;
  note.textContent = row.isLate ? words.late : words.appointment;
  for (const [way, last] of Object.entries(ends)) one.querySelector(`[data-do=${way}]`).disabled = client.client === last;
  return one;
}

/* Clients beside the route who may be added, those that were searched for; with what they owe, as a stop says it. */
function drawExtras(free) {
  const asked = plain(search.value).split(" ").filter(Boolean);
  const found = free.filter(({ name, number, address }) => {
    const text = plain(`${name} ${number} ${address}`);
    return asked.every((word) => text.includes(word));
  });
  search.closest(".field").hidden = free.length < WORTH_A_SEARCH;
  const extras = document.getElementById("extras");
  extras.replaceChildren(...found.map((client) => {
    const one = copyOf("extra", client);
    one.querySelector("[data-owes]").textContent = words.owes.replace("{sum}", shownMoney(client.overdue_cents, client.currency));
    return one;
  }));
  const text = free.length ? words.notFound : words.noExtras;
  if (!found.length) extras.append(Object.assign(document.createElement("li"), { textContent: text }));
}

/* Draw all of the page; of the list `atOnce` rows, and the others behind them, as many in each frame. */
async function draw(atOnce = Infinity) {
  drawing += 1;
  const mine = drawing;
  const now = officeNow(pack);
  const known = new Map([...day.stops, ...day.extras].map((one) => [one.client, one]));
  const { rows, returnsAt, isOver } = shown(day, changes, done(), now);
  const ends = { up: rows[0]?.client, down: rows.at(-1)?.client };
  const items = (from) => rows.slice(from, from + atOnce).map((row) => rowOf(row, known.get(row.client), ends));
  list.replaceChildren(...items(0));
  if (!rows.length) list.append(Object.assign(document.createElement("li"), { textContent: words.none }));
  document.getElementById("returns").textContent = (isOver ? words.over : words.back).replace("{hour}", hourOf(returnsAt));
  const left = new Set(clientsLeft(day, changes, done()).map(({ client }) => client));
  const free = day.extras.filter(({ client }) => !left.has(client) && !changes.gone.includes(client));
  drawExtras(free);
  root.querySelector("[data-do=undo]").disabled = !before.length;
  for (let from = atOnce; from < rows.length; from += atOnce) {
    await breath();
    if (mine !== drawing) return;
    list.append(...items(from));
  }
}

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

/* Take a change: kept at once and shown at once. */
function take(next, cause = "manual") {
  before.push(changes);
  settle(next, cause);
}

function settle(next, cause = "manual") {
  changes = next;
  keepChanges(person, changes);
  draw();
  tell(eventBody(day, { ...changes, order: order() }, done(), cause, words), person, words.title);
  const lateNow = changes.free > officeNow(pack) ? `${words.free.replace("{hour}", hourOf(changes.free))}. ` : "";
  say(lateNow + (changes.byHand && cause !== "manual" ? words.heeded : words.saved));
}

const again = (next, moving = null) => reordered(day, next, done(), officeNow(pack), { moving });
const byHand = (client, to) => moved({ ...changes, order: order() }, client, to);
const soon = (minutes) => Math.round(officeNow(pack)) + 60 * Number(minutes);

const DEEDS = {
  reorder: () => again({ ...changes, byHand: false, order: order() }),
  late: (_client, { minutes }) => again({ ...changes, free: soon(minutes) }),
  later: (client, { minutes }) => again({ ...changes, later: { ...changes.later, [client]: soon(minutes) } }, client),
  gone: (client) => again({ ...changes, gone: [...changes.gone, client] }),
  add: (client) => again({ ...changes, added: [...changes.added, client] }, client),
  up: (client) => byHand(client, order().indexOf(client) - 1),
  down: (client) => byHand(client, order().indexOf(client) + 1),
};

const CAUSES = { late: "late", later: "postponed", gone: "cancelled", add: "added" }; // the rest is by hand

/* After the list is drawn anew, whoever works with the keyboard stays where they were. */
function focusAgain(client, deed) {
  const row = list.querySelector(`[data-client="${client}"]`);
  const same = row?.querySelector(`[data-do=${deed}]:not(:disabled)`);
  (same ?? row?.querySelector("button:not(:disabled)"))?.focus();
}

root.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (!button || !day) return;
  const client = Number(button.closest("[data-client]")?.dataset.client);
  const deed = button.dataset.do;
  if (deed === "undo") settle(before.pop());
  else if (deed === "reset") take(belonging(null, day));
  else take(DEEDS[deed](client, button.dataset), CAUSES[deed]);
  if (deed === "up" || deed === "down") focusAgain(client, deed);
});

search.addEventListener("input", () => day && draw());

let dragged = null;
list.addEventListener("dragstart", ({ target }) => {
  dragged = target.closest("[data-client]");
  dragged.dataset.dragged = "";
});
list.addEventListener("dragend", () => delete dragged.dataset.dragged);
list.addEventListener("dragover", (event) => event.preventDefault());
list.addEventListener("drop", (event) => {
  event.preventDefault();
  const onto = event.target.closest("[data-client]");
  if (!dragged || !onto) return;
  take(byHand(Number(dragged.dataset.client), order().indexOf(Number(onto.dataset.client))));
});

/* `isAll` when no day is on its way any more: a phone that comes from home gets its first one now. */
async function begin(isAll) {
  pack = await packageHere();
  await breath();
  const found = pack && dayAt(pack, officeNow(pack));
  visits = found ? await visitsHere(person, found, pack.offsetMs) : [];
  await breath();
  hourOf(0); // in a task of its own
  await breath();
  day = found;
  const isNone = !day && isAll;
  document.getElementById("nothing").hidden = !isNone;
  root.hidden = isNone;
  root.ariaBusy = String(!day);
  if (!day) return;
  root.querySelector("[data-do=reset]").hidden = false;
  changes = belonging(changes ?? changesOf(person), day);
  draw(ROWS_OF_A_SCREEN);
}

addEventListener("daypackage", () => begin(true));
begin(!navigator.onLine || "copiedAt" in document.documentElement.dataset || !navigator.serviceWorker);
