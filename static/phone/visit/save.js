/* Saving a visit: into this phone's outbox, always, with or without signal, and back to the list.

   Without space on the phone, or without a database at all, the form is sent as a page without scripts
   would: then the office must answer. */
import { copyOf } from "../offline/copies.js";
import { dropDraft } from "../offline/drafts.js";
import { enqueue, states } from "../outbox/store.js";
import { wasOpened } from "../script/opened.js";
import { checksNow } from "./checks.js";
import { doubtsOf } from "./doubts.js";
import { keepErrors, showErrors } from "./errors.js";
import { arrivalOf, offerOf, readForm } from "./form.js";
import { evidence } from "./evidence.js";
import { readBack } from "./read_back.js";

const form = document.querySelector("form.record");
const person = document.body.dataset.user;
const offer = offerOf(document);
const gotAt = arrivalOf(document);
const SAVED = "saved"; // what the next page says, see outbox/undo.js

let isSaving = false;

function aboutVisit(body) {
  const chosen = form.querySelector("[name=outcome]:checked").closest("label");
  const outcome = chosen.textContent.trim();
  return {
    title: document.querySelector("h1").textContent.trim(), path: location.pathname, outcome,
    text: readBack(body, outcome, offer.words, offer.currency), client: offer.client, currency: offer.currency,
  };
}

/* What the list under the form says about an error. */
const sentenceOf = ({ key }) => form.querySelector(`[data-check=${key}]`).textContent.trim();

/* Money is shown as its receipt, where this phone has that page; where it has not yet, the list says where it is. */
const isHere = async (page) => !navigator.serviceWorker?.controller || Boolean(await copyOf(page));

/* Ask about what is far from what the house expects or plainly wrong; whoever is sure saves it. */
async function isSure(body) {
  const wrong = checksNow().filter(({ isMet, isWrong }) => isWrong && !isMet);
  const asked = [...doubtsOf(body, offer).map((key) => offer.doubts[key]), ...wrong.map(sentenceOf)];
  if (!asked.length) return true;
  const dialog = document.getElementById("doubts");
  dialog.querySelector("ul").replaceChildren(...asked.map((sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    return line;
  }));
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
  return dialog.returnValue === "sure";
}

/* Returns whether the visit is saved and the next page on its way: then nothing is left to save here. */
async function save() {
  form.elements.ended_at.value = new Date().toISOString();
  const { wrongs, body } = readForm(form, offer, gotAt);
  showErrors(wrongs.map(({ field, key }) => ({ field, sentence: offer.sentences[key] })));
  if (wrongs.length || !(await isSure(body))) return false;
  const id = form.elements.uuid.value;
  const about = aboutVisit(body);
  await enqueue({ id, type: "visit.recorded", body: { ...body, card_opened: wasOpened(body), ...(await evidence(id)) }, about }, person);
  dropDraft(person, id);
  const { href } = new URL(form.dataset.receipts, location);
  const receipt = body.payment ? `${href}#${id}` : null;
  sessionStorage.setItem(SAVED, JSON.stringify({ id, text: about.text, at: Date.now(), receipt }));
  location.assign(receipt && await isHere(href) ? receipt : form.dataset.list);
  return true;
}

/* What was mended is no longer said to be wrong; what is wrong besides is told at the next try. */
function mend() {
  if (!form.querySelector("[data-errors]")) return;
  keepErrors(new Set(readForm(form, offer, gotAt).wrongs.map(({ field }) => field)));
}
form.addEventListener("input", mend);
form.addEventListener("change", mend);

async function sendForm() {
  const waits = [];
  form.dispatchEvent(new CustomEvent("keep", { detail: { more: { tried: new Date().toISOString() }, waits } }));
  await Promise.allSettled(waits);
  form.submit();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isSaving) return;
  isSaving = true;
  save().then((isSaved) => { isSaving = isSaved; }, () => sendForm().finally(() => { isSaving = false; }));
});

/* Saved already, and the page came back from the browser's memory: a visit is never changed. */
addEventListener("pageshow", async ({ persisted }) => {
  if (persisted && form.elements.uuid.value in await states([form.elements.uuid.value])) location.reload();
});
