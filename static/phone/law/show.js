/* On a stop and on the form of a visit: a word of warning when the law closes this moment. Never more
   than a word: what happened can always be saved. */
import { officeNow, packageHere } from "../day/package.js";
import { eventsOf } from "../outbox/store.js";
import { findClient, judge } from "./judge.js";
import { touchesIn } from "./touches.js";

const box = document.getElementById("law");
const words = box.dataset;
const LOOK_MS = 30_000;

const hourOf = (at) => new Intl.DateTimeFormat(document.documentElement.lang, {
  timeZone: words.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
}).format(at * 1000);

function line(text) {
  const one = document.createElement("p");
  one.textContent = text;
  return one;
}

function told({ isOpen, reasons, opensAt, closesAt, promise }) {
  const lines = [];
  if (!isOpen) {
    lines.push(words.closed, ...reasons.map(({ sentence }) => `${sentence}.`));
    lines.push(opensAt ? words.opens.replace("{hour}", hourOf(opensAt)) : words.notToday, words.fact);
  } else if (closesAt) {
    lines.push(words.closes.replace("{hour}", hourOf(closesAt)));
  }
  if (promise) lines.push(words.promise.replace("{day}", promise.due_on.split("-").reverse().join("/")));
  return lines;
}

async function show() {
  const found = await packageHere();
  const known = found && findClient(found, Number(words.client));
  const made = known ? touchesIn(await eventsOf(document.body.dataset.user), known.client.client, found.gotAt) : [];
  const lines = known ? told(judge(known.client, found.law_texts, officeNow(found), made)) : [];
  const text = lines.join("\n");
  if (box.dataset.told === text) return; // a reader of screens hears it once
  box.dataset.told = text;
  const [first, ...rest] = lines.map(line);
  first?.classList.add("strong");
  box.querySelector("div").replaceChildren(...(first ? [first, ...rest] : []));
  box.hidden = !lines.length;
}

show();
setInterval(show, LOOK_MS);
addEventListener("visibilitychange", show);
addEventListener("daypackage", show);
