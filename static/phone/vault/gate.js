/* In the service worker: no page of the phone is shown while it is locked or its route was erased, whether
   there is signal or not. */
import { currentPerson, vaultOf } from "./keys.js";
import { isLocked } from "./session.js";

export async function isShut() {
  const person = await currentPerson();
  if (!person) return false;
  return Boolean((await vaultOf(person))?.erased) || isLocked(person);
}
