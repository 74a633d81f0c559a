/* Logging out takes everything personal off this phone, and says so when that loses a visit. */
import { forgetPages } from "./copies.js";
import { dropChanges } from "../replan/memory.js";
import { draftsOf, dropDrafts } from "./drafts.js";

const form = document.querySelector("form[data-leaves]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const person = document.body.dataset.user;
  const waiting = draftsOf(person).length;
  if (waiting && !confirm(form.dataset.leaves)) return;
  dropDrafts(person);
  dropChanges(person);
  await forgetPages();
  form.submit();
});
