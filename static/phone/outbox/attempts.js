/* What became of the last attempt to send the events of a person: {at, why, failures, next}; `why` is null
   when all went out, `next` is when to try again by itself. */
import { got, transact } from "./database.js";

const GREET_MS = 15 * 60_000; // at most so long after a restored backup the office asks again
const key = (person) => `attempt:${person}`;

export function lastAttempt(person) {
  return transact(["meta"], "readonly", ({ meta }) => got(meta.get(key(person))));
}

/* Write what `made` says after it heard of the attempt before. */
export function noteAttempt(person, made) {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    meta.put(made(await got(meta.get(key(person)))), key(person));
  });
}

/* Whether the office should hear how this phone is, although nothing waits. Not before the first event: it
   knows a phone that was just registered. One that the office forgot registers anew: what it told may be gone, too. */
export async function isGreetingDue(person) {
  const last = await lastAttempt(person);
  if (last?.why === "unknown_device") return true;
  return Boolean(last) && !last.why && Math.abs(Date.now() - last.at) > GREET_MS;
}
