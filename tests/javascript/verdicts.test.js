import assert from "node:assert/strict";
import test from "node:test";

import { failureOf, verdictsOf } from "../../static/phone/outbox/verdicts.js";

const JSON_TYPE = "application/json";

test("a captive portal that answers 200 with its own page took nothing", () => {
  assert.deepEqual(failureOf(200, "text/html", null), { why: "not_the_office" });
});

test("a 200 whose JSON can't be read took nothing", () => {
  assert.deepEqual(failureOf(200, JSON_TYPE, null), { why: "not_the_office" });
});

test("an answer of the office is no failure", () => {
  assert.equal(failureOf(200, "application/json; charset=utf-8", { answers: [] }), null);
});

test("who is not known keeps the queue and registers again", () => {
  assert.equal(failureOf(401, JSON_TYPE, { code: "device_unknown" }).why, "unknown_device");
});

test("only a refusal that says so revokes the phone", () => {
  assert.equal(failureOf(403, JSON_TYPE, { code: "device_revoked", wipe: true }).why, "revoked");
  assert.equal(failureOf(403, "text/html", null).why, "forbidden");
});

for (const status of [408, 429, 500, 502, 503]) {
  test(`${status} is tried again later`, () => {
    assert.equal(failureOf(status, JSON_TYPE, {}).why, "office_away");
  });
}

for (const status of [400, 413, 415, 422]) {
  test(`${status} refuses this very request`, () => {
    assert.equal(failureOf(status, JSON_TYPE, { code: "bad" }).why, "refused");
  });
}

test("a photo whose visit a person still looks at is offered again later", () => {
  assert.equal(failureOf(404, JSON_TYPE, { error: { code: "not_found" } }).why, "too_early");
  assert.equal(failureOf(404, "text/html", null).why, "not_the_office");
});

test("a refusal in somebody else's page is not the office's", () => {
  assert.equal(failureOf(400, "text/html", null).why, "not_the_office");
});

test("each answer becomes a state of its event", () => {
  const batch = ["applied", "duplicate", "waiting", "conflict", "rejected"].map((id) => ({ id }));

  const verdicts = verdictsOf(batch, { answers: batch.map(({ id }) => ({ id, state: id })) });

  assert.deepEqual(verdicts.map(({ state }) => state), ["delivered", "delivered", "delivered", "refused", "refused"]);
});

test("an event that was not answered stays where it was", () => {
  assert.deepEqual(verdictsOf([{ id: "a" }, { id: "b" }], { answers: [{ id: "a", state: "applied" }] }).map(({ id }) => id), ["a"]);
});

test("answers about events that were not asked about, or in unknown words, count for nothing", () => {
  const answers = [{ id: "x", state: "applied" }, { id: "a", state: "great" }];

  assert.deepEqual(verdictsOf([{ id: "a" }], { answers }), []);
  assert.deepEqual(verdictsOf([{ id: "a" }], { ok: true }), []);
});
