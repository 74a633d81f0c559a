import assert from "node:assert/strict";
import { test } from "node:test";

import { lateness } from "../../static/phone/day/lateness.js";

const ARRIVES = 1_773_160_800;
const after = (minutes) => lateness(ARRIVES, ARRIVES + minutes * 60);

test("a stop is late from five minutes after its hour on", () => {
  assert.deepEqual([-60, 0, 4.9].map(after), ["", "", ""]);
  assert.deepEqual([5, 35.9, 59.9].map(after), ["5 min", "35 min", "59 min"]);
});

test("more than an hour is told in hours", () => {
  assert.deepEqual([60, 65, 150].map(after), ["1 h 00 min", "1 h 05 min", "2 h 30 min"]);
});
