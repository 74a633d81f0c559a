/* The page of what waits on this phone: each event with its state and reason, and what can be done. */
import { shareCopy } from "./export.js";
import { lastAttempt } from "./attempts.js";
import { flush } from "./flush.js";
import { listen } from "./news.js";
import { counts, eventsOf, sendAgain } from "./store.js";

const person = document.body.dataset.user;
const main = document.getElementById("content");
const row = document.getElementById("row").content;
const states = document.getElementById("states");
const why = document.getElementById("why");
const photos = main.querySelector("[data-photos]");
const when = new Intl.DateTimeFormat("es-MX", { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const camel = (text) => text.replace(/_(\w)/g, (_all, letter) => letter.toUpperCase());

function tickOf({ state, verdict }) {
  const name = state === "delivered" && verdict?.state === "waiting" ? "review" : state;
  return states.content.querySelector(`[data-tick-of=${name}]`).cloneNode(true);
}

function reasonOf({ state, verdict }, isAnnulled) {
  if (verdict?.sentence) return verdict.sentence;
  if (state === "refused") return states.dataset[verdict?.state] ?? states.dataset.rejected;
  return isAnnulled ? states.dataset.annulled : "";
}

function rowOf(event, isAnnulled) {
  const item = row.cloneNode(true);
  const put = (name, text) => { item.querySelector(`[data-${name}]`).textContent = text ?? ""; };
  put("title", event.about.title);
  put("text", event.about.outcome);
  put("hour", when.format(new Date(event.made_at)));
  item.querySelector("[data-tick]").append(tickOf(event));
  const reason = reasonOf(event, isAnnulled);
  put("reason", reason);
  item.querySelector("[data-reason]").hidden = !reason;
  const retry = item.querySelector("[data-retry]");
  retry.hidden = event.state !== "refused";
  retry.addEventListener("click", async () => {
    await sendAgain(person, event.id);
    await flush({ isUrged: true });
  });
  return item;
}

function fill(name, events, annulled) {
  const list = main.querySelector(`[data-list=${name}]`);
  list.replaceChildren(...events.map((event) => rowOf(event, annulled.has(event.id))));
  list.hidden = !events.length;
  main.querySelector(`[data-none=${name}]`).hidden = events.length > 0;
}

async function refresh() {
  const events = (await eventsOf(person)).sort((one, other) => other.made_at.localeCompare(one.made_at));
  const annulled = new Set(events.filter(({ type }) => type === "visit.annulled").map(({ body }) => body.visit));
  fill("waiting", events.filter(({ state }) => state !== "delivered"), annulled);
  fill("delivered", events.filter(({ state }) => state === "delivered"), annulled);
  const waiting = await counts(person);
  photos.hidden = !waiting.photos;
  photos.textContent = photos.dataset.photos.replace("{n}", waiting.photos);
  const last = await lastAttempt(person);
  const sentence = waiting.events || waiting.photos ? why.dataset[camel(last?.why ?? "")] : null;
  why.hidden = !sentence;
  why.textContent = sentence ?? "";
}

document.querySelector("[data-send]").addEventListener("click", () => flush({ isUrged: true }));
main.querySelector("[data-export]").addEventListener("click", () => shareCopy(person));
main.querySelector("[data-again]").addEventListener("click", async () => {
  await sendAgain(person);
  await flush({ isUrged: true });
});
refresh();
listen(refresh);
