import assert from "node:assert/strict";
import test from "node:test";

import { officeTime, wallTime } from "../../static/phone/visit/clock.js";

const NOON = Date.parse("2026-03-10T18:00:00Z");
const DAY = 86_400_000;

for (const daysOff of [-3, 0, 3]) {
  test(`a phone whose clock is ${daysOff} days off knows the office's time`, () => {
    const gotAt = NOON + daysOff * DAY;

    assert.equal(officeTime({ madeAt: NOON, gotAt }, gotAt + 90_000), NOON + 90_000);
  });
}

test("an instant is written as people of the office's zone write it", () => {
  assert.equal(wallTime(NOON, "America/Mexico_City"), "2026-03-10T12:00");
  assert.equal(wallTime(Date.parse("2026-03-10T06:00:00Z"), "America/Mexico_City"), "2026-03-10T00:00");
  assert.equal(wallTime(Date.parse("2026-03-10T05:59:59Z"), "America/Mexico_City"), "2026-03-09T23:59");
});
