/* The form of a visit: the next question comes into view, and amounts are read back. */
const form = document.querySelector("form.record");
const readBack = form.querySelector("[data-read-back]");
const money = new Intl.NumberFormat("es-MX", { style: "currency", currency: "MXN" });

/* Cents of an amount as people write it, or null; the same rules as core/money.py. */
export function cents(text) {
  let amount = text.replace(/[\s$'\u00a0\u202f]|mxn|m\.n\.|pesos/gi, "");
  const isGrouped = /^\d{1,3}(\.\d{3})+$/.test(amount);
  if (isGrouped || /^(\d{1,3}(\.\d{3})+|\d+),\d{1,2}$/.test(amount)) {
    amount = amount.replaceAll(".", "").replace(",", ".");
  } else if (/^\d{1,3}(,\d{3})+(\.\d{1,2})?$/.test(amount)) {
    amount = amount.replaceAll(",", "");
  }
  return /^\d+(\.\d{1,2})?$/.test(amount) ? Math.round(Number(amount) * 100) : null;
}

function sayPayment() {
  const choice = form.elements.payment_choice.value;
  const amount = choice && choice !== "other" ? Number(choice) : cents(form.elements.payment_amount.value);
  readBack.hidden = !amount;
  readBack.textContent = amount ? `${readBack.dataset.readBack} ${money.format(amount / 100)}` : "";
}

function clearMisfit() {
  for (const option of form.querySelectorAll("[data-met] input:checked")) {
    if (!option.closest("[data-met]").getClientRects().length) option.checked = false;
  }
}

/* The question after an answer, when it is below the fold. */
function showNext(answered) {
  const after = [...form.querySelectorAll("fieldset, [data-other], [data-step]")].find(
    (one) => one.getClientRects().length && answered.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  after?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

form.addEventListener("change", (event) => {
  if (event.target.name === "person_met") clearMisfit();
  if (event.target.type === "radio") showNext(event.target.closest("fieldset"));
  sayPayment();
});
form.addEventListener("input", sayPayment);
sayPayment();
