/* The form of a visit is kept on this phone at every touch, until it is saved: the phone may kill the page
   while its camera is open, and a draft must come back.

   It comes back with the number, the hour and the place of the first time, so that saving it twice
   stores it once, and saving it at home does not move it there. */
import { dropPhotos, eventsOf, states } from "../outbox/store.js";
import { visitsIn } from "../outbox/visits.js";
import { fillForm } from "../visit/form.js";
import { draftsOf, dropArrived, dropDraft, keepDraft } from "./drafts.js";

const form = document.querySelector("form.record");
const note = document.getElementById("draft");
const again = document.getElementById("draft-again");
const person = document.body.dataset.user;
const page = document.documentElement.dataset;
const NEVER = new Set(["csrf_token"]); // it belongs to the login, not to the visit

function fields() {
  return [...new FormData(form)].filter(([name]) => !NEVER.has(name));
}

let before = {}; // what the draft of this form says besides its fields
let keeping = Promise.resolve();

/* Keep the form as it is now; one after another, so that the last touch is what stays. */
function keep(more = {}) {
  before = { at: new Date().toISOString(), ...before, ...more };
  const draft = { ...before, uuid: form.elements.uuid.value, path: location.pathname,
    title: document.querySelector("h1").textContent.trim(), fields: fields() };
  keeping = keeping.then(() => keepDraft(person, draft));
  return keeping;
}

function fill({ fields: kept, at, tried }) {
  before = { at, tried };
  fillForm(form, kept);
  if (form.elements.lat.value) form.dataset.place = "kept";
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(text, isBad) {
  note.textContent = text;
  note.className = `notice ${isBad ? "bad" : "info"}`;
  note.hidden = !text;
  again.hidden = !text;
  if (isBad) note.scrollIntoView({ block: "start" });
}

/* A copy of the page has the number of another visit in it, maybe of one that was saved. */
function freshNumber() {
  form.elements.uuid.value = crypto.randomUUID();
}

/* A visit that was saved here is never changed: what is written now is another one. */
async function warnOfSaved() {
  const here = visitsIn(await eventsOf(person)).some(({ path }) => path === location.pathname);
  document.getElementById("visited").hidden = !here;
}

async function begin() {
  await warnOfSaved();
  if (!form.hasAttribute("data-is-new")) return; // it came back from the office with what was typed
  if (!page.copiedAt) await dropArrived(person);
  const drafts = await draftsOf(person);
  const saved = await states(drafts.map(({ uuid }) => uuid));
  for (const uuid of Object.keys(saved)) dropDraft(person, uuid);
  const draft = drafts.find(({ path, uuid }) => path === location.pathname && !saved[uuid]);
  if (draft) fill(draft);
  else if (page.copiedAt || form.elements.uuid.value in await states([form.elements.uuid.value])) freshNumber();
  if ("notSent" in page) say(draft ? note.dataset.notSent : note.dataset.lost, true);
  else if (draft) say(note.dataset.restored, false);
}

form.addEventListener("change", () => keep());
form.addEventListener("input", ({ isTrusted }) => isTrusted && keep());
// The camera opens, or the form is sent itself, which waits for it.
form.addEventListener("keep", ({ detail: { more, waits } }) => waits.push(keep(more)));
again.addEventListener("click", async () => {
  dropDraft(person, form.elements.uuid.value);
  await dropPhotos(form.elements.uuid.value);
  location.reload();
});
addEventListener("online", () => { if ("notSent" in page) say(note.dataset.back, false); });
begin().finally(() => form.dispatchEvent(new Event("restored")));
