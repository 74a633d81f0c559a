import assert from "node:assert/strict";
import test from "node:test";

import { askedToWait, waitAfter } from "../../static/phone/outbox/backoff.js";

test("waiting doubles from two seconds to five minutes", () => {
  assert.deepEqual([0, 1, 2, 3, 20].map((failures) => waitAfter(failures, 1)), [0, 2_000, 4_000, 8_000, 300_000]);
});

test("phones that failed together come back at different moments", () => {
  assert.equal(waitAfter(3, 0), 4_000);
  assert.equal(waitAfter(3, 0.5), 6_000);
});

test("the office may ask for seconds or name an hour", () => {
  const now = Date.parse("2026-03-10T16:00:00Z");

  assert.equal(askedToWait("30", now), 30_000);
  assert.equal(askedToWait("Tue, 10 Mar 2026 16:01:00 GMT", now), 60_000);
});

test("what can't be read, is past or asks for hours does not stop the queue", () => {
  const now = Date.parse("2026-03-10T16:00:00Z");

  assert.equal(askedToWait("soon", now), 0);
  assert.equal(askedToWait("Tue, 10 Mar 2026 15:00:00 GMT", now), 0);
  assert.equal(askedToWait("86400", now), 300_000);
});
