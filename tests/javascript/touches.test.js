import assert from "node:assert/strict";
import test from "node:test";

import { touchesIn } from "../../static/phone/law/touches.js";

const GOT = new Date("2026-03-10T12:00:00Z");
const visit = (id, more = {}, state = "kept", delivered_at = undefined) => ({
  id, type: "visit.recorded", state, delivered_at,
  body: { client_id: 7, person_met: "holder", outcome: "promised", ...more },
});
const call = (more = {}) => ({
  id: "c", type: "contact.recorded", state: "kept", body: { client_id: 7, channel: "call", person: "holder", was_answered: true, ...more },
});

test("visits, calls and messages of this client count, not those of others", () => {
  assert.deepEqual(touchesIn([visit("a"), call(), call({ client_id: 8 })], 7, GOT), [
    { channel: "visit", isContact: true }, { channel: "call", isContact: true },
  ]);
});

test("what the office had when the package came is counted there", () => {
  const before = visit("a", {}, "delivered", "2026-03-10T11:59:59Z");
  const after = visit("b", {}, "delivered", "2026-03-10T12:00:01Z");
  assert.equal(touchesIn([before, after], 7, GOT).length, 1);
});

test("a visit that was taken back or not made is no attempt", () => {
  const back = { id: "x", type: "visit.annulled", state: "kept", body: { visit: "a" } };
  assert.deepEqual(touchesIn([visit("a"), back, visit("b", { outcome: "not_visited" })], 7, GOT), []);
});

test("nobody, a relative, or no answer is an attempt and no contact", () => {
  const made = [visit("a", { person_met: "relative" }), call({ was_answered: false }), call({ person: "minor" })];
  assert.deepEqual(touchesIn(made, 7, GOT).map(({ isContact }) => isContact), [false, false, false]);
});
