/* What the law says about a visit to one client at one moment, from the day package. Pure.

   Nothing here forbids anything: a fact is always taken, and the office flags what was a fault. The
   moment is that of the office's clock, in epoch seconds (see day/clock.js). */

/* `client` is a stop or an extra of the package, `texts` its law_texts, `made` what this phone knows to
   have been done to the client since the package was made: {attempts, contacts}. Returns
   {isOpen, reasons, opensAt, closesAt, promise}: reasons are {sentence, article, rule}. */
export function judge(client, texts, at, made = { attempts: 0, contacts: 0 }) {
  const window = client.windows.find(([from, to]) => from <= at && at <= to);
  const closed = client.closed.find(([from, to]) => from <= at && at <= to);
  const spent = client.contacts_left.filter(({ counts, left }) => made[counts] > 0 && left <= made[counts]);
  const reasons = [
    ...(closed?.[2] ?? []).map((number) => texts[number]),
    ...spent.map(({ text }) => texts[text]),
  ];
  return {
    isOpen: Boolean(window) && !spent.length,
    reasons: reasons.filter(({ rule }, n) => reasons.findIndex((one) => one.rule === rule) === n),
    opensAt: spent.length ? null : client.windows.find(([from]) => from > at)?.[0] ?? null,
    closesAt: window && window[1] - at < client.service_s ? window[1] : null,
    promise: client.promise,
  };
}

/* The client of that number in any day of a package: {day, client}; a stop before an extra. */
export function findClient({ days }, number) {
  for (const list of ["stops", "extras"]) {
    for (const day of days) {
      const client = day[list].find((one) => one.client === number);
      if (client) return { day, client };
    }
  }
  return null;
}

/* The day that a moment belongs to: by the day package, or null when it holds another. */
export const dayAt = ({ days }, at) => days.find(({ from, until }) => from <= at && at < until) ?? null;
