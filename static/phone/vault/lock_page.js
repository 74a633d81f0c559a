/* What stands in front of every page while the phone is locked, or after its route was erased. It knows
   nothing of anybody, and sends what waits: for that no PIN is needed. */
import { dropDrafts } from "../offline/drafts.js";
import { forgetExpired } from "../offline/copies.js";
import { flush } from "../outbox/flush.js";
import { counts } from "../outbox/store.js";
import { eraseDay } from "./erase.js";
import { currentPerson, leaveVaults, vaultOf } from "./keys.js";
import { openOffice } from "./office.js";
import { unlockedBy, WrongPin } from "./pin.js";
import { hold, isLocked } from "./session.js";

// The office gave this page: it wants a proof that the PIN was typed.
const isByOffice = "byOffice" in document.getElementById("lock").dataset;
const OPENED_AT = "opened-at"; // when this tab proved it; at once again would go on for ever
const SOON_MS = 10_000;
const asking = document.getElementById("asking");
const erased = document.getElementById("erased");
const said = document.getElementById("said");
const pending = document.getElementById("pending");
const input = asking.querySelector("input");

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

/* Log out with the cookie that may still be there: the password is asked for next. */
async function endLogin() {
  const answer = await fetch("/phone/pendientes", { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("form[data-leaves]");
  if (!answer.ok && answer.status !== 401 && answer.status !== 403) throw new Error(`answered ${answer.status}`);
  if (form) await fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form) });
  await leaveVaults();
  location.assign("/entrar");
}

async function sayPending(person) {
  const { events, photos } = await counts(person);
  pending.textContent = pending.dataset.pending.replace("{n}", events).replace("{photos}", photos);
  pending.hidden = !events && !photos;
}

function showErased(person, why) {
  say("");
  if (why !== "lost") dropDrafts(person);
  asking.hidden = true;
  erased.hidden = false;
  erased.querySelector("[data-why]").textContent = erased.dataset[why];
}

/* The phone is unlocked, and only the office does not know it yet: prove it and go on. Returns whether this
   page is left; not when the login belongs to keys that are gone, or when proving did not help just now. */
async function goesOn(person) {
  const isAgain = Date.now() - Number(sessionStorage.getItem(OPENED_AT)) < SOON_MS;
  if (isAgain || await isLocked(person)) return false;
  sessionStorage.setItem(OPENED_AT, String(Date.now()));
  const isOpen = await openOffice(person, { isUrged: true }).catch(() => true); // no signal: copies are here
  if (isOpen) location.reload();
  return isOpen;
}

async function open(person) {
  try {
    await hold(person, await unlockedBy(person, input.value));
    location.reload();
  } catch (error) {
    if (!(error instanceof WrongPin)) throw error;
    input.value = "";
    if (error.left) {
      say(asking.dataset.wrong.replace("{n}", error.left));
    } else {
      await eraseDay(person, "pins");
      showErased(person, "pins");
    }
    flush({ isUrged: true }); // the office hears of it
  }
}

async function begin() {
  const person = await currentPerson();
  const vault = person && await vaultOf(person);
  if (!vault && !isByOffice) return location.replace("/phone/");
  if (isByOffice && vault && !vault.erased && await goesOn(person)) return undefined;
  const isLost = !vault || (isByOffice && !vault.erased && !(await isLocked(person)));
  if (vault?.erased || isLost) showErased(person, vault?.erased ?? "lost");
  const button = asking.querySelector("button");
  asking.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say(asking.dataset.working);
    await open(person).finally(() => { button.disabled = false; });
  });
  asking.hidden = Boolean(vault?.erased) || isLost; // shown only now: sent before, the PIN would stand in an address
  input.focus();
  document.querySelector("button[data-forgot]").addEventListener("click", async () => {
    if (!confirm(asking.dataset.forgot)) return;
    await eraseDay(person, "forgotten");
    showErased(person, "forgotten");
  });
  erased.querySelector("button").addEventListener("click", () => endLogin().catch(() => {
    erased.querySelector("[data-no-signal]").hidden = false;
  }));
  if (!person) return undefined;
  const send = () => flush({ isUrged: true }).then(() => sayPending(person));
  addEventListener("online", send);
  await sayPending(person);
  await forgetExpired();
  await send();
  return undefined;
}

begin();
