/* Forms: the first error takes the focus, and a second tap does not send a form twice. */
document.querySelector("[data-errors]")?.focus();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  if (event.target.hasAttribute("aria-busy")) event.preventDefault();
  else event.target.setAttribute("aria-busy", "true");
});

// A page that comes back from the browser's memory must accept its form again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});
