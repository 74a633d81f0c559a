/* A page that answers a form itself, as one that was refused: going back to it would send the form once
   more, or show the browser's own error. Its place in the history becomes the page that the form was sent
   from. What was typed into a refused form waits there, in this tab, until a form is sent: no password,
   no file, nothing hidden. */
import { fill } from "./shared_choices.js";

const KEY = "refused-form";
const TYPED = "input:not([type=hidden], [type=password], [type=file]), select, textarea";

const isAnswer = document.querySelector("meta[data-answers-form]") !== null;
const [visit] = performance.getEntriesByType("navigation");
const pathOf = (address) => new URL(address, location.href).pathname;
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.matches(TYPED));
const isTick = (field) => field.type === "checkbox" || field.type === "radio";

function keep() {
  const from = document.referrer.startsWith(`${location.origin}/`) ? document.referrer : location.href;
  const wrong = document.querySelector("form[method=post] [aria-invalid=true], form[method=post] [data-errors]");
  history.replaceState(history.state, "", from);
  const form = wrong?.closest("form");
  if (!form) return;
  const fields = fieldsOf(form).map((one) => [one.name, one.value, isTick(one) && one.checked]);
  sessionStorage.setItem(KEY, JSON.stringify({ page: pathOf(from), action: pathOf(form.action), fields }));
}

function giveBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (kept?.page !== location.pathname) return;
  const form = [...document.forms].find((one) => one.method === "post" && pathOf(one.action) === kept.action);
  const left = [...kept.fields];
  for (const field of form ? fieldsOf(form) : []) {
    const at = left.findIndex(([name, value]) => name === field.name && (!isTick(field) || value === field.value));
    if (at < 0) continue;
    const [[, value, isTicked]] = left.splice(at, 1);
    if (isTick(field)) field.checked = isTicked;
    else {
      if (field instanceof HTMLSelectElement) fill(field);
      field.value = value;
    }
  }
}

if (isAnswer) keep();
else if (visit?.type !== "navigate") giveBack();

document.addEventListener("submit", () => sessionStorage.removeItem(KEY));
