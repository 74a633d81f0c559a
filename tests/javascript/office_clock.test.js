import assert from "node:assert/strict";
import test from "node:test";
import { isWrong, offsetOf } from "../../static/phone/day/clock.js";

test("the office's time is taken at the middle of the way", () => {
  assert.equal(offsetOf(10_000, 9_000, 9_800), 600);
});

test("a clock three days ahead is wrong, two minutes are not", () => {
  const day = 24 * 3600 * 1000;
  assert.equal(isWrong(offsetOf(0, 3 * day, 3 * day + 400)), true);
  assert.equal(isWrong(2 * 60 * 1000), false);
  assert.equal(isWrong(-2 * 60 * 1000 - 1), true);
});
