/* The vault of a person on this phone: the pair of keys to which everything personal is sealed.

   Saving needs the public key alone; reading needs the private one. With a PIN the private key lies here
   wrapped, {publicBytes, wrapped, iv, salt, secret, rounds, wrong}: the wrapping key comes from the PIN
   and from a secret of this browser that scripts can use but not read. Without a PIN it lies here as it
   is, {publicBytes, privateKey}. {erased: why} says that the route was erased and a login must end. */
import { got, transact } from "../outbox/database.js";
import { newPair } from "./sealing.js";

export const MOST_WRONG = 10;
// OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256: 1.2 s here, a few seconds on a cheap phone.
const ROUNDS = 600_000;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const CURRENT = "vault-current"; // whose pages this phone shows; of nobody on the login page
const PREFIX = "vault:";
const utf8 = new TextEncoder();

export class WrongPin extends Error {
  constructor(left) {
    super("wrong PIN");
    this.left = left; // tries, before the route is erased
  }
}

const read = (key) => transact(["meta"], "readonly", ({ meta }) => got(meta.get(key)));
const write = (key, value) => transact(["meta"], "readwrite", async ({ meta }) => { meta.put(value, key); });

export const vaultOf = (person) => read(PREFIX + person);
export const currentPerson = () => read(CURRENT);
export const hasPin = (vault) => Boolean(vault?.wrapped);

export async function setCurrent(person) {
  if (await currentPerson() !== person) await write(CURRENT, person);
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
    await write(PREFIX + person, vault);
    return vault;
  });
}

async function keyOfPin(pin, { salt, secret, rounds }) {
  const base = await crypto.subtle.importKey("raw", utf8.encode(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const stretched = await crypto.subtle.deriveBits(how, base, 256);
  const mixed = await crypto.subtle.sign("HMAC", secret, stretched);
  return crypto.subtle.importKey("raw", mixed, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
}

/* What a vault keeps of a private key that may be exported, wrapped by a PIN. */
async function wrappedBy(pin, privateKey) {
  const lock = {
    salt: crypto.getRandomValues(new Uint8Array(16)), rounds: ROUNDS,
    secret: await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
  };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOfPin(pin, lock);
  const wrapped = await crypto.subtle.wrapKey("pkcs8", privateKey, key, { name: "AES-GCM", iv });
  return { ...lock, iv, wrapped, wrong: 0 };
}

function unwrap(vault, key, isExtractable) {
  return crypto.subtle.unwrapKey("pkcs8", vault.wrapped, key, { name: "AES-GCM", iv: vault.iv }, CURVE, isExtractable, ["deriveBits"]);
}

/* A new pair behind a PIN: {vault, privateKey}. It is not kept yet: what is here must be sealed to it first. */
export async function vaultBehind(pin) {
  const { publicBytes, privateKey } = await newPair(true);
  const vault = { publicBytes, ...(await wrappedBy(pin, privateKey)) };
  return { vault, privateKey: await unwrap(vault, await keyOfPin(pin, vault), false) };
}

export const keepVault = (person, vault) => write(PREFIX + person, vault);

/* Count a try before it is made, so that killing the page gives none for free. */
function countTry(person) {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const vault = await got(meta.get(PREFIX + person));
    const counted = { ...vault, wrong: vault.wrong + 1 };
    meta.put(counted, PREFIX + person);
    return counted;
  });
}

async function tried(person, pin, isExtractable) {
  const vault = await countTry(person);
  const key = await keyOfPin(pin, vault);
  const found = await unwrap(vault, key, isExtractable).catch(() => null);
  if (!found) throw new WrongPin(Math.max(0, MOST_WRONG - vault.wrong));
  await write(PREFIX + person, { ...vault, wrong: 0 });
  return found;
}

/* The private key, usable and not readable; throws WrongPin. */
export const unlockedBy = (person, pin) => tried(person, pin, false);

/* Another PIN for the same keys, so that nothing must be sealed again; throws WrongPin. */
export async function changePin(person, pin, fresh) {
  const privateKey = await tried(person, pin, true);
  const { publicBytes } = await vaultOf(person);
  await write(PREFIX + person, { publicBytes, ...(await wrappedBy(fresh, privateKey)) });
}

/* Lose the private key for ever. What was sealed to it, here and in any copy of this phone, is noise. */
export const eraseKeys = (person, why) => write(PREFIX + person, { erased: why });
