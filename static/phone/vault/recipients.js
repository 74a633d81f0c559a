/* For whom this phone seals: the office, and the person whose phone it is. */
import { openVault, vaultOf } from "./keys.js";
import { fromBase64, openBox, recipientOf, seal } from "./sealing.js";
import { keyOf } from "./session.js";

const { office, pin } = globalThis.document?.body?.dataset ?? {};
const utf8 = new TextEncoder();

/* The vault to seal to. Where a PIN is only offered, one without is made at once; where it is demanded
   there is none before it was chosen, and so nothing that could be kept. */
export async function vaultToSeal(person) {
  const known = await vaultOf(person);
  if (known) return known.erased ? null : known;
  return pin === "offered" ? openVault(person) : null;
}

/* {mine, office}: recipients, each null when there is none. */
export async function recipients(person) {
  const vault = await vaultToSeal(person);
  return {
    mine: vault && await recipientOf(vault.publicBytes),
    office: office ? await recipientOf(fromBase64(office)) : null,
  };
}

export const sealText = (text, to, about) => seal(utf8.encode(text), to, about);

/* What opens the boxes of a person: {name, privateKey}; null while the phone is locked. */
export async function readerOf(person) {
  const vault = await vaultOf(person);
  const privateKey = vault?.publicBytes && await keyOf(person);
  return privateKey ? { name: (await recipientOf(vault.publicBytes)).name, privateKey } : null;
}

/* The bytes of a box, or null when it was sealed to keys that are gone. */
export const openWith = (reader, box, about) => openBox(box, reader, about).catch(() => null);

export const textOf = (bytes) => new TextDecoder().decode(bytes);
