/* This phone as the office knows it: one registration for each person who uses it. */
import { got, transact } from "./database.js";
import { beginSeries } from "./folios.js";
import { tell } from "./news.js";

const key = (person) => `device:${person}`;

export function deviceOf(person) {
  return transact(["meta"], "readonly", ({ meta }) => got(meta.get(key(person))));
}

/* People whose events this phone may send, whoever is logged in. */
export function peopleHere() {
  return transact(["meta"], "readonly", async ({ meta }) =>
    (await got(meta.getAllKeys(IDBKeyRange.bound("device:", "device:\uffff")))).map((one) => one.slice(7)));
}

/* The office does not know the token any more; the queue stays. */
export async function forgetDevice(person) {
  await transact(["meta"], "readwrite", async ({ meta }) => { meta.delete(key(person)); });
  tell();
}

/* Keep a new registration. Numbers begin anew with it, because the office looks for gaps by device. What a
   former registration delivered, or what stood there beside something else, is told again: an office that
   forgot the phone may have forgotten that too, and one that did not answers as before. */
function take(person, { device, token, series }) {
  return transact(["meta", "events"], "readwrite", async ({ meta, events }) => {
    const all = (await got(events.index("person").getAll(person))).sort((one, other) => one.seq - other.seq);
    let seq = 0;
    for (const event of all) {
      // What could not be read is first looked at by a person. What contradicts is kept by the office, too.
      const isTold = event.state !== "refused" || event.verdict?.state === "conflict";
      events.put({ ...event, ...(isTold && { state: "kept" }), seq: isTold ? (seq += 1) : null });
    }
    meta.put(seq, `seq:${person}`);
    beginSeries(meta, person, series);
    meta.put({ device, token }, key(person));
  });
}

/* What the office wants to know of the program: {installed, build}. The service worker can't see how
   its pages are shown, so they leave it here. */
export async function aboutPhone() {
  const installed = await transact(["meta"], "readonly", ({ meta }) => got(meta.get("installed")));
  const shell = (await caches.keys()).find((name) => name.startsWith("shell-"));
  return { installed: installed === true, build: shell?.slice("shell-".length) ?? "" };
}

export function noteInstalled() {
  const isInstalled = matchMedia("(display-mode: standalone)").matches;
  return transact(["meta"], "readwrite", async ({ meta }) => { meta.put(isInstalled, "installed"); });
}

const nameOfPhone = () => (navigator.userAgentData?.platform || navigator.platform || "").slice(0, 60);

/* Register this phone with the login of the page; returns whether it is known now. Two tabs that do it
   at once register once. */
export function register(person, csrfToken) {
  return navigator.locks.request("outbox-device", async () => {
    if (await deviceOf(person)) return true;
    const answer = await fetch("/phone/api/v1/devices", {
      method: "POST", redirect: "error", cache: "no-store", signal: AbortSignal.timeout(30_000),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken },
      body: JSON.stringify({ name: nameOfPhone(), ...(await aboutPhone()) }),
    });
    if (answer.status !== 201) return false;
    const told = await answer.json();
    if (!told.device || !told.token) return false;
    await take(person, told);
    tell();
    return true;
  });
}
