import assert from "node:assert/strict";
import test from "node:test";
import { diceOf } from "../../static/phone/replan/dice.js";
import { grantedBy, scheduleOf, totalOf, wrongOf } from "../../static/phone/script/terms.js";

const HOUSE = { today: "2026-03-10", periods: [7, 14, 15, 30], most: 36 };
const LADDER = [["collector", 1_000], ["supervisor", 2_500], ["admin", 10_000]];
const terms = (more) => ({
  debt_cents: 100_000, discount_basis: 0, down_cents: 10_000, count: 4, every_days: 15, first_on: "2026-03-10", step_cents: 0, ...more,
});

test("whatever the terms, the payments add up to the total and none is below the one before", () => {
  const roll = diceOf(1);
  for (let n = 0; n < 500; n += 1) {
    const one = terms({ debt_cents: 1_000 + roll(10_000_000), discount_basis: roll(9_999), count: 1 + roll(36), step_cents: roll(3) * 10 });
    one.down_cents = Math.ceil(totalOf(one) / 10);
    if (wrongOf(one, HOUSE)) continue;
    const [, ...later] = scheduleOf(one);
    assert.equal(scheduleOf(one).reduce((sum, { amount_cents }) => sum + amount_cents, 0), totalOf(one));
    assert.ok(later.every(({ amount_cents }, at) => at === 0 || amount_cents >= later[at - 1].amount_cents));
  }
});

test("a quita is rounded down, and cents that are over go to the last payments", () => {
  assert.equal(totalOf(terms({ debt_cents: 999, discount_basis: 1_000 })), 900);
  const shares = scheduleOf(terms({ debt_cents: 100_002, down_cents: 10_000, count: 4 })).map((one) => one.amount_cents);
  assert.deepEqual(shares, [10_000, 22_500, 22_500, 22_501, 22_501]);
});

test("payments follow each other by the period, over the end of a month", () => {
  assert.deepEqual(scheduleOf(terms({ count: 2 })).map((one) => one.due_on), ["2026-03-10", "2026-03-25", "2026-04-09"]);
});

test("each limit has its pair, just inside and just outside", () => {
  const pairs = [
    [{ down_cents: 5_000 }, { down_cents: 4_999 }, "down"], [{ down_cents: 99_000 }, { down_cents: 100_000 }, "down"],
    [{ count: 36 }, { count: 37 }, "count"], [{ count: 1 }, { count: 0 }, "count"], [{ every_days: 30 }, { every_days: 31 }, "every_days"],
    [{ first_on: "2026-03-10" }, { first_on: "2026-03-09" }, "first_on"], [{ discount_basis: 8_000 }, { discount_basis: 10_000 }, "discount"],
    [{ step_cents: 14_999 }, { step_cents: 15_000 }, "step"], [{ debt_cents: 100_000 }, { debt_cents: 0 }, "debt"],
  ];
  for (const [inside, outside, field] of pairs) {
    assert.equal(wrongOf(terms(inside), HOUSE), null, field);
    assert.equal(wrongOf(terms(outside), HOUSE), field);
  }
});

test("the ladder says who grants it, and a segment binds the collector alone", () => {
  const who = (basis, treatment, count = 4) => grantedBy(terms({ discount_basis: basis, count }), LADDER, treatment);
  assert.deepEqual([1_000, 1_001, 2_500, 2_501].map((basis) => who(basis)), ["collector", "supervisor", "supervisor", "admin"]);
  assert.equal(who(500, { percent: 5, instalments: 4 }), "collector");
  assert.equal(who(501, { percent: 5, instalments: 4 }), "supervisor");
  assert.equal(who(500, { percent: 5, instalments: 3 }), "supervisor");
});
