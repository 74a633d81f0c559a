/* Whether today's list is to be shown as the collector changed it; what shows it so is fetched only then. */
import { changesOf } from "./memory.js";

async function show() {
  if (!changesOf(document.body.dataset.user)) return;
  const chosen = await import("./chosen_list.js"); // most days keep the office's order
  await chosen.show();
}

show();
addEventListener("daypackage", show);
