/* Visits that are being written on this phone and were not saved yet.

   A draft is {uuid, path, title, at, tried, fields}; `tried` tells when it was last sent as a page
   without scripts is, without an answer: the outbox takes such ones over. They are kept by person, so that
   another one who uses this phone never sees them; `title` and `fields` are sealed to that person. */
import { openWith, readerOf, sealText, textOf, vaultToSeal } from "../vault/recipients.js";
import { fromBase64, recipientOf, toBase64 } from "../vault/sealing.js";

const PREFIX = "draft:";
const keyOf = (person, uuid) => `${PREFIX}${person}:${uuid}`;

function keys(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return []; // storage is switched off: nothing was kept, and nobody was told that it was
  }
}

async function opened(draft, reader) {
  if (!draft.box) return draft;
  const bytes = reader && await openWith(reader, fromBase64(draft.box), draft.uuid);
  return bytes && { ...draft, ...JSON.parse(textOf(bytes)) };
}

/* Drafts of a person; none while the phone is locked. */
export async function draftsOf(person) {
  const kept = keys(`${PREFIX}${person}:`).map((key) => JSON.parse(localStorage.getItem(key)));
  const reader = kept.length ? await readerOf(person) : null;
  const found = await Promise.all(kept.map((draft) => opened(draft, reader)));
  return found.filter(Boolean).sort((one, other) => one.at.localeCompare(other.at));
}

/* Keep a draft; returns whether the phone took it. Without a vault, before a PIN was chosen where one is
   demanded, it lies open. */
export async function keepDraft(person, { title, fields, ...draft }) {
  const vault = await vaultToSeal(person);
  const words = JSON.stringify({ title, fields });
  const box = vault && await sealText(words, [await recipientOf(vault.publicBytes)], draft.uuid);
  try {
    const kept = box ? { ...draft, box: toBase64(box) } : { ...draft, title, fields };
    localStorage.setItem(keyOf(person, draft.uuid), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(person, uuid) {
  try {
    localStorage.removeItem(keyOf(person, uuid));
  } catch {
    return;
  }
}

/* Delete the drafts of a person who was told what that loses; those of others wait for them. */
export function dropDrafts(person) {
  for (const key of keys(`${PREFIX}${person}:`)) localStorage.removeItem(key);
}

/* Ask the office which of those that were sent it has, and drop them. Without an answer all stay. */
export async function dropArrived(person) {
  const sent = (await draftsOf(person)).filter(({ tried }) => tried);
  if (!sent.length) return;
  const query = new URLSearchParams(sent.map(({ uuid }) => ["uuid", uuid]));
  try {
    const answer = await fetch(`/phone/guardadas?${query}`, {
      headers: { Accept: "application/json" }, redirect: "error", cache: "no-store",
    });
    if (!answer.ok) return;
    for (const uuid of (await answer.json()).stored) dropDraft(person, uuid);
  } catch {
    return;
  }
}
