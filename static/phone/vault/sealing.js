/* Boxes: bytes that only the holders of certain keys can read. Pure.

   A box is: 1 (the version), how many recipients, a public key made for it alone (65 bytes), for each
   recipient the name of the key (8) and the content key wrapped for it (48), an IV (12), the content.
   ECDH P-256, HKDF-SHA256, AES-256-GCM; collector_app/sync/rules/sealing.py opens them at the office. */
const VERSION = 1;
const POINT = 65;
const NAME = 8;
const WRAPPED = 48;
const IV = 12;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const NO_IV = new Uint8Array(IV); // a wrapping key wraps once
const utf8 = new TextEncoder();

/* The box can't be opened: it is for others, of another fact, or was changed. */
export class BrokenSeal extends Error {}

/* A recipient's public key, 65 bytes, with the name by which boxes call it. */
export async function recipientOf(publicBytes) {
  const digest = await crypto.subtle.digest("SHA-256", publicBytes);
  return {
    name: new Uint8Array(digest, 0, NAME),
    key: await crypto.subtle.importKey("raw", publicBytes, CURVE, false, []),
  };
}

/* A pair of keys for a recipient: {publicBytes, privateKey}. */
export async function newPair(isExtractable) {
  const pair = await crypto.subtle.generateKey(CURVE, isExtractable, ["deriveBits"]);
  return { publicBytes: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)), privateKey: pair.privateKey };
}

async function wrappingKey(publicKey, privateKey, point, name) {
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: publicKey }, privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: point, info: name }, base,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/* Seal bytes for recipients; `about` is the id of the fact, without which the box does not open. */
export async function seal(bytes, recipients, about) {
  const { publicBytes: point, privateKey } = await newPair(false);
  const content = crypto.getRandomValues(new Uint8Array(32));
  const lines = await Promise.all(recipients.map(async ({ name, key }) => {
    const wrapping = await wrappingKey(key, privateKey, point, name);
    const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: NO_IV }, wrapping, content);
    return joined([name, new Uint8Array(wrapped)]);
  }));
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const key = await crypto.subtle.importKey("raw", content, "AES-GCM", false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(about) }, key, bytes);
  return joined([new Uint8Array([VERSION, recipients.length]), point, ...lines, iv, new Uint8Array(sealed)]);
}

/* Open a box as the holder of a private key, whose public one is called `name`. */
export async function openBox(box, { name, privateKey }, about) {
  const from = 2 + POINT;
  const starts = Array.from({ length: box[1] }, (_none, n) => from + n * (NAME + WRAPPED));
  const mine = starts.find((at) => name.every((byte, n) => box[at + n] === byte));
  if (box[0] !== VERSION || mine === undefined) throw new BrokenSeal("not for this key");
  const point = box.subarray(2, from);
  const rest = from + box[1] * (NAME + WRAPPED);
  try {
    const theirs = await crypto.subtle.importKey("raw", point, CURVE, false, []);
    const wrapping = await wrappingKey(theirs, privateKey, point, name);
    const wrapped = box.subarray(mine + NAME, mine + NAME + WRAPPED);
    const content = await crypto.subtle.decrypt({ name: "AES-GCM", iv: NO_IV }, wrapping, wrapped);
    const key = await crypto.subtle.importKey("raw", content, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: box.subarray(rest, rest + IV), additionalData: utf8.encode(about) };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, box.subarray(rest + IV)));
  } catch (error) {
    throw new BrokenSeal("it was changed, or it is of another fact", { cause: error });
  }
}

/* Text of bytes and back, as addresses and JSON carry them. */
export function toBase64(bytes) {
  const PIECE = 0x8000; // bytes that become text at once
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
