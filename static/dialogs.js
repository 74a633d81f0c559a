/* Dialogs: data-opens="id" opens one, data-closes closes it, and a form with data-confirm="question"
   is sent only after a yes. Focus, Escape and the rest are the browser's own <dialog>. */
const confirmation = document.getElementById("confirm");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
});

// A form that came back with errors is shown where it was filled in.
document.querySelector("dialog [data-errors]")?.closest("dialog").showModal();

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
  });
}, true);

function ask(question, onYes) {
  confirmation.querySelector("h2").textContent = question;
  confirmation.returnValue = "";
  confirmation.showModal();
  confirmation.addEventListener("close", () => {
    if (confirmation.returnValue === "yes") onYes();
  }, { once: true });
}
