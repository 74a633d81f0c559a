import assert from "node:assert/strict";
import { test } from "node:test";

import { checklistOf } from "../../static/phone/visit/checklist.js";

const offer = {
  required: { promised: "promise", paid_in_part: "payment", no_agreement: "objection", asks_discount: null, third_party: null, not_home: null, other: "note" },
  responsible: ["holder", "guarantor"], most_percent: 10,
  said: { debt: ["debe", "deuda", "crédito"], vague: ["va a pagar", "pagará"], discount: ["quita", "descuento"] },
};
const PROMISE = { amount_cents: 50_000, due_on: "2026-03-13" };

/* Keys of what is open: with "!" when it is plainly wrong. */
function open(values, { body = {}, wrongs = [], doubts = [] } = {}) {
  return checklistOf({ person_met: "holder", ...values }, { body, wrongs }, doubts, offer)
    .filter(({ isMet }) => !isMet).map(({ key, isWrong }) => (isWrong ? `!${key}` : key));
}

test("a visit that met nobody has nothing to look at", () => {
  for (const person_met of ["nobody", "closed", "minor"]) assert.deepEqual(open({ person_met, outcome: "not_home" }), []);
});

test("before an outcome was chosen there is nothing to look at", () => {
  assert.deepEqual(open({ outcome: "" }), []);
});

test("a promise needs an exact day and amount, the way to pay, and to be repeated", () => {
  const wrongs = [{ field: "promise_day", key: "choose_day" }];
  assert.deepEqual(
    open({ outcome: "promised" }, { body: { promise: PROMISE }, wrongs }),
    ["exact_promise", "within_policy", "way_to_pay", "repeated"],
  );
  const ticks = { check_way_to_pay: "y", check_repeated: "y" };
  assert.deepEqual(open({ outcome: "promised", ...ticks }, { body: { promise: PROMISE } }), []);
});

test("a promise beyond what the house takes is open", () => {
  const ticks = { check_way_to_pay: "y", check_repeated: "y" };
  const doubts = ["too_far_ahead"];
  assert.deepEqual(open({ outcome: "promised", ...ticks }, { body: { promise: PROMISE }, doubts }), ["within_policy"]);
});

test("an answer for next week without a day is a vague promise", () => {
  assert.deepEqual(open({ outcome: "no_agreement" }, { body: { objection: "next_week" } }), ["!vague_promise"]);
  assert.deepEqual(open({ outcome: "no_agreement" }, { body: { objection: "no_money" } }), []);
  assert.deepEqual(open({ outcome: "no_agreement" }, { body: { objection: "next_week", appointment: {} } }), []);
});

test("a note that tells of a payment to come without a promise is a vague promise", () => {
  assert.deepEqual(open({ outcome: "other", note: "Dice que pagará pronto" }), ["!vague_promise"]);
  assert.deepEqual(open({ outcome: "other", note: "No se apagará la luz" }), []);
});

test("a discount asked for before the whole was asked for is wrong until it is ticked", () => {
  assert.deepEqual(open({ outcome: "asks_discount" }), ["!asked_full_first"]);
  assert.deepEqual(open({ outcome: "asks_discount", check_asked_full_first: "y" }), []);
  assert.deepEqual(open({ outcome: "other", note: "Le ofrecí un descuento" }), ["!asked_full_first"]);
});

test("a discount in the note above the collector's own is wrong, just within it is not", () => {
  const first = { outcome: "asks_discount", check_asked_full_first: "y" };
  assert.deepEqual(open({ ...first, note: "quita de 11 %" }), ["!beyond_authority"]);
  assert.deepEqual(open({ ...first, note: "quita de 10%" }), []);
  assert.deepEqual(open({ ...first, note: "paga el 50 % mañana" }), []);
});

test("cash is counted and repeated, and of a transfer nothing is to be counted", () => {
  const cash = { body: { payment: { method: "cash" } } };
  assert.deepEqual(open({ outcome: "paid_in_part" }, cash), ["counted"]);
  assert.deepEqual(open({ outcome: "paid_in_part", check_counted: "y" }, cash), []);
  for (const method of ["transfer", "deposit", undefined]) {
    assert.deepEqual(open({ outcome: "paid_in_part" }, { body: { payment: { method } } }), []);
  }
});

test("a third party hears nothing of the debt, and a note that tells it so is wrong", () => {
  const relative = { person_met: "relative", outcome: "third_party" };
  assert.deepEqual(open(relative), ["neutral"]);
  assert.deepEqual(open({ ...relative, check_neutral: "y" }), []);
  assert.deepEqual(open({ ...relative, check_neutral: "y", note: "Le dije que debe 500" }), ["neutral", "!debt_told"]);
  assert.deepEqual(open({ outcome: "other", note: "Sabe que debe 500" }), []); // the holder may know
});
