/* The form of a visit: the next question comes into view, and amounts are read back. */
import { cents } from "./visit/money.js";
import { shownMoney } from "./visit/read_back.js";

const offer = JSON.parse(document.getElementById("offer").textContent);
const form = document.querySelector("form.record");
const readBack = form.querySelector("[data-read-back]");

function sayPayment() {
  const choice = form.elements.payment_choice.value;
  const amount = choice && choice !== "other" ? Number(choice) : cents(form.elements.payment_amount.value);
  readBack.hidden = !amount;
  readBack.textContent = amount ? `${readBack.dataset.readBack} ${shownMoney(amount, offer.currency)}` : "";
}

/* Who paid all paid what is owed: that amount is chosen and read back, and can be changed. Not when somebody pays who
   may not hear what is owed; and what was chosen by the page goes again with the answer that it belonged to. */
function choosePaid() {
  const [all] = form.querySelectorAll("[name=payment_choice]"); // the whole balance, when there is one
  const isAll = form.elements.outcome.value === "paid_in_full";
  const mayHear = offer.responsible.includes(form.elements.person_met.value);
  if (all.value === "other") return;
  if (isAll && mayHear && !form.elements.payment_choice.value) {
    all.checked = true;
    all.dataset.byPage = "";
  } else if (!(isAll && mayHear) && "byPage" in all.dataset) {
    all.checked = false;
    delete all.dataset.byPage;
  }
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
  if (event.target.name === "payment_choice") delete form.querySelector("[name=payment_choice]").dataset.byPage;
  else choosePaid();
  if (event.target.type === "radio") showNext(event.target.closest("fieldset"));
  sayPayment();
});
form.addEventListener("input", sayPayment);
sayPayment();
