/* Visits that are being written on this phone and were not saved yet.

   A draft is {uuid, path, title, at, tried, fields}; `tried` tells when it was last sent as a page
   without scripts is, without an answer: the outbox takes such ones over. They are kept by person, so that another one who uses this phone never sees them. */
const PREFIX = "draft:";
const keyOf = (person, uuid) => `${PREFIX}${person}:${uuid}`;

function keys(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return []; // storage is switched off: nothing was kept, and nobody was told that it was
  }
}

export function draftsOf(person) {
  return keys(`${PREFIX}${person}:`)
    .map((key) => JSON.parse(localStorage.getItem(key)))
    .sort((one, other) => one.at.localeCompare(other.at));
}

/* Keep a draft; returns whether the phone took it. */
export function keepDraft(person, draft) {
  try {
    localStorage.setItem(keyOf(person, draft.uuid), JSON.stringify(draft));
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
  const sent = draftsOf(person).filter(({ tried }) => tried);
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
