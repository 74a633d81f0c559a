/* The page of receipts, from this phone's outbox: the one that its address names after #, and a list of all. */
import { appUrl } from "../contact/app_url.js";
import { listen } from "../outbox/news.js";
import { eventsOf } from "../outbox/store.js";
import { shownMoney } from "../visit/read_back.js";
import { receiptsIn, shownFolio, verifyAddress } from "./given.js";
import { drawQr } from "./qr.js";

const person = document.body.dataset.user;
const card = document.getElementById("receipt");
const list = document.getElementById("receipts");
const none = document.getElementById("none");
const row = document.getElementById("row").content;
const states = document.getElementById("states").content;
const methods = JSON.parse(document.getElementById("methods").textContent);
const when = new Intl.DateTimeFormat("es-MX", { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
const words = card.dataset;

const folioOf = ({ receipt }) => (receipt ? shownFolio(receipt) : words.noFolio);

function stateOf({ state, verdict, isAnnulled }) {
  const name = isAnnulled ? "annulled" : state === "delivered" && verdict?.state === "waiting" ? "review" : state;
  return states.querySelector(`[data-state-of=${name}]`).cloneNode(true);
}

function put(into, one) {
  into.querySelector("[data-folio]").textContent = folioOf(one);
  into.querySelector("[data-sum]").textContent = shownMoney(one.amount_cents, one.about.currency);
  into.querySelector("[data-client]").textContent = one.about.title ?? "";
  into.querySelector("[data-state]").replaceChildren(stateOf(one));
}

function showProof(one) {
  const proof = card.querySelector("[data-proof]");
  proof.hidden = !one.receipt || one.isAnnulled;
  if (proof.hidden) return;
  const address = verifyAddress(words.verify, one.receipt);
  drawQr(proof.querySelector("svg"), address);
  proof.querySelector("[data-code]").textContent = one.receipt.code;
  proof.querySelector("[data-later]").hidden = one.state === "delivered";
  const text = words.text.replace("{folio}", folioOf(one)).replace("{sum}", shownMoney(one.amount_cents, one.about.currency)).replace("{address}", address);
  const link = proof.querySelector("[data-whatsapp]");
  link.href = appUrl("whatsapp", one.about.client?.phone, text) ?? "";
  link.hidden = !one.about.client?.phone;
}

function show(one) {
  card.hidden = !one;
  if (!one) return;
  put(card, one);
  const { number } = one.about.client ?? {};
  card.querySelector("[data-client]").append(number ? ` · ${number}` : "");
  card.querySelector("[data-method]").textContent = methods[one.method] ?? one.method;
  for (const part of card.querySelectorAll("[data-reference], [data-reference-name]")) part.hidden = !one.reference;
  card.querySelector("[data-reference]").textContent = one.reference ?? "";
  card.querySelector("[data-when]").textContent = when.format(new Date(one.at));
  showProof(one);
}

function rowOf(one) {
  const item = row.cloneNode(true);
  put(item, one);
  item.querySelector("a").href = `#${one.id}`;
  return item;
}

async function refresh() {
  const all = receiptsIn(await eventsOf(person)).filter(({ about }) => about.title);
  list.replaceChildren(...all.map(rowOf));
  list.hidden = !all.length;
  none.hidden = all.length > 0;
  show(all.find(({ id }) => id === location.hash.slice(1)));
}

addEventListener("hashchange", async () => {
  await refresh();
  scrollTo(0, 0);
  card.querySelector("[data-folio]").focus();
});
refresh();
listen(refresh);
