/* What the law says about a visit to one client at one moment, from the day package. Pure.

   Nothing here forbids anything: a fact is always taken, and the office flags what was a fault. The
   moment is that of the office's clock, in epoch seconds (see day/clock.js). */

/* The law of one way to reach a client: {windows, closed, contacts_left}. A channel may have that of another. */
export function lawOver(client, channel) {
  const told = channel === "visit" ? client : client.remote?.[channel] ?? client;
  return typeof told === "string" ? lawOver(client, told) : told;
}

/* How often they may still be sought under each limit, after what was `made`: [{most, left, text, isUsed}]. */
export function limitsLeft(law, made) {
  return law.contacts_left.map(({ counts, channels, most, left, text }) => {
    const used = made.filter(({ channel, isContact }) =>
      (channels?.includes(channel) ?? true) && (counts === "attempts" || isContact)).length;
    return { most, left: Math.max(0, left - used), text, isUsed: used > 0 };
  });
}

/* `client` is a stop or an extra of the package, `texts` its law_texts, `made` what this phone knows to
   have been done to the client since the package was made (see touches.js). Returns
   {isOpen, reasons, opensAt, closesAt, promise, limits}: reasons are {sentence, article, rule}. */
export function judge(client, texts, at, made = [], channel = "visit") {
  const law = lawOver(client, channel);
  const limits = limitsLeft(law, made);
  const window = law.windows.find(([from, to]) => from <= at && at <= to);
  const closed = law.closed.find(([from, to]) => from <= at && at <= to);
  const spent = limits.filter(({ left, isUsed }) => isUsed && !left);
  const reasons = [
    ...(closed?.[2] ?? []).map((number) => texts[number]),
    ...spent.map(({ text }) => texts[text]),
  ];
  return {
    isOpen: Boolean(window) && !spent.length,
    reasons: reasons.filter(({ rule }, n) => reasons.findIndex((one) => one.rule === rule) === n),
    opensAt: spent.length ? null : law.windows.find(([from]) => from > at)?.[0] ?? null,
    closesAt: window && window[1] - at < client.service_s ? window[1] : null,
    promise: client.promise,
    limits,
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

/* Words that nobody may say to a client: those of the day, and of those to whom they owe. */
export const wordsFor = (day, client) => [...day.words, ...(client?.creditors?.words ?? [])];

/* The day that a moment belongs to: by the day package, or null when it holds another. */
export const dayAt = ({ days }, at) => days.find(({ from, until }) => from <= at && at < until) ?? null;
