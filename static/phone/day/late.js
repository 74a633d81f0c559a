/* Beside the hour at which a stop was to be reached: how late it has become. By the office's clock. */
import { officeNow, packageHere } from "./package.js";
import { lateness } from "./lateness.js";

const LOOK_MS = 30_000;
const main = document.getElementById("content");

async function show() {
  const pack = await packageHere(); // without it nobody knows how wrong this phone's clock is
  if (!pack) return;
  const now = officeNow(pack);
  for (const line of main.querySelectorAll("[data-arrives]")) {
    const late = lateness(Number(line.dataset.arrives), now);
    line.hidden = !late;
    line.textContent = late && line.dataset.text.replace("{late}", late);
  }
}

show();
setInterval(show, LOOK_MS);
addEventListener("visibilitychange", show);
addEventListener("daypackage", show);
new MutationObserver(show).observe(main, { childList: true }); // the card of the next stop takes its place
