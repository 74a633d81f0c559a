/* Without signal: the stops of today's list that were asked for, by what stands on this phone. The service worker shows
   the copy with all of them for every filter; what is recorded here moves a stop from the pending to the done. */
const filters = document.querySelector(".filters");
const stops = document.querySelector("ol.stops");
const asked = new URLSearchParams(location.search).get("ver");
const wanted = { done: true, pending: false }[asked]; // of all, nothing is hidden

function show() {
  for (const row of stops.children) row.hidden = row.classList.contains("done") !== wanted;
  none.hidden = [...stops.children].some((row) => !row.hidden);
}

const none = document.createElement("p");
none.className = "soft";
if (stops && wanted !== undefined) {
  for (const link of filters.children) {
    if (new URL(link.href).searchParams.get("ver") === asked) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  none.textContent = filters.dataset[asked];
  stops.after(none);
  show();
  // Marks of visits, and another order, come later and again; `hidden` is no class, so this does not answer itself.
  new MutationObserver(show).observe(stops, { childList: true, subtree: true, attributeFilter: ["class"] });
}
