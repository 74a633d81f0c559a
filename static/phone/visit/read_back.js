/* Says what was saved, with its figures, so that a slip is noticed at the door. Pure but for the words. */
const LOCALE = "es-MX";
const money = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "MXN" });

/* A day as the office's pages show it: "vie 13 mar". */
export function shownDay(day) {
  const how = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  const parts = new Intl.DateTimeFormat(LOCALE, how).formatToParts(new Date(`${day}T00:00:00Z`));
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.weekday} ${of.day} ${of.month}`;
}

export const shownMoney = (cents) => money.format(cents / 100);

/* `words` are sentences with {sum}, {day}, {outcome}. */
export function readBack(body, outcome, words) {
  if (body.payment && body.promise) {
    return words.paid_and_promised.replace("{sum}", shownMoney(body.payment.amount_cents))
      .replace("{rest}", shownMoney(body.promise.amount_cents)).replace("{day}", shownDay(body.promise.due_on));
  }
  if (body.payment) return words.paid.replace("{sum}", shownMoney(body.payment.amount_cents));
  if (body.promise) {
    return words.promised.replace("{sum}", shownMoney(body.promise.amount_cents)).replace("{day}", shownDay(body.promise.due_on));
  }
  return words.saved.replace("{outcome}", outcome);
}
