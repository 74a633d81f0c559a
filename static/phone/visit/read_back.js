/* Says what was saved, with its figures, so that a slip is noticed at the door. Pure but for the words. */
const LOCALE = "es-MX";
const ways = {}; // to write an amount, by currency

/* A day as the office's pages show it: "vie 13 mar". */
export function shownDay(day) {
  const how = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  const parts = new Intl.DateTimeFormat(LOCALE, how).formatToParts(new Date(`${day}T00:00:00Z`));
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.weekday} ${of.day} ${of.month}`;
}

/* An amount as the office's pages show it; facts of before the phone knew currencies are pesos. */
export function shownMoney(cents, currency = "MXN") {
  ways[currency] ??= new Intl.NumberFormat(LOCALE, { style: "currency", currency });
  return ways[currency].format(cents / 100);
}

/* Sums by currency, {MXN: cents}: zero is said only where there is nothing else. */
export function shownSums(sums) {
  const all = Object.entries(sums);
  const some = all.filter(([, cents]) => cents);
  return (some.length ? some : all).map(([currency, cents]) => shownMoney(cents, currency)).join(" · ");
}

/* `words` are sentences with {sum}, {day}, {outcome}. */
export function readBack(body, outcome, words, currency) {
  const sumOf = ({ amount_cents: cents }) => shownMoney(cents, currency);
  if (body.payment && body.promise) {
    return words.paid_and_promised.replace("{sum}", sumOf(body.payment))
      .replace("{rest}", sumOf(body.promise)).replace("{day}", shownDay(body.promise.due_on));
  }
  if (body.payment) return words.paid.replace("{sum}", sumOf(body.payment));
  if (body.promise) {
    return words.promised.replace("{sum}", sumOf(body.promise)).replace("{day}", shownDay(body.promise.due_on));
  }
  return words.saved.replace("{outcome}", outcome);
}
