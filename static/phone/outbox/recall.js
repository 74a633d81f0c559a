/* Tells the office what it acknowledged, so that it notices what it has no more; and what it asks for then
   waits again. That happens when its database came from a backup. */
import { got, transact } from "./database.js";
import { tell } from "./news.js";
import { toldRuns } from "./runs.js";

const of = (person) => IDBKeyRange.only([person, "delivered"]);

/* What the office acknowledged and is still here, as runs of numbers. */
export async function deliveredRuns(person) {
  const events = await transact(["events"], "readonly", ({ events: all }) => got(all.index("state").getAll(of(person))));
  return toldRuns(events.filter(({ seq }) => seq).sort((one, other) => one.seq - other.seq));
}

/* Put back into the queue what the office lost: {lost: [[first, last]], missing: [hash]} of its answer. */
export async function putBack(person, { lost, missing }) {
  const runs = Array.isArray(lost) ? lost : [];
  const hashes = new Set(Array.isArray(missing) ? missing : []);
  if (!runs.length && !hashes.size) return;
  await transact(["events", "photos"], "readwrite", async ({ events, photos }) => {
    for (const event of await got(events.index("state").getAll(of(person)))) {
      if (runs.some(([first, last]) => event.seq >= first && event.seq <= last)) events.put({ ...event, state: "kept" });
    }
    for (const key of await got(photos.index("state").getAllKeys(of(person)))) {
      if (hashes.has(key[1])) photos.put({ ...(await got(photos.get(key))), state: "kept" });
    }
  });
  tell();
}
