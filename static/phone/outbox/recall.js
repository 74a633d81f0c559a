/* Tells the office what it acknowledged, so that it notices what it has no more; and what it asks for then
   waits again. That happens when its database came from a backup. */
import { got, transact } from "./database.js";
import { tell } from "./news.js";
import { toldRuns } from "./runs.js";

const of = (person, state = "delivered") => IDBKeyRange.only([person, state]);
const MOST_TRIES = 5; // what another phone told as well stands at the office under numbers that are not ours
const isCompared = ({ verdict, tries }) => verdict?.state === "conflict" && tries < MOST_TRIES;
const inOrder = (events) => events.filter(({ seq }) => seq).sort((one, other) => one.seq - other.seq);

/* What the office acknowledged and is still here, and what it keeps beside something else that a person
   compares, as runs of numbers. */
export async function runsThere(person) {
  const [delivered, refused] = await transact(["events"], "readonly", ({ events }) =>
    Promise.all(["delivered", "refused"].map((state) => got(events.index("state").getAll(of(person, state))))));
  return {
    delivered: await toldRuns(inOrder(delivered)), compared: await toldRuns(inOrder(refused.filter(isCompared))),
  };
}

/* Put back into the queue what the office lost: {lost: [[first, last]], missing: [hash]} of its answer. */
export async function putBack(person, { lost, missing }) {
  const runs = Array.isArray(lost) ? lost : [];
  const hashes = new Set(Array.isArray(missing) ? missing : []);
  if (!runs.length && !hashes.size) return;
  await transact(["events", "photos"], "readwrite", async ({ events, photos }) => {
    const there = await got(events.index("state").getAll(of(person)));
    const compared = (await got(events.index("state").getAll(of(person, "refused")))).filter(isCompared);
    for (const event of [...there, ...compared]) {
      if (runs.some(([first, last]) => event.seq >= first && event.seq <= last)) events.put({ ...event, state: "kept" });
    }
    for (const key of await got(photos.index("state").getAllKeys(of(person)))) {
      if (hashes.has(key[1])) photos.put({ ...(await got(photos.get(key))), state: "kept" });
    }
  });
  tell();
}
