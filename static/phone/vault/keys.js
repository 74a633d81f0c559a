/* The vault of a person on this phone: the pair of keys to which everything personal is sealed.

   Saving needs the public key alone; reading needs the private one. With a PIN the private key lies here
   wrapped, as pin.js says: {publicBytes, wrapped, ...}. Without a PIN it lies here as it is, {publicBytes,
   privateKey}. {erased: why} says that the route was erased and a login must end. */
import { got, transact } from "../outbox/database.js";
import { newPair } from "./sealing.js";

const CURRENT = "vault-current"; // whose pages this phone shows; of nobody on the login page
const PREFIX = "vault:";

const read = (key) => transact(["meta"], "readonly", ({ meta }) => got(meta.get(key)));
const write = (key, value) => transact(["meta"], "readwrite", async ({ meta }) => { meta.put(value, key); });

export const vaultOf = (person) => read(PREFIX + person);
export const keepVault = (person, vault) => write(PREFIX + person, vault);
export const currentPerson = () => read(CURRENT);
export const hasPin = (vault) => Boolean(vault?.wrapped);

export async function setCurrent(person) {
  if (await currentPerson() !== person) await write(CURRENT, person);
}

/* Change what is kept of a person in one go, and return it: `change` gets what was there. */
export function changeVault(person, change) {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const changed = change(await got(meta.get(PREFIX + person)));
    meta.put(changed, PREFIX + person);
    return changed;
  });
}

/* Nobody is logged in: a vault that was erased has nothing more to wait for. */
export function leaveVaults() {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    meta.delete(CURRENT);
    for (const key of await got(meta.getAllKeys(IDBKeyRange.bound(PREFIX, `${PREFIX}\uffff`)))) {
      if ((await got(meta.get(key))).erased) meta.delete(key);
    }
  });
}

/* A vault without a PIN, for who has not chosen one; two tabs make one. */
export function openVault(person) {
  return navigator.locks.request("vault", async () => {
    const known = await vaultOf(person);
    if (known) return known;
    const vault = await newPair(false);
    await keepVault(person, vault);
    return vault;
  });
}

/* Lose the private key for ever. What was sealed to it, here and in any copy of this phone, is noise. */
export const eraseKeys = (person, why) =>
  changeVault(person, (vault) => ({ erased: why, wrong: vault?.wrong ?? 0 })); // the office wants to hear of it
