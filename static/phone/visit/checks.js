/* "Antes de guardar": the short list under the form, renewed at every touch. */
import { checklistOf } from "./checklist.js";
import { doubtsOf } from "./doubts.js";
import { arrivalOf, offerOf, readForm, valuesOf } from "./form.js";

const form = document.querySelector("form.record");
const box = document.getElementById("checks");
const offer = offerOf(document);
const gotAt = arrivalOf(document);

/* What to look at in the form as it is now. */
export function checksNow() {
  const read = readForm(form, offer, gotAt);
  const doubts = read.wrongs.length ? [] : doubtsOf(read.body, offer);
  return checklistOf(valuesOf(form), read, doubts, offer);
}

function show() {
  const now = new Map(checksNow().map((one) => [one.key, one]));
  for (const line of box.querySelectorAll("[data-check]")) {
    const found = now.get(line.dataset.check);
    line.hidden = !found;
    line.classList.toggle("met", Boolean(found?.isMet));
  }
  box.hidden = !now.size;
}

form.addEventListener("input", show);
form.addEventListener("change", show);
form.addEventListener("restored", show);
show();
