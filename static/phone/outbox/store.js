/* The queue itself: events that were saved, in the order of their numbers, and their photos.

   An event is {id, person, seq, type, made_at, body, about, state, verdict, tries, delivered_at}, kept as
   boxes.js seals it. What the office compares (`type`, `made_at`, `body`) never changes once it is saved. States:
   "kept" (on this phone), "delivered" (the office has it) and "refused" (a person has to look).
   A photo is {visit, sha256, person, type, width, height, taken_at, data, state}; besides, it may be
   a "draft" of a form that was not saved. */
import { openEvents, openPhotos, sealEvent, sealPhoto } from "./boxes.js";
import { withReceipt } from "../receipts/given.js";
import { got, transact } from "./database.js";
import { foliosOf, takeFolio } from "./folios.js";
import { tell } from "./news.js";
import { isFull, layBallast, writeWithRoom } from "./room.js";

const DAY_MS = 24 * 3600 * 1000;
export const KEEP_DELIVERED_MS = 7 * DAY_MS;
const of = (person, state) => IDBKeyRange.only([person, state]);

/* Save a fact. Resolves once the disk has it, with false when it was there already. Money gets the next
   receipt of this phone, unless it is a visit that the office may have given one to (`givesReceipt`).
   Throws QuotaExceededError when the phone has no space even for that. */
export async function enqueue({ givesReceipt = true, ...fact }, person) {
  let isNew = null;
  while (isNew === null) isNew = await keepEvent(fact, person, givesReceipt);
  tell();
  return isNew;
}

/* Null when another tab used the folio meanwhile: what is kept is sealed before the transaction, which
   waits for nothing. */
async function keepEvent({ id, type, body, about = {}, made_at = new Date().toISOString() }, person, givesReceipt) {
  const folios = givesReceipt && body.payment ? await foliosOf(person) : null;
  const sealed = await sealEvent({ id, person, type, body: withReceipt(body, folios), about, made_at });
  return writeWithRoom(() => transact(["events", "photos", "meta"], "readwrite", async (stores) => {
    const { events, photos, meta } = stores;
    if (await got(events.getKey(id)) !== undefined) return false; // a second tap, another tab, a draft
    if (folios && !(await takeFolio(meta, person, folios))) return null;
    const seq = await nextSeq(meta, person);
    events.add({ ...sealed, seq, state: "kept", tries: 0 });
    for (const photo of await got(photos.index("visit").getAll(id))) {
      if (photo.state === "draft") photos.put({ ...photo, state: "kept" });
    }
    return true;
  }));
}

