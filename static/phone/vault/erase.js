/* Takes a day off this phone: after wrong PINs, when the PIN was forgotten, or because the office says so.

   The keys go first: from then on everything that was sealed to the person is noise, wherever a copy of it
   lies. The outbox is sealed to the office too, stays, and is sent. */
import { forgetPages } from "../offline/copies.js";
import { eraseKeys } from "./keys.js";
import { lock } from "./session.js";

/* `why`: pins, forgotten or revoked; the next page says it. */
export async function eraseDay(person, why) {
  await eraseKeys(person, why);
  await forgetPages();
  globalThis.sessionStorage?.clear(); // which cards were opened; a service worker has none
  await lock();
}
