/* Locks a phone that was put away: after some minutes in the background the PIN is asked for again. */
import { hasPin, vaultOf } from "./keys.js";
import { keyOf, lock } from "./session.js";

const AWAY_MS = 10 * 60 * 1000; // longer than a talk at a door, shorter than a lost phone is found

let awaySince = null;
let timer = null;

const office = () => import("./office.js"); // only with a PIN

export async function lockNow() {
  await office().then(({ shutOffice }) => shutOffice(), () => {}); // it is not there: the PIN is asked for all the same
  await lock();
  location.reload(); // the service worker answers with the page that asks for the PIN
}

function watch() {
  if (document.visibilityState === "hidden") {
    awaySince = Date.now();
    timer = setTimeout(lockNow, AWAY_MS);
    return;
  }
  clearTimeout(timer);
  if (awaySince && Date.now() - awaySince >= AWAY_MS) lockNow(); // timers sleep with the phone
  awaySince = null;
}

/* Hold the key in this page, so that it outlives the service worker, and watch. */
export async function watchIdle(person) {
  if (!hasPin(await vaultOf(person))) return;
  await keyOf(person);
  document.addEventListener("visibilitychange", watch);
  (await office()).keepOpen(person);
}
