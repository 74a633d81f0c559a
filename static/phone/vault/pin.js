/* A PIN before the private key of a vault (keys.js), which then lies there wrapped: {publicBytes, wrapped,
   iv, salt, secret, rounds, wrong}. The wrapping key comes from the PIN and from a secret of this browser
   that scripts can use but not read. */
import { changeVault, keepVault, vaultOf } from "./keys.js";
import { newPair } from "./sealing.js";

export const MOST_WRONG = 10;
// OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256: 1.2 s here, a few seconds on a cheap phone.
const ROUNDS = 600_000;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const utf8 = new TextEncoder();

export class WrongPin extends Error {
  constructor(left) {
    super("wrong PIN");
    this.left = left; // tries, before the route is erased
  }
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

/* Count a try before it is made, so that killing the page gives none for free. */
const countTry = (person) => changeVault(person, (vault) => ({ ...vault, wrong: vault.wrong + 1 }));

async function tried(person, pin, isExtractable) {
  const vault = await countTry(person);
  const key = await keyOfPin(pin, vault);
  const found = await unwrap(vault, key, isExtractable).catch(() => null);
  if (!found) throw new WrongPin(Math.max(0, MOST_WRONG - vault.wrong));
  await keepVault(person, { ...vault, wrong: 0 });
  return found;
}

/* The private key, usable and not readable; throws WrongPin. */
export const unlockedBy = (person, pin) => tried(person, pin, false);

/* Another PIN for the same keys, so that nothing must be sealed again; throws WrongPin. */
export async function changePin(person, pin, fresh) {
  const privateKey = await tried(person, pin, true);
  const { publicBytes } = await vaultOf(person);
  await keepVault(person, { publicBytes, ...(await wrappedBy(fresh, privateKey)) });
}
