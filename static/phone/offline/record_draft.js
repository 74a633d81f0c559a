/* The form of a visit is kept on this phone at every touch, until the office has the visit.

   Its draft comes back with the number, the hour and the place of the first time, so that sending it
   twice stores it once, and sending it from home does not move it there. */
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

function keep(more = {}) {
  const uuid = form.elements.uuid.value;
  const before = draftsOf(person).find((one) => one.uuid === uuid) ?? {};
  const draft = { ...before, uuid, path: location.pathname, title: document.querySelector("h1").textContent.trim(),
    at: before.at ?? new Date().toISOString(), fields: fields(), ...more };
  return keepDraft(person, draft);
}

function fill({ fields: kept }) {
  for (const [name, value] of kept) {
    const found = form.elements[name];
    if (found instanceof RadioNodeList) found.value = value;
    else if (found?.type === "radio") found.checked = found.value === value;
    else if (found) found.value = value;
  }
  if (form.elements.lat.value) form.dataset.place = "kept";
  if (form.elements.ended_at.value) form.dataset.ended = "kept";
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(text, isBad) {
  note.textContent = text;
  note.className = `notice ${isBad ? "bad" : "info"}`;
  note.hidden = !text;
  again.hidden = !text;
  if (isBad) note.scrollIntoView({ block: "start" });
}

/* A copy of the page has the number of another visit in it. */
function freshNumber() {
  form.elements.uuid.value = crypto.randomUUID();
}

async function begin() {
  if (!form.hasAttribute("data-is-new")) return; // it came back from the office with what was typed
  if (!page.copiedAt) await dropArrived(person);
  const draft = draftsOf(person).find(({ path }) => path === location.pathname);
  if (draft) fill(draft);
  else if (page.copiedAt) freshNumber();
  if ("notSent" in page) say(draft ? note.dataset.notSent : note.dataset.lost, true);
  else if (draft) say(note.dataset.restored, false);
}

form.addEventListener("change", () => keep());
form.addEventListener("input", ({ isTrusted }) => isTrusted && keep());
form.addEventListener("submit", () => keep({ tried: new Date().toISOString() }));
again.addEventListener("click", () => {
  dropDraft(person, form.elements.uuid.value);
  location.reload();
});
addEventListener("online", () => { if ("notSent" in page) say(note.dataset.back, false); });
begin();
