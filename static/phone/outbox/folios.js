/* The counter of this phone's receipts, one for each person: {series, last}. It moves in the same transaction
   in which the payment is kept, so that the series has no gap and no folio twice. */
import { afterOffice } from "../receipts/given.js";
import { got, transact } from "./database.js";

const key = (person) => `folios:${person}`;

/* Null until the office gave this phone a series. */
export async function foliosOf(person) {
  return (await transact(["meta"], "readonly", ({ meta }) => got(meta.get(key(person))))) ?? null;
}

/* Use the folio after those that were `seen` before the transaction; false when another tab used it. */
export async function takeFolio(meta, person, seen) {
  const now = await got(meta.get(key(person)));
  if (now?.series !== seen.series || now.last !== seen.last) return false;
  meta.put({ series: seen.series, last: seen.last + 1 }, key(person));
  return true;
}

/* A new registration begins a series. */
export function beginSeries(meta, person, series) {
  if (series) meta.put({ series, last: 0 }, key(person));
  else meta.delete(key(person));
}

/* Learn what the office knows: an older copy of this database must not use folios again. */
export function noteFolios(person, told) {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const after = afterOffice(await got(meta.get(key(person))), told);
    if (after) meta.put(after, key(person));
  });
}
