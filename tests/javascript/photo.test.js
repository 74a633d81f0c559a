import assert from "node:assert/strict";
import test from "node:test";

import { fitted } from "../../static/phone/visit/photo.js";

test("the longer side of a photo becomes 1280, whichever it is", () => {
  assert.deepEqual(fitted(4000, 3000), { width: 1280, height: 960 });
  assert.deepEqual(fitted(3000, 4000), { width: 960, height: 1280 });
});

test("a small photo is not blown up, and a strip keeps a side", () => {
  assert.deepEqual(fitted(640, 480), { width: 640, height: 480 });
  assert.deepEqual(fitted(100_000, 10), { width: 1280, height: 1 });
});
