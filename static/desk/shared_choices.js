/* Rows that choose from one long list: each holds its own choice alone until somebody goes there. */
export function fill(select) {
  const whole = document.getElementById("shared-choices");
  if (!whole || !("sharedChoices" in select.dataset)) return;
  const chosen = select.value;
  select.replaceChildren(whole.content.cloneNode(true));
  select.value = chosen;
  select.selectedOptions[0]?.setAttribute("selected", "");
  delete select.dataset.sharedChoices;
}

for (const event of ["pointerdown", "focusin"]) {
  document.addEventListener(event, ({ target }) => target instanceof HTMLSelectElement && fill(target), true);
}
