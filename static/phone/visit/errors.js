/* Shows what is missing as the office's own page does: a summary that takes the focus, and a sentence
   beside each field. */
const form = document.querySelector("form.record");
const shape = document.getElementById("errors").content;

function clear() {
  for (const old of form.querySelectorAll("[data-errors], .field .error")) old.remove();
  for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

function nameOf(field) {
  const fieldset = document.getElementById(field)?.closest("fieldset.field");
  return (fieldset?.querySelector("legend") ?? form.querySelector(`label[for="${field}"]`)).textContent.trim();
}

/* The field with its label and its hint. */
function blockOf(field) {
  return document.getElementById(field).closest(".field");
}

function beside({ field, sentence }) {
  const line = shape.querySelector(".error").cloneNode(true);
  line.id = `${field}-error`;
  line.append(sentence);
  blockOf(field).append(line);
  const input = document.getElementById(field);
  input.setAttribute("aria-describedby", line.id);
  if (!input.matches("fieldset")) input.setAttribute("aria-invalid", "true");
}

/* `wrongs` is [{field, sentence}]; none clears what was shown. */
export function showErrors(wrongs) {
  clear();
  const first = wrongs.filter(({ field }, at) => wrongs.findIndex((one) => one.field === field) === at);
  if (!first.length) return;
  const summary = shape.querySelector("[data-errors]").cloneNode(true);
  for (const wrong of first) {
    beside(wrong);
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${wrong.field}`;
    link.textContent = nameOf(wrong.field);
    item.append(link, `: ${wrong.sentence}`);
    summary.querySelector("ul").append(item);
  }
  form.prepend(summary);
  summary.focus();
}

/* Take away what is said of fields that are no longer wrong. */
export function keepErrors(stillWrong) {
  for (const link of form.querySelectorAll("[data-errors] li > a")) {
    const field = link.hash.slice(1);
    if (stillWrong.has(field)) continue;
    link.closest("li").remove();
    document.getElementById(`${field}-error`)?.remove();
    const [input, help] = [document.getElementById(field), document.getElementById(`${field}-help`)];
    if (help) input.setAttribute("aria-describedby", help.id);
    else input.removeAttribute("aria-describedby");
    input.removeAttribute("aria-invalid");
  }
  if (!form.querySelector("[data-errors] li")) clear();
}
