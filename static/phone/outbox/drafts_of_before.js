/* Visits that a version of before kept as drafts, sent without hearing an answer: they join the outbox
   under their own numbers, so that one that did arrive is known there. */
import { copyOf } from "../offline/copies.js";
import { draftsOf, dropArrived } from "../offline/drafts.js";
import { fillForm, offerOf, readForm } from "../visit/form.js";
import { readBack } from "../visit/read_back.js";
import { enqueue } from "./store.js";

/* The page of a draft's form and when it came; from the office, or else the copy. */
async function pageOf(path) {
  const answer = await fetch(path, { redirect: "error", cache: "no-store" }).catch(() => null);
  const copy = answer?.ok ? { body: await answer.text(), at: new Date() } : await copyOf(location.origin + path);
  return copy && { page: new DOMParser().parseFromString(copy.body, "text/html"), gotAt: copy.at.valueOf() };
}

/* Return the uuids that the outbox has now; what can't be read as a visit stays a draft. */
export async function adoptDrafts(person) {
  await dropArrived(person);
  const adopted = [];
  for (const { uuid, path, title, fields } of (await draftsOf(person)).filter(({ tried }) => tried)) {
    const found = await pageOf(path);
    const form = found?.page.querySelector("form.record");
    if (!form || !found.page.getElementById("offer")) continue;
    fillForm(form, fields);
    const offer = offerOf(found.page);
    const { wrongs, body } = readForm(form, offer, found.gotAt);
    if (wrongs.length) continue;
    const outcome = form.querySelector("[name=outcome]:checked").closest("label").textContent.trim();
    const about = { title, path, outcome, text: readBack(body, outcome, offer.words) };
    await enqueue({ id: uuid, type: "visit.recorded", body, about, givesReceipt: false }, person);
    adopted.push(uuid);
  }
  return adopted;
}
