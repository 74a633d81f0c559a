/* An offer as figures: the same arithmetic and limits as schedules/rules.py and agreements/rules.py. Pure.

   Terms are {debt_cents, discount_basis, down_cents, count, every_days, first_on, step_cents}: cents, hundredths of a
   percent, a day such as "2026-03-10". */
const WHOLE = 10_000;
const LEAST_DOWN_BASIS = 500;

export const totalOf = ({ debt_cents: debt, discount_basis: basis }) => debt - Math.floor(debt * basis / WHOLE);

const rampOf = ({ step_cents: step, count }) => step * count * (count - 1) / 2;

/* Which field can't be used, or null. `periods` and `most` are what the house knows. */
export function wrongOf(terms, { today, periods, most }) {
  const total = totalOf(terms);
  const leastDown = Math.floor(total * LEAST_DOWN_BASIS / WHOLE);
  const checks = [
    [terms.debt_cents > 0, "debt"],
    [terms.discount_basis >= 0 && terms.discount_basis < WHOLE, "discount"],
    [Number.isInteger(terms.count) && terms.count >= 1 && terms.count <= most, "count"],
    [periods.includes(terms.every_days), "every_days"],
    [terms.first_on >= today, "first_on"],
    [leastDown <= terms.down_cents && terms.down_cents < total, "down"],
    [terms.step_cents >= 0 && total - terms.down_cents - rampOf(terms) >= terms.count, "step"],
  ];
  return checks.find(([holds]) => !holds)?.[1] ?? null;
}

function dayAfter(day, days) {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/* [{number, due_on, amount_cents}]: the down payment is number 0; all of them add up to the total. */
export function scheduleOf(terms) {
  const { count, every_days: every, first_on: first, step_cents: step, down_cents: down } = terms;
  const rest = totalOf(terms) - down - rampOf(terms);
  const [share, over] = [Math.floor(rest / count), rest % count];
  const later = Array.from({ length: count }, (_none, n) => ({
    number: n + 1, due_on: dayAfter(first, every * (n + 1)), amount_cents: share + (n >= count - over ? 1 : 0) + step * n,
  }));
  return [{ number: 0, due_on: first, amount_cents: down }, ...later];
}

/* Who may grant an offer: `ladder` is [[role, most]] from the collector up; the segment of the client may bind a
   collector more tightly: {percent, instalments}. */
export function grantedBy({ discount_basis: basis, count }, ladder, treatment) {
  const isWithin = !treatment || (basis <= treatment.percent * 100 && count <= treatment.instalments);
  const [first, ...above] = ladder;
  if (isWithin && basis <= first[1]) return first[0];
  return above.find(([, most]) => basis <= most)?.[0] ?? null;
}
