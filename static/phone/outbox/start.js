/* On every page of the phone: the badge that says what waits, and the sending of it. */
import { draftsOf, dropDraft } from "../offline/drafts.js";
import { isGreetingDue, lastAttempt } from "./attempts.js";
import { badgeOf } from "./badge_state.js";
import { deviceOf, noteInstalled } from "./device.js";
import { enroll } from "./enroll.js";
import { listen } from "./news.js";
import { layBallast } from "./room.js";
import { counts, forgetOld } from "./store.js";

const person = document.body.dataset.user;
const strip = document.getElementById("outbox");
const LOOK_MS = 20_000; // how often a page that stays open looks whether it should try again
const SOON_MS = 3_000; // after another tab had the lock
let asked = 0;

function show({ key, n, tone }) {
  const text = strip.dataset[n === 1 ? `${key}One` : key] ?? strip.dataset[key];
  const link = strip.querySelector("[data-says=outbox]");
  if (link.textContent !== text.replace("{n}", n)) link.textContent = text.replace("{n}", n);
  strip.dataset.tone = tone;
  strip.ariaBusy = "false";
  strip.hidden = false;
}

/* Count again what waits. Busy from the moment of a change on: what the badge said before may be false. */
async function refresh() {
  const turn = ++asked;
  strip.ariaBusy = "true";
  const last = await lastAttempt(person);
  const why = await deviceOf(person) ? last?.why ?? null : "unknown_device";
  const badge = badgeOf(await counts(person), why, navigator.onLine);
  if (turn === asked) show(badge); // else a later look, which knows more, is on its way
}

/* Ask the browser to wake the service worker when there is signal, also with the page closed. */
async function askForWaking() {
  const registration = await navigator.serviceWorker?.getRegistration("/phone/");
  await registration?.sync?.register("outbox").catch(() => {}); // not every browser has it
}

async function send(isUrged) {
  const waiting = await counts(person);
  if (waiting.events || waiting.photos) await askForWaking();
  else if (!await isGreetingDue(person)) return;
  await enroll();
  const { flush } = await import("./flush.js"); // only when there is something to tell
  const done = await flush({ isUrged });
  if (done.busy) setTimeout(() => send(false).catch(complain), SOON_MS);
}

function complain(error) {
  show({ key: "broken", n: 0, tone: "bad" });
  throw error; // a fault of the program: say so in the console, too
}

const urge = () => send(true).catch(complain);

async function adopt() {
  const { adoptDrafts } = await import("./drafts_of_before.js"); // few phones need it
  for (const uuid of await adoptDrafts(person)) dropDraft(person, uuid);
}

async function begin() {
  await refresh();
  listen(() => refresh().catch(complain));
  addEventListener("online", () => { refresh(); urge(); });
  addEventListener("offline", refresh);
  addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") urge(); });
  setInterval(() => send(false).catch(complain), LOOK_MS);
  await noteInstalled();
  await layBallast();
  await forgetOld();
  if ((await draftsOf(person)).some(({ tried }) => tried)) await adopt();
  await enroll();
  await refresh();
  await urge();
}

begin().catch(complain);
