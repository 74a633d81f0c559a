/* After saving: says what was saved, and offers to take it back for ten seconds.

   A visit is never deleted: taking it back is another fact, whether the first was sent or not. */
import { enqueue } from "./store.js";

const OFFERED_MS = 10_000;
const KEY = "saved";
const person = document.body.dataset.user;
const box = document.getElementById("saved");
const words = box.dataset;

function say(text) {
  box.querySelector("p").textContent = text;
  box.hidden = false;
}

async function takeBack(id, button) {
  button.disabled = true;
  await enqueue({
    id: crypto.randomUUID(), type: "visit.annulled", body: { visit: id, reason: words.reason }, about: { title: words.annulment },
  }, person);
  sessionStorage.setItem(KEY, JSON.stringify({ text: words.undone, at: 0 }));
  location.reload(); // the list as it was
}

function offer({ id, text, at, receipt }) {
  say(text);
  const link = box.querySelector("a");
  link.hidden = !receipt || receipt === location.href;
  link.href = receipt ?? "";
  const left = at + OFFERED_MS - Date.now();
  if (left <= 0) return;
  const button = box.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => takeBack(id, button).catch(() => say(words.failed)));
  setTimeout(() => button.remove(), left);
}

const saved = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
if (saved) offer(JSON.parse(saved));
