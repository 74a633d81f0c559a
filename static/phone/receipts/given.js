/* Receipts that this phone gives by itself: a folio of its own series, and a code to verify it with. Pure,
   but for the dice of the code. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"; // as payments/rules.py reads them
const LENGTH = 16;
const FAIR = 256 - (256 % LETTERS.length); // bytes from here on would favour the first letters

/* A code that nobody guesses; `fill` fills an array with random bytes. */
export function newCode(fill = (bytes) => crypto.getRandomValues(bytes)) {
  let code = "";
  while (code.length < LENGTH) {
    for (const byte of fill(new Uint8Array(LENGTH))) {
      if (byte < FAIR && code.length < LENGTH) code += LETTERS[byte % LETTERS.length];
    }
  }
  return code;
}

/* The body of a visit with the next receipt of a series, when money was received and there is a series. */
export function withReceipt(body, folios, code = newCode) {
  if (!body.payment || !folios) return body;
  const receipt = { series: folios.series, number: folios.last + 1, code: code() };
  return { ...body, payment: { ...body.payment, receipt } };
}

/* Which folios are used after the office said what it heard of: never back on one series. */
export function afterOffice(here, told) {
  if (!told?.series || !Number.isInteger(told.last)) return here;
  if (here?.series !== told.series) return { series: told.series, last: told.last };
  return { series: here.series, last: Math.max(here.last, told.last) };
}

/* A folio as people read it: TK7QM-000005. */
export const shownFolio = ({ series, number }) => `${series}-${String(number).padStart(6, "0")}`;

/* Where anybody verifies a receipt; `pattern` is that address with CODE in it. */
export const verifyAddress = (pattern, { code }) => pattern.replace("CODE", code);

/* Receipts in events of one person, the last first: those of visits in which money was received.
   [{id, receipt, amount_cents, method, reference, at, about, state, isAnnulled}] */
export function receiptsIn(events) {
  const annulled = new Set(events.filter(({ type }) => type === "visit.annulled").map(({ body }) => body.visit));
  return events
    .filter(({ type, body }) => type === "visit.recorded" && body.payment)
    .map(({ id, made_at, body, about, state, verdict }) => ({
      id, receipt: body.payment.receipt ?? null, amount_cents: body.payment.amount_cents, method: body.payment.method,
      reference: body.payment.reference, at: made_at, about, state, verdict, isAnnulled: annulled.has(id),
    }))
    .reverse();
}
