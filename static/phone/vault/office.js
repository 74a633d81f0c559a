/* The office answers a login of a phone with a PIN only while the phone is unlocked. The login belongs to the
   public key of its person; the private one, which lies behind the PIN, proves that it was typed, without
   leaving the phone. collector_app/sync/rules/unlocking.py checks the proof. */
import { hasPin, vaultOf } from "./keys.js";
import { fromBase64, toBase64 } from "./sealing.js";
import { keyOf } from "./session.js";

const URL_OF_LOCK = "/phone/llave";
const EARLY_MS = 2 * 60 * 1000; // before the office would shut its pages
const PROVE_MS = 4 * 60 * 1000; // a page that stays open fetches things, too
const utf8 = new TextEncoder();

let openUntil = 0; // as this page, or this worker, proved it

/* Ask the office; null when it says no. */
async function asked(path, method, told) {
  const headers = { Accept: "application/json", ...(told && { "Content-Type": "application/json" }) };
  const answer = await fetch(URL_OF_LOCK + path, {
    method, headers, body: told && JSON.stringify(told), redirect: "error", cache: "no-store",
  });
  return answer.ok ? answer.json() : null;
}

async function proofOf(challenge, office, privateKey) {
  const theirs = await crypto.subtle.importKey("raw", office, { name: "ECDH", namedCurve: "P-256" }, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8.encode("ruta phone unlock") },
    base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"],
  );
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(challenge)));
}

/* Let the office answer this login for the next minutes; one proof serves all pages. Returns whether it does
   now: not while the phone is locked, or when the login belongs to keys that are gone. */
export async function openOffice(person, { isUrged = false } = {}) {
  if (!isUrged && Date.now() < openUntil - EARLY_MS) return true;
  if (!hasPin(await vaultOf(person))) return false;
  const privateKey = await keyOf(person);
  const told = privateKey && await asked("", "GET");
  if (!told?.key) return false;
  const proof = await proofOf(told.challenge, fromBase64(told.office), privateKey);
  const opened = await asked("/abrir", "POST", { challenge: told.challenge, proof: toBase64(proof) });
  if (opened) openUntil = Date.now() + opened.open_for_s * 1000;
  return Boolean(opened);
}

/* Prove it now and then while a page is being looked at. */
export function keepOpen(person) {
  setInterval(() => {
    if (document.visibilityState === "visible") openOffice(person).catch(() => {}); // no signal
  }, PROVE_MS);
}

/* The phone is locked: the office shall not answer it any more. Without signal that ends by itself. */
export function shutOffice() {
  openUntil = 0;
  fetch(`${URL_OF_LOCK}/cerrar`, { method: "POST", redirect: "error", keepalive: true }).catch(() => {});
}

/* Let the login of this page belong to the key of its person, which has a PIN before it. */
export async function bindOffice({ publicBytes }) {
  const { body } = document;
  if ("bound" in body.dataset) return;
  const csrf = document.querySelector("form[data-leaves] [name=csrf_token]").value;
  const answer = await fetch(URL_OF_LOCK, {
    method: "PUT", redirect: "error", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ key: toBase64(publicBytes) }),
  }).catch(() => null); // no signal for a moment: the next page does it
  if (!answer?.ok) return;
  body.dataset.bound = "";
  await openOffice(body.dataset.user, { isUrged: true }).catch(() => {});
}