/* Keep a photo of a form that is still open; false when there is no space for it. */
export async function keepPhoto(photo) {
  if (!(await layBallast())) return false;
  const sealed = await sealPhoto(photo);
  try {
    await transact(["photos"], "readwrite", async ({ photos }) => { photos.put({ ...sealed, state: "draft" }); });
    return true;
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}

export async function photosOf(visit) {
  return openPhotos(await transact(["photos"], "readonly", ({ photos }) => got(photos.index("visit").getAll(visit))));
}

/* Take a photo away again, or all of a form that is given up; one that was saved stays. */
export function dropPhotos(visit, sha256 = null) {
  return transact(["photos"], "readwrite", async ({ photos }) => {
    for (const photo of await got(photos.index("visit").getAll(visit))) {
      if (photo.state === "draft" && (!sha256 || photo.sha256 === sha256)) photos.delete([visit, photo.sha256]);
    }
  });
}

export async function eventsOf(person) {
  const kept = await transact(["events"], "readonly", ({ events }) => got(events.index("person").getAll(person)));
  return openEvents(person, kept.sort((one, other) => one.seq - other.seq));
}

/* What waits, as it is kept: what is sent is opened by who sends it. */
export function waitingOf(person) {
  return transact(["events"], "readonly", async ({ events }) =>
    (await got(events.index("state").getAll(of(person, "kept")))).sort((one, other) => one.seq - other.seq));
}

/* {id: event} of those that this phone has, as they are kept. */
export function states(ids) {
  return transact(["events"], "readonly", async ({ events }) => {
    const found = await Promise.all(ids.map((id) => got(events.get(id))));
    return Object.fromEntries(found.filter(Boolean).map((event) => [event.id, event]));
  });
}

/* How much waits: {events, photos, refused, lastSeq}. */
export function counts(person) {
  return transact(["events", "photos", "meta"], "readonly", async ({ events, photos, meta }) => {
    const [kept, refused, pictures, refusedPictures, lastSeq] = await Promise.all([
      got(events.index("state").count(of(person, "kept"))),
      got(events.index("state").count(of(person, "refused"))),
      got(photos.index("state").count(of(person, "kept"))),
      got(photos.index("state").count(of(person, "refused"))),
      got(meta.get(`seq:${person}`)),
    ]);
    return { events: kept, photos: pictures, refused: refused + refusedPictures, lastSeq: lastSeq ?? 0 };
  });
}

/* Write what the office answered, in one go: [{id, state, verdict}]; `missing` are hashes it lacks. */
export async function settle(verdicts, now = new Date()) {
  await transact(["events", "photos"], "readwrite", async ({ events, photos }) => {
    for (const { id, state, verdict, missing } of verdicts) {
      const event = await got(events.get(id));
      if (!event) continue;
      events.put({ ...event, state, verdict, tries: event.tries + 1, delivered_at: now.toISOString() });
      for (const sha256 of missing ?? []) { // one that we thought was there, after the office lost a disk
        const photo = await got(photos.get([id, sha256]));
        if (photo?.state === "delivered") photos.put({ ...photo, state: "kept" });
      }
    }
  });
  tell();
}

/* The office has an event, or keeps it beside the one that it had before: a person compares the two. */
const isThere = ({ state, verdict } = {}) => state === "delivered" || verdict?.state === "conflict";

/* Keys of photos to send: [visit, sha256], only of visits that the office has. */
export function photosToSend(person, now = Date.now()) {
  return transact(["events", "photos"], "readonly", async ({ events, photos }) => {
    const keys = await got(photos.index("state").getAllKeys(of(person, "kept")));
    const known = await Promise.all(keys.map(([visit]) => got(events.get(visit))));
    return keys.filter(([, sha256], at) => {
      return isThere(known[at]) && !(known[at].later?.[sha256] > now);
    });
  });
}

/* Leave a photo until `after`; the note stands in its event, which is small. */
export function postpone([visit, sha256], after) {
  return transact(["events"], "readwrite", async ({ events }) => {
    const event = await got(events.get(visit));
    if (event) events.put({ ...event, later: { ...event.later, [sha256]: after } });
  });
}

export function photoAt(key) {
  return transact(["photos"], "readonly", ({ photos }) => got(photos.get(key)));
}

export async function settlePhoto(key, state, verdict = null) {
  await transact(["photos"], "readwrite", async ({ photos }) => {
    const photo = await got(photos.get(key));
    if (photo) photos.put({ ...photo, state, verdict });
  });
  tell();
}

async function nextSeq(meta, person) {
  const seq = ((await got(meta.get(`seq:${person}`))) ?? 0) + 1;
  meta.put(seq, `seq:${person}`);
  return seq;
}

/* Send again: one event that was refused, or everything of the last days when `id` is null. */
export async function sendAgain(person, id = null) {
  await transact(["events", "photos", "meta"], "readwrite", async ({ events, photos, meta }) => {
    for (const event of await got(events.index("person").getAll(person))) {
      if (id ? event.id !== id : event.state !== "delivered") continue;
      events.put({ ...event, seq: event.seq ?? await nextSeq(meta, person), state: "kept" });
    }
    for (const key of await got(photos.index("state").getAllKeys(of(person, "refused")))) {
      if (!id || key[0] === id) photos.put({ ...(await got(photos.get(key))), state: "kept" });
    }
  });
  tell();
}

/* Forget what the office has had for a week, and photos of forms that nobody came back to. */
export function forgetOld(now = new Date()) {
  const before = new Date(now - KEEP_DELIVERED_MS).toISOString();
  return transact(["events", "photos"], "readwrite", async ({ events, photos }) => {
    for (const event of await got(events.getAll())) {
      if (event.state !== "delivered" || event.delivered_at > before) continue;
      const keys = await got(photos.index("visit").getAllKeys(event.id));
      const own = await Promise.all(keys.map((key) => got(photos.get(key))));
      if (own.some(({ state }) => state === "kept" || state === "refused")) continue;
      for (const key of keys) photos.delete(key);
      events.delete(event.id);
    }
    const drafts = await got(photos.getAllKeys());
    for (const key of drafts) {
      const photo = await got(photos.get(key));
      if (photo.state === "draft" && photo.taken_at < before) photos.delete(key);
    }
  });
}
