/* The order of today as the collector changed it on this phone, for pages that show the route. */
import { officeNow, packageHere } from "../day/package.js";
import { dayAt } from "../law/judge.js";
import { visitsHere } from "./made.js";
import { changesOf } from "./memory.js";

/* Return {day, rows, done, known}: `rows` are those still to visit, in order, `known` clients by number;
   null when today is as the office published it. */
export async function orderHere(person) {
  const kept = changesOf(person);
  const pack = kept && await packageHere();
  const day = pack && dayAt(pack, officeNow(pack));
  if (!day) return null;
  const { belonging, doneOf, shown } = await import("./changes.js"); // most days keep the office's order
  const changes = belonging(kept, day);
  if (!changes.order && !changes.gone.length) return null;
  const done = doneOf(day, await visitsHere(person, day, pack.offsetMs));
  const { rows } = shown(day, changes, done, officeNow(pack));
  return { day, rows, done, known: new Map([...day.extras, ...day.stops].map((one) => [one.client, one])) };
}
