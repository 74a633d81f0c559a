/* The form of a visit as a whole: what the office offers in it, and what was told. The form may stand on
   a page that is shown or in a copy of one. */
import { readVisit } from "./answers.js";
import { officeTime, wallTime } from "./clock.js";

export function offerOf(page) {
  return JSON.parse(page.getElementById("offer").textContent);
}

/* When a page came to this phone, by the phone's clock: now, unless it is a copy. */
export const arrivalOf = ({ documentElement: { dataset: { copiedAt } } }) => (copiedAt ? Date.parse(copiedAt) : Date.now());

/* Fields by name, as they would be sent. */
export function valuesOf(form) {
  return Object.fromEntries(new FormData(form));
}

/* Read a form: {wrongs, body}. `gotAt` is when its page came to this phone, by the phone's clock. */
export function readForm(form, offer, gotAt, now = Date.now()) {
  const page = { madeAt: offer.now_ms, gotAt };
  const values = valuesOf(form);
  for (const name of ["started_at", "ended_at"]) {
    if (Number.isNaN(Date.parse(values[name]))) values[name] = new Date(now).toISOString();
  }
  return readVisit(values, {
    ...offer,
    today: wallTime(officeTime(page, now), offer.zone).slice(0, 10),
    started: wallTime(officeTime(page, Date.parse(values.started_at)), offer.zone),
  });
}

/* Fill fields as they were kept: [[name, value]]. */
export function fillForm(form, fields) {
  for (const [name, value] of fields) {
    const found = form.elements[name];
    if (found instanceof RadioNodeList) found.value = value;
    else if (["radio", "checkbox"].includes(found?.type)) found.checked = found.value === value;
    else if (found) found.value = value;
  }
}
