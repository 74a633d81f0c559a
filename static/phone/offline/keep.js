/* On every page of the phone: keeps today's pages and the map, and says how old what is shown is. */
import { forgetPages, keepPage } from "./copies.js";
import { isWrong, setBackBy } from "../day/clock.js";
import { packageHere, refreshPackage } from "../day/package.js";
import { calm } from "./calm.js";
import { watchIdle } from "../vault/idle.js";
import { settleVault } from "../vault/settle.js";
import { enroll } from "../outbox/enroll.js";
import { draftsOf, dropArrived } from "./drafts.js";

const person = document.body.dataset.user;
const box = document.getElementById("signal");
const words = box.dataset;
const shownAt = document.documentElement.dataset.copiedAt; // set by the service worker on a copy

function hourOf(instant) {
  const today = new Date().toDateString() === instant.toDateString();
  const how = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (!today) Object.assign(how, { day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(document.documentElement.lang, how).format(instant);
}

/* Show one sentence above the page, or none. */
function say(kind, text) {
  box.querySelector(`[data-says=${kind}]`)?.remove();
  if (!text) return;
  const line = document.createElement("p");
  line.dataset.says = kind;
  line.textContent = text;
  box.append(line);
}

function sayAge(instant) {
  say("age", words.age.replace("{hour}", hourOf(instant)));
}

async function sayDrafts() {
  const waiting = await draftsOf(person);
  say("drafts", waiting.length ? words.drafts.replace("{n}", waiting.length) : "");
  const line = box.querySelector("[data-says=drafts]");
  for (const { path, title } of line ? waiting : []) {
    if (path === location.pathname) continue;
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title;
    line.append(" ", link);
  }
}

/* Hours of the law go by the office's clock, as far as the phone knows how wrong its own is. */
async function sayClock() {
  const { offsetMs: offset = 0, gotAt = 0 } = (await packageHere()) ?? {};
  await sayWrong("clock", offset);
  // Set since the last signal, hours of the law are not the office's either. Of one that was wrong before all is said.
  const moved = Number(document.body.dataset.satellites) || setBackBy(gotAt, Date.now()); // see gps.js
  await sayWrong("moved", isWrong(offset) ? 0 : moved);
}

async function sayWrong(kind, ms) {
  if (!isWrong(ms)) return say(kind, "");
  const { spoken } = await import("../ready/verdict.js"); // hardly any phone
  return say(kind, words[kind].replace("{n}", spoken(ms, document.documentElement.lang)));
}

/* No signal for a moment, or no space: the next page tries again. */
function giveUp(error) {
  say("state", error?.name === "QuotaExceededError" ? words.full : "");
  box.dataset.ready = "no";
  dispatchEvent(new Event("daypackage")); // whoever waits for one works with what is here
}

/* Fetch what today needs and is not here yet. What does it is asked for last: the page itself comes first. */
async function keepToday() {
  try {
    await calm(() => !document.querySelector("[aria-busy=true]"));
    const { keepDay } = await import("./day_ahead.js");
    if (!(await keepDay(person))) return;
    say("state", "");
    box.dataset.ready = "yes";
  } catch (error) {
    giveUp(error);
  }
}

async function begin() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/phone/sw.js", {
    // Each page asks whether sw.js is new. What it imports is not asked for again: its address names its bytes.
    scope: "/phone/", type: "module", updateViaCache: "imports",
  });
  const fresh = registration.installing;
  fresh?.addEventListener("statechange", () => {
    if (fresh.state === "redundant" && !registration.active) say("state", words.full);
  });
  await navigator.serviceWorker.ready;
  if (!(await settleVault(person))) return;
  await forgetPages(person);
  navigator.storage?.persist?.();
  if (!navigator.serviceWorker.controller) { // nobody was there to keep this very page
    await keepPage(location.href, await fetch(location.href, { redirect: "error" }), true);
  }
  await enroll();
  await refreshPackage(person);
  dispatchEvent(new Event("daypackage"));
  await keepToday();
}

async function run() {
  if (shownAt) sayAge(new Date(shownAt));
  await watchIdle(person);
  const opened = new Date();
  addEventListener("offline", () => sayAge(shownAt ? new Date(shownAt) : opened));
  addEventListener("online", () => say("age", shownAt ? words.back : ""));
  if (!shownAt) await dropArrived(person);
  await sayDrafts();
  await sayClock();
  addEventListener("daypackage", sayClock);
  addEventListener("satellites", sayClock);
  if (shownAt) return;
  await calm();
  await begin();
}

addEventListener("load", () => run().catch(giveUp));
