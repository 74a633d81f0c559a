/* Sends what waits: events first, all of them, then photos; by one tab or the service worker alone.

   An answer that can't be written down, because the disk is full, stops nothing: the office knows an
   event by its id and says "duplicate" the next time. */
import { lastAttempt, noteAttempt } from "./attempts.js";
import { waitAfter } from "./backoff.js";
import { MOST_EVENTS, nextBatch } from "./batches.js";
import { openEvents } from "./boxes.js";
import { eraseDay } from "../vault/erase.js";
import { vaultOf } from "../vault/keys.js";
import { deviceOf, forgetDevice, peopleHere } from "./device.js";
import { noteFolios } from "./folios.js";
import { letterFor } from "./letter.js";
import { tell } from "./news.js";
import { NotTaken, pushEvents, putPhoto } from "./office.js";
import { putBack } from "./recall.js";
import { isFull, makeRoom } from "./room.js";
import { photoAt, photosToSend, postpone, settle, settlePhoto, waitingOf } from "./store.js";
import { verdictsOf } from "./verdicts.js";

const PHOTOS_AT_ONCE = 3;
const TOO_EARLY_MS = 3600_000; // until a photo is offered again that its visit was not ready for
const LOCK = "outbox";

async function remember(person, why, wait = 0) {
  await noteAttempt(person, (before) => {
    const failures = why ? (before?.failures ?? 0) + 1 : 0;
    return { at: Date.now(), why, failures, next: Date.now() + Math.max(wait, waitAfter(failures)) };
  }).catch(async (error) => {
    if (isFull(error)) await makeRoom();
    else throw error;
  });
  tell();
}

async function noted(write) {
  try {
    await write();
  } catch (error) {
    if (!isFull(error)) throw error;
    await makeRoom();
  }
}

/* Send one batch, or a greeting, which has no events; a request that is refused as a whole is cut until
   the one event that spoils it is found, which a person then looks at while the others go on. */
async function sendBatch(person, token, batch, isFirst = false) {
  try {
    const told = await pushEvents(token, await letterFor(person, batch, isFirst));
    if (!Array.isArray(told.answers)) throw new NotTaken("not_the_office");
    const verdicts = verdictsOf(batch, told);
    if (batch.length && !verdicts.length) throw new NotTaken("not_the_office");
    await noted(() => settle(verdicts));
    await noted(() => noteFolios(person, told.folios));
    await noted(() => putBack(person, told));
    return { ids: verdicts.map(({ id }) => id), wipe: told.wipe === true };
  } catch (error) {
    if (error.why !== "refused" || !batch.length) throw error;
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      const one = await sendBatch(person, token, batch.slice(0, middle));
      const other = await sendBatch(person, token, batch.slice(middle));
      return { ids: [...one.ids, ...other.ids], wipe: one.wipe || other.wipe };
    }
    const { code = null, sentence = null } = error;
    await noted(() => settle([{ id: batch[0].id, state: "refused", verdict: { state: "rejected", code, sentence } }]));
    return { ids: [batch[0].id], wipe: false };
  }
}

/* Send all events. The first letter goes also when there are none: the office hears how the phone is, and
   says what it lost. */
async function sendEvents(person, token) {
  const answered = new Set(); // also those whose answer the full disk did not take
  let wipe = false;
  for (let isFirst = true; ; isFirst = false) {
    const queue = (await waitingOf(person)).filter(({ id }) => !answered.has(id));
    if (!queue.length && !isFirst) return wipe;
    const first = await openEvents(person, queue.slice(0, MOST_EVENTS)); // open ones compress much better
    const done = await sendBatch(person, token, nextBatch(first), isFirst);
    if (queue.length && !done.ids.length) return wipe;
    for (const id of done.ids) answered.add(id);
    wipe ||= done.wipe;
  }
}

async function sendPhoto(token, key) {
  const photo = await photoAt(key);
  if (!photo) return undefined;
  try {
    await putPhoto(token, photo);
    await noted(() => settlePhoto(key, "delivered"));
  } catch (error) {
    if (error.why === "too_early") return noted(() => postpone(key, Date.now() + TOO_EARLY_MS));
    if (error.why !== "refused") throw error;
    await noted(() => settlePhoto(key, "refused", { code: error.code, sentence: error.sentence }));
  }
  return undefined;
}

async function sendPhotos(person, token) {
  const keys = await photosToSend(person);
  const take = async () => {
    for (let key = keys.shift(); key; key = keys.shift()) await sendPhoto(token, key);
  };
  await Promise.all(Array.from({ length: PHOTOS_AT_ONCE }, take));
}

async function flushPerson(person) {
  const known = await deviceOf(person);
  if (!known) return { why: "unknown_device" };
  try {
    const wipe = await sendEvents(person, known.token);
    await sendPhotos(person, known.token);
    await remember(person, null);
    return { why: null, wipe };
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    if (error.why === "unknown_device") await forgetDevice(person);
    await remember(person, error.why, error.wait);
    return { why: error.why, wipe: error.why === "revoked" };
  }
}

async function isDue(person) {
  const last = await lastAttempt(person);
  return !last?.failures || Date.now() >= last.next;
}

/* Send everything of everybody who used this phone. `isUrged`: by a person, or because the signal is
   back, which ends the waiting after failures. Returns {person: {why, wipe}}, or {busy: true}. */
export function flush({ isUrged = false } = {}) {
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return { busy: true };
    const done = {};
    for (const person of await peopleHere()) {
      if (isUrged || await isDue(person)) done[person] = await flushPerson(person);
    }
    const shutOut = [];
    for (const person of Object.keys(done).filter((one) => done[one].wipe)) {
      if ((await vaultOf(person))?.erased !== "revoked") shutOut.push(person); // once: its page asks again
    }
    for (const person of shutOut) await eraseDay(person, "revoked");
    if (shutOut.length) location.reload?.(); // a page; the service worker told its pages
    return done;
  });
}
