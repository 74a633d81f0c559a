/* Light or dark as the system says, or as the person chose on this device.

   Loaded in the head without defer, so that the page is never painted in the wrong colours. */
(() => {
  const KEY = "theme";
  const dark = document.querySelector("link[data-dark]");
  const system = dark.media;

  function chosen() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be switched off; the system's choice then holds
    }
  }

  function isDark() {
    const choice = chosen();
    return choice ? choice === "dark" : matchMedia(system).matches;
  }

  function apply() {
    const choice = chosen();
    dark.media = choice === "dark" ? "all" : choice === "light" ? "not all" : system;
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.setAttribute("aria-pressed", String(isDark()));
    }
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-switch]")) return;
    try {
      localStorage.setItem(KEY, isDark() ? "light" : "dark");
    } catch {
      return;
    }
    apply();
  });
  document.addEventListener("DOMContentLoaded", apply);
  matchMedia(system).addEventListener("change", apply);
  apply();
})();
