/* On a page that came from the office: this phone is its person's, and everything is kept in a vault. */
import { hasPin, setCurrent, vaultOf } from "./keys.js";
import { vaultToSeal } from "./recipients.js";
import { isLocked } from "./session.js";

const PIN_PAGE = "/phone/pin";

/* Returns whether pages may be kept. Otherwise the page is left: for the one that asks for the PIN, which
   the service worker gives, or for the one where a PIN is chosen. */
export async function settleVault(person) {
  await setCurrent(person);
  const vault = await vaultOf(person);
  if (hasPin(vault)) await (await import("./office.js")).bindOffice(vault);
  if (vault?.erased || await isLocked(person)) {
    location.reload();
    return false;
  }
  if (await vaultToSeal(person)) return true;
  if (location.pathname !== PIN_PAGE) location.replace(PIN_PAGE);
  return false;
}
