/* The page of a call or a message: what the law says now, what was done, and a message of the house. What
   was done is always saved; what a rule forbids to send does not leave. */
import { officeNow, packageHere } from "../day/package.js";
import { dayAt, findClient, judge, wordsFor } from "../law/judge.js";
import { touchesIn } from "../law/touches.js";
import { wordsIn } from "../law/words.js";
import { listen } from "../outbox/news.js";
import { enqueue, eventsOf } from "../outbox/store.js";
import { shownDay, shownMoney } from "../visit/read_back.js";
import { appUrl } from "./app_url.js";
import { readContact, readMessage, textsFor } from "./read.js";

const person = document.body.dataset.user;
const page = document.getElementById("contact");
const nobody = document.getElementById("nobody");
const told = document.getElementById("told");
const list = page.querySelector("[data-law]");
const [done, message] = [document.getElementById("done"), document.getElementById("message")];
const messages = JSON.parse(document.getElementById("messages").textContent);
const words = page.dataset;
const LOOK_MS = 30_000;
const camel = (text) => text.replace(/_(\w)/g, (_all, letter) => letter.toUpperCase());
const inZone = (how) => new Intl.DateTimeFormat("sv-SE", { timeZone: words.zone, ...how });
const today = (pack) => inZone({ dateStyle: "short" }).format(officeNow(pack) * 1000);
const hourOf = (at) => inZone({ timeStyle: "short" }).format(at * 1000);

list.append(document.getElementById("law-row").content);

/* The client of the address with the package: {pack, client, day}, or null. */
async function known() {
  const pack = await packageHere();
  const found = pack && findClient(pack, Number.parseInt(location.hash.slice(1), 10));
  return found && { pack, client: found.client, day: dayAt(pack, officeNow(pack)) ?? found.day };
}

async function judged({ pack, client }, channel) {
  const made = touchesIn(await eventsOf(person), client.client, pack.gotAt);
  return judge(client, pack.law_texts, officeNow(pack), made, channel);
}

/* Why a channel is closed, or what its tightest limit leaves. */
function whyOf({ isOpen, reasons, opensAt, limits }) {
  const [tightest] = [...limits].sort((one, other) => one.left - other.left);
  if (isOpen) return tightest ? words.left.replace("{left}", tightest.left).replace("{most}", tightest.most) : "";
  const opens = opensAt ? [words.opens.replace("{hour}", hourOf(opensAt))] : [];
  return [...reasons.map(({ sentence }) => `${sentence}.`), ...opens, words.fact].join(" ");
}

async function showLaw(found) {
  for (const row of list.children) {
    const verdict = await judged(found, row.dataset.channel);
    row.querySelector("[data-open]").hidden = !verdict.isOpen;
    row.querySelector("[data-closed]").hidden = verdict.isOpen;
    const why = row.querySelector("[data-why]");
    const text = whyOf(verdict);
    if (why.textContent !== text) why.textContent = text;
    why.hidden = !text;
  }
}

function factsOf({ client }) {
  return {
    client: client.name, collector: words.collector, overdue: shownMoney(client.overdue_cents, client.currency),
    balance: shownMoney(client.balance_cents, client.currency), days: String(client.days_past_due),
    ...(client.promise && { promised: shownMoney(client.promise.cents, client.currency), promised_day: shownDay(client.promise.due_on) }),
  };
}

function showTexts(found) {
  const buttons = textsFor(messages, found.client.stage, factsOf(found)).map(({ title, text, speaks_of_debt }) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button", textContent: title });
    button.addEventListener("click", () => {
      message.elements.text.value = text;
      message.elements.is_neutral.checked = !speaks_of_debt;
    });
    return button;
  });
  page.querySelector("[data-texts]").replaceChildren(...buttons);
}

async function refresh() {
  const found = await known();
  page.hidden = !found;
  nobody.hidden = Boolean(found);
  const office = nobody.querySelector("[data-office]");
  office.href = office.dataset.office.replace("/0", `/${Number.parseInt(location.hash.slice(1), 10) || 0}`);
  if (!found) return;
  page.querySelector("[data-name]").textContent = found.client.name;
  page.querySelector("[data-address]").textContent = found.client.address;
  const call = page.querySelector("[data-call]");
  call.hidden = !found.client.phone;
  call.href = `tel:${found.client.phone}`;
  call.querySelector("[data-phone]").textContent = found.client.phone ?? "";
  done.elements.due_on.min = today(found.pack);
  await showLaw(found);
}

async function begin() {
  told.hidden = true;
  const found = await known();
  await refresh();
  if (found) showTexts(found);
  if (location.hash.endsWith("/message")) message.querySelector("h3").scrollIntoView();
}

/* Say what is wrong beside the button, or nothing. */
function say(form, lines) {
  const box = form.querySelector("[data-wrong]");
  box.textContent = lines.join(" ");
  box.hidden = !lines.length;
}

/* The form's own id, made when it was begun, so that two taps are one fact. */
let ids = { done: crypto.randomUUID(), message: crypto.randomUUID() };

async function keep(form, body, { client }) {
  const url = body.text && appUrl(body.channel, client.phone, body.text);
  const outcome = form.querySelector(`[name=channel][value=${body.channel}]`).closest("label").textContent.trim();
  await enqueue({ id: ids[form.id], type: "contact.recorded", body, about: { title: client.name, outcome } }, person);
  ids = { ...ids, [form.id]: crypto.randomUUID() };
  form.reset();
  told.querySelector("p").textContent = told.dataset[url ? "sent" : "saved"];
  const link = told.querySelector("a");
  link.hidden = !url;
  link.href = url ?? "";
  told.hidden = false;
  told.focus();
}

/* What forbids a message: the law of its channel, and words that nobody may say. */
async function forbidden({ text, channel }, found) {
  const verdict = await judged(found, channel);
  const said = wordsIn(text, wordsFor(found.day, found.client)).map(({ term, article }) => `${term} (${article})`);
  const closed = verdict.isOpen ? [] : verdict.reasons.map(({ sentence }) => `${sentence}.`);
  return [...closed, ...(said.length ? [words.words.replace("{words}", said.join("; "))] : [])];
}

const now = () => new Date().toISOString();
const valuesOf = (form) => Object.fromEntries(new FormData(form));

done.addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await known();
  const { wrong, body } = readContact(valuesOf(done), found.client.client, now(), today(found.pack));
  say(done, wrong ? [words[camel(wrong)]] : []);
  if (body) await keep(done, body, found);
});

message.addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await known();
  const values = valuesOf(message);
  const missing = ["channel", "person"].find((name) => !values[name]);
  const { wrong, body } = missing ? { wrong: missing } : readMessage(values, found.client.client, now());
  const lines = wrong ? [words[camel(wrong)]] : await forbidden(body, found);
  say(message, lines);
  if (!lines.length) await keep(message, body, found);
});

addEventListener("hashchange", begin);
addEventListener("daypackage", begin);
listen(refresh);
setInterval(refresh, LOOK_MS);
begin();
