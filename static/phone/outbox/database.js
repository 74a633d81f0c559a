/* The phone's own database: what was recorded here, and what the office has of it.

   Stores: `events` (facts, by id), `photos` (by visit and hash), `meta` (counters, devices). */
const NAME = "outbox";
const VERSION = 1;
// The browser closed the connection, as iOS does when memory is short: nothing of it was written.
const CLOSED = new Set(["InvalidStateError", "AbortError", "UnknownError"]);

let opening = null;

function lay(database) {
  const events = database.createObjectStore("events", { keyPath: "id" });
  events.createIndex("person", "person");
  events.createIndex("state", ["person", "state"]);
  const photos = database.createObjectStore("photos", { keyPath: ["visit", "sha256"] });
  photos.createIndex("visit", "visit");
  photos.createIndex("state", ["person", "state"]);
  database.createObjectStore("meta");
}

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => lay(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const database = asked.result;
      database.onclose = () => { opening = null; };
      database.onversionchange = () => { // a newer page wants to change the stores: never block it
        database.close();
        opening = null;
      };
      resolve(database);
    };
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

/* The answer of one request. */
export function got(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function once(database, stores, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode, { durability: "strict" });
    let result;
    let failure = null;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(failure ?? transaction.error ?? new DOMException("closed", "AbortError"));
    const opened = Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)]));
    work(opened).then((value) => { result = value; }, (error) => {
      failure = error;
      try {
        transaction.abort();
      } catch {
        reject(error); // it had ended by itself, or its connection is gone
      }
    });
  });
}

/* Do all of `work` or nothing. Resolves with what it returned only when the disk has it. */
export async function transact(stores, mode, work) {
  try {
    return await once(await open(), stores, mode, work);
  } catch (error) {
    if (!CLOSED.has(error?.name)) throw error;
    opening = null;
    return once(await open(), stores, mode, work);
  }
}
