import assert from "node:assert/strict";
import { test } from "node:test";

import { doubtsOf } from "../../static/phone/visit/doubts.js";

const offer = { limits: { debt_cents: 150_000, least_cents: 15_000, last_on: "2026-03-25", history: [] } };
const promise = (amount_cents, due_on = "2026-03-13") => ({ promise: { amount_cents, due_on } });
const payment = (amount_cents) => ({ payment: { amount_cents } });

test("what the house expects is not asked about", () => {
  for (const body of [{}, promise(150_000), promise(15_000, "2026-03-25"), payment(150_000), payment(180_000)]) {
    assert.deepEqual(doubtsOf(body, offer), []);
  }
});

test("a payment far above the debt is asked about", () => {
  assert.deepEqual(doubtsOf(payment(180_001), offer), ["paid_more_than_debt"]);
  assert.deepEqual(doubtsOf(payment(1_500_000), offer), ["paid_more_than_debt"]); // a zero too many
});

test("a promise is held against the policy of the client's stage", () => {
  assert.deepEqual(doubtsOf(promise(150_001), offer), ["more_than_debt"]);
  assert.deepEqual(doubtsOf(promise(14_999), offer), ["too_small"]);
  assert.deepEqual(doubtsOf(promise(20_000, "2026-03-26"), offer), ["too_far_ahead"]);
});

test("with a payment the rest is what may be promised", () => {
  assert.deepEqual(doubtsOf({ ...payment(140_000), ...promise(10_000) }, offer), []);
  assert.deepEqual(doubtsOf({ ...payment(140_000), ...promise(10_001) }, offer), ["more_than_debt"]);
});

test("what was promised before is told", () => {
  const limits = { ...offer.limits, history: ["second_open"] };
  assert.deepEqual(doubtsOf(promise(20_000), { limits }), ["second_open"]);
  assert.deepEqual(doubtsOf(payment(20_000), { limits }), []);
});
