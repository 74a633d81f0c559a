/* What is asked about once more before a visit is saved: it is taken all the same, and the office flags it.
   The same rules as promises/rules.py, with the policy of the client's stage. Pure. */
const FAR_ABOVE = 1.2; // people round up, and pay the fee of a month with it

/* Return keys of `offer.doubts` about a body that is complete. */
export function doubtsOf({ payment, promise }, { limits }) {
  const { debt_cents: debt, least_cents: least, last_on: last, history } = limits;
  const found = [];
  if (payment && payment.amount_cents > debt * FAR_ABOVE) found.push("paid_more_than_debt");
  if (!promise) return found;
  const rest = debt - (payment?.amount_cents ?? 0);
  if (promise.amount_cents > rest) found.push("more_than_debt");
  if (promise.due_on > last) found.push("too_far_ahead");
  if (promise.amount_cents < Math.min(least, rest)) found.push("too_small");
  return [...found, ...history];
}
