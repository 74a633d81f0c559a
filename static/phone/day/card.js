/* The card of the next stop, for the top of the list of the day. */
import { copyOf } from "../offline/copies.js";

/* The page of the stop has the same card, kept on this phone or asked of the office; null without either.
   `words` stand above the name. */
export async function cardOf(path, stop, words) {
  const text = await pageOf(path);
  const found = text && new DOMParser().parseFromString(text, "text/html").querySelector(".stop-card");
  if (!found) return null;
  const card = document.importNode(found, true);
  const name = card.querySelector(".name");
  name.id = "next";
  card.setAttribute("aria-labelledby", "next");
  name.replaceChildren(Object.assign(document.createElement("a"), { href: path, textContent: name.textContent }));
  name.before(Object.assign(document.createElement("p"), { className: "soft", textContent: words }));
  for (const why of card.querySelectorAll("[data-why]")) why.hidden = false;
  card.dataset.stop = stop;
  return card;
}

async function pageOf(path) {
  const copy = await copyOf(location.origin + path);
  if (copy) return copy.body;
  try {
    const answer = await fetch(path);
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null; // no signal, and no copy
  }
}
