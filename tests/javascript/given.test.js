import assert from "node:assert/strict";
import test from "node:test";

import {
  afterOffice, newCode, receiptsIn, shownFolio, verifyAddress, withReceipt,
} from "../../static/phone/receipts/given.js";

const FOLIOS = { series: "TK7QM", last: 4 };
const CODE = "abcdefghjkmnpqrs";
const paid = { client_id: 7, payment: { amount_cents: 35_000, method: "cash", reference: null } };

test("money gets the folio after the last and a code", () => {
  const { payment } = withReceipt(paid, FOLIOS, () => CODE);
  assert.deepEqual(payment.receipt, { series: "TK7QM", number: 5, code: CODE });
  assert.equal(payment.amount_cents, 35_000);
});

test("a visit without money, or a phone without a series, stays as it is", () => {
  const nobody = { client_id: 7, payment: null };
  assert.equal(withReceipt(nobody, FOLIOS), nobody);
  assert.equal(withReceipt(paid, null), paid);
});

test("what was told does not change when a receipt is given", () => {
  withReceipt(paid, FOLIOS);
  assert.equal(paid.payment.receipt, undefined);
});

test("a code has 16 letters that do not read like others, whatever the dice say", () => {
  assert.match(newCode(), /^[a-hjkmnp-z2-9]{16}$/);
  assert.equal(newCode((bytes) => bytes.fill(0)), "a".repeat(16));
});

test("bytes that would favour some letters are thrown again", () => {
  const dice = [255, 248, ...Array(14).fill(1), ...Array(16).fill(2)];
  const code = newCode((bytes) => bytes.map(() => dice.shift()));
  assert.equal(code, "b".repeat(14) + "cc");
});

test("a restored phone goes on after what the office heard of", () => {
  assert.deepEqual(afterOffice({ series: "TK7QM", last: 2 }, { series: "TK7QM", last: 9 }), { series: "TK7QM", last: 9 });
});

test("a phone that gave more than the office heard of does not go back", () => {
  assert.deepEqual(afterOffice({ series: "TK7QM", last: 9 }, { series: "TK7QM", last: 2 }), { series: "TK7QM", last: 9 });
});

test("a phone of before learns its series from any answer; an answer without one teaches nothing", () => {
  assert.deepEqual(afterOffice(undefined, { series: "TK7QM", last: 0 }), { series: "TK7QM", last: 0 });
  assert.equal(afterOffice(FOLIOS, undefined), FOLIOS);
});

test("a folio and its address are those of the office", () => {
  const receipt = { series: "TK7QM", number: 5, code: CODE };
  assert.equal(shownFolio(receipt), "TK7QM-000005");
  assert.equal(verifyAddress("https://x.mx/recibos/verificar/CODE", receipt), `https://x.mx/recibos/verificar/${CODE}`);
});

test("receipts are those of visits with money, the last first, and one that was undone says so", () => {
  const visit = (id, payment) => ({ id, type: "visit.recorded", made_at: id, body: { payment }, about: {}, state: "kept" });
  const events = [
    visit("a", { amount_cents: 1, method: "cash", reference: null, receipt: { series: "T", number: 1, code: CODE } }),
    visit("b", null),
    visit("c", { amount_cents: 2, method: "cash", reference: null }),
    { id: "d", type: "visit.annulled", made_at: "d", body: { visit: "a" }, about: {}, state: "kept" },
  ];
  const found = receiptsIn(events);
  assert.deepEqual(found.map(({ id, isAnnulled }) => [id, isAnnulled]), [["c", false], ["a", true]]);
  assert.equal(found[0].receipt, null);
});
