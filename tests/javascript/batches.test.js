import assert from "node:assert/strict";
import test from "node:test";

import { asSent, nextBatch } from "../../static/phone/outbox/batches.js";

const event = (seq, note = "") => ({
  id: `e${seq}`, person: "7", seq, type: "visit.recorded", made_at: "2026-03-10T16:00:00Z", body: { note },
  about: { title: "María" }, state: "kept", tries: 0,
});

test("a batch holds the first hundred events in their order", () => {
  const queue = Array.from({ length: 250 }, (_one, at) => event(at + 1));

  const batch = nextBatch(queue);

  assert.equal(batch.length, 100);
  assert.deepEqual(batch.map(({ seq }) => seq), queue.slice(0, 100).map(({ seq }) => seq));
});

test("a batch stays below the bytes that the office takes", () => {
  const queue = Array.from({ length: 100 }, (_one, at) => event(at + 1, "ñ".repeat(10_000)));

  const batch = nextBatch(queue);

  assert.ok(new TextEncoder().encode(JSON.stringify(batch)).length < 900_100);
  assert.ok(batch.length > 40);
});

test("an event larger than a batch goes alone instead of blocking the queue", () => {
  assert.equal(nextBatch([event(1, "x".repeat(2_000_000)), event(2)]).length, 1);
});

test("nothing but the fact leaves the phone", () => {
  assert.deepEqual(Object.keys(asSent(event(1))), ["id", "seq", "type", "made_at", "body"]);
});

test("an empty queue makes an empty batch", () => {
  assert.deepEqual(nextBatch([]), []);
});
