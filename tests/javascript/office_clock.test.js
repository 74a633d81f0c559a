import assert from "node:assert/strict";
import test from "node:test";
import { isWrong, offsetOf, setBackBy } from "../../static/phone/day/clock.js";
import { offsetBySatellites } from "../../static/phone/visit/satellites.js";

test("the office's time is taken at the middle of the way", () => {
  assert.equal(offsetOf(10_000, 9_000, 9_800), 600);
});

test("a clock three days ahead is wrong, two minutes are not", () => {
  const day = 24 * 3600 * 1000;
  assert.equal(isWrong(offsetOf(0, 3 * day, 3 * day + 400)), true);
  assert.equal(isWrong(2 * 60 * 1000), false);
  assert.equal(isWrong(-2 * 60 * 1000 - 1), true);
});

test("a clock that stands before the moment at which the day came was set back", () => {
  assert.equal(isWrong(setBackBy(10_000_000, 10_000_000 - 3_600_000)), true);
  assert.equal(setBackBy(10_000_000, 10_500_000), 0);
});

test("satellites tell of a clock that was set back at once, and of one set ahead with a second place", () => {
  const hour = 3_600_000;
  assert.equal(offsetBySatellites([{ at: 5 * hour, seenAt: 4 * hour }]), hour);
  assert.equal(offsetBySatellites([{ at: 5 * hour, seenAt: 6 * hour }]), null); // may be a place of before
  assert.equal(offsetBySatellites([{ at: 5 * hour, seenAt: 6 * hour }, { at: 5 * hour + 1, seenAt: 6 * hour + 1 }]), -hour);
});
