/* What to say at one door and what may be offered there, for the client that the address names after #. */
import { officeNow, packageHere } from "../day/package.js";
import { findClient, wordsFor } from "../law/judge.js";
import { wordsIn } from "../law/words.js";
import { enqueue } from "../outbox/store.js";
import { cents } from "../visit/money.js";
import { shownDay, shownMoney } from "../visit/read_back.js";
import { noteOpened } from "./opened.js";
import { grantedBy, scheduleOf, totalOf, wrongOf } from "./terms.js";

const page = document.getElementById("script");
const words = page.dataset;
const form = document.getElementById("offer");
const told = JSON.parse(document.getElementById("house").textContent);
const result = document.getElementById("result");
const number = () => Number.parseInt(location.hash.slice(1), 10);

const ask = document.getElementById("ask");
const person = document.body.dataset.user;

let client = null;
let today = "";
let request = crypto.randomUUID(); // made when the offer is begun, so that two taps are one request

function termsOf() {
  const { elements: of } = form;
  const amount = (name) => cents(of[name].value.trim() || "0") ?? -1;
  return {
    debt_cents: client?.balance_cents ?? amount("debt"), discount_basis: Math.round(Number(of.discount.value.replace(",", ".")) * 100),
    down_cents: amount("down"), count: Number(of.count.value), every_days: Number(of.every_days.value),
    first_on: of.first_on.value, step_cents: amount("step"),
  };
}

function line({ number: n, due_on, amount_cents }) {
  const item = document.createElement("li");
  item.className = "row between";
  const [what, sum] = [document.createElement("span"), document.createElement("span")];
  what.textContent = `${n ? words.payment.replace("{n}", n) : words.down} · ${shownDay(due_on)}`;
  sum.textContent = shownMoney(amount_cents, client?.currency);
  sum.className = "number strong";
  item.append(what, sum);
  return item;
}

function calculate() {
  const terms = termsOf();
  const wrong = wrongOf(terms, { today, periods: told.periods, most: told.most_instalments });
  const who = wrong ? null : grantedBy(terms, told.authority, client?.treatment);
  const isOwn = who === told.authority[0][0];
  result.querySelector("[data-wrong]").hidden = !wrong;
  result.querySelector("[data-wrong]").textContent = wrong ? result.dataset[wrong.replace(/_(\w)/g, (_all, letter) => letter.toUpperCase())] : "";
  result.querySelector("[data-own]").hidden = Boolean(wrong) || !isOwn;
  result.querySelector("[data-above]").hidden = Boolean(wrong) || isOwn;
  ask.hidden = Boolean(wrong) || isOwn || !client;
  result.querySelector("[data-total]").textContent = wrong ? "" : words.total.replace("{sum}", shownMoney(totalOf(terms), client?.currency));
  result.querySelector("ol").replaceChildren(...(wrong ? [] : scheduleOf(terms).map(line)));
}

/* What the office says about an offer that was asked for, or that it is asked now. */
function showAsked() {
  const box = page.querySelector("[data-asked]");
  const told = client?.asked;
  box.hidden = !told;
  if (!told) return;
  const text = words[`asked${told.state.replace(/^./, (letter) => letter.toUpperCase())}`] ?? "";
  const why = told.because ? ` ${words.askedBecause.replace("{reason}", () => told.because)}` : "";
  box.textContent = text.replace("{percent}", told.discount_basis / 100).replace("{count}", told.count)
    .replace("{sum}", shownMoney(told.total_cents, client?.currency)) + why;
}

/* What those to whom the client owes ask for beside the house: what is said first, no money, no why. */
function showCreditors(texts) {
  const { duties = [], reason = [], cash = [] } = client?.creditors ?? {};
  const list = page.querySelector("[data-duties]");
  list.replaceChildren(...duties.map((duty) => {
    const item = document.getElementById("duty").content.firstElementChild.cloneNode(true);
    item.querySelector("span").textContent = duty;
    return item;
  }));
  list.hidden = !duties.length;
  const box = page.querySelector("[data-creditors]");
  box.textContent = [...reason, ...cash].map((key) => `${texts[key].sentence}.`).join(" ");
  box.hidden = !box.textContent;
}

/* Send the offer as a request: the supervisor decides, and the day package brings the answer. */
async function askFor() {
  const { debt_cents, discount_basis, down_cents, count, every_days, first_on, step_cents } = termsOf();
  const body = { client_id: client.client, debt_cents, discount_basis, down_cents, count, every_days, first_on, step_cents };
  const about = { title: client.name, outcome: ask.dataset.name };
  await enqueue({ id: request, type: "offer.requested", body, about }, person);
  request = crypto.randomUUID();
  const told = page.querySelector("[data-sent]");
  told.hidden = false;
  ask.hidden = true;
  told.focus();
}

/* An offer to begin from, as the office suggests it: a tenth today, the rest in four payments. */
function suggest() {
  const most = client?.treatment ? client.treatment.instalments : told.most_instalments;
  form.elements.debt.value = client ? (client.balance_cents / 100).toFixed(2) : "";
  form.elements.debt.readOnly = Boolean(client);
  form.elements.down.value = client ? (Math.ceil(client.balance_cents / 10) / 100).toFixed(2) : "";
  form.elements.count.value = Math.max(1, Math.min(4, most));
  form.elements.first_on.value = today;
  form.elements.first_on.min = today;
}

async function begin() {
  const pack = await packageHere();
  const found = pack && findClient(pack, number());
  client = found?.client ?? null;
  const now = pack ? officeNow(pack) * 1000 : Date.now();
  today = new Intl.DateTimeFormat("sv-SE", { timeZone: words.zone, dateStyle: "short" }).format(now);
  const { stage, treatment, name } = client ?? {};
  for (const part of page.querySelectorAll("[data-client]")) part.textContent = name ? words.whom.replace("{name}", () => name) : words.somebody;
  const isLegal = treatment?.opening && !wordsIn(treatment.opening, wordsFor(found.day, client)).length;
  const opening = isLegal ? treatment.opening : told.openings[treatment?.script ?? stage];
  page.querySelector("[data-opening]").textContent = opening ?? "";
  const bound = page.querySelector("[data-segment]");
  bound.hidden = !treatment;
  if (treatment) {
    bound.textContent = (treatment.instalments ? words.segment : words.noOffer)
      .replace("{name}", treatment.segment).replace("{percent}", treatment.percent).replace("{count}", treatment.instalments);
  }
  form.closest("details").hidden = treatment?.instalments === 0;
  showAsked();
  showCreditors(pack?.law_texts ?? {});
  suggest();
  calculate();
}

ask.addEventListener("click", askFor);
for (const card of page.querySelectorAll("[data-objection]")) {
  card.addEventListener("toggle", () => { if (card.open && client) noteOpened(client.client, card.dataset.objection); });
}

form.addEventListener("input", calculate);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", begin);
addEventListener("daypackage", begin);
begin();
