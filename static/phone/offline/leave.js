/* Logging out takes the pages and what was not saved off this phone, and says so when that loses a visit.
   What was saved stays, hidden from whoever comes next, and is sent. */
import { forgetPages } from "./copies.js";
import { dropChanges } from "../replan/memory.js";
import { dropPhotos } from "../outbox/store.js";
import { draftsOf, dropDrafts } from "./drafts.js";

const form = document.querySelector("form[data-leaves]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const person = document.body.dataset.user;
  const waiting = draftsOf(person).length;
  if (waiting && !confirm(form.dataset.leaves)) return;
  for (const { uuid } of draftsOf(person)) await dropPhotos(uuid);
  dropDrafts(person);
  dropChanges(person);
  await forgetPages();
  form.submit();
});
