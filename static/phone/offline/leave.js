/* Logging out takes the pages and what was not saved off this phone, and says so when that loses a visit.
   What was saved stays, hidden from whoever comes next, and is sent. */
import { forgetPages } from "./copies.js";
import { dropChanges } from "../replan/memory.js";
import { dropPhotos } from "../outbox/store.js";
import { leaveVaults } from "../vault/keys.js";
import { lock } from "../vault/session.js";
import { draftsOf, dropDrafts } from "./drafts.js";

const form = document.querySelector("form[data-leaves]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const person = document.body.dataset.user;
  const waiting = await draftsOf(person);
  if (waiting.length && !confirm(form.dataset.leaves)) return;
  for (const { uuid } of waiting) await dropPhotos(uuid);
  dropDrafts(person);
  dropChanges(person);
  await forgetPages();
  await leaveVaults();
  await lock();
  form.submit();
});
