import assert from "node:assert/strict";
import test from "node:test";

import { shownSums } from "../../static/phone/visit/read_back.js";

test("sums of several currencies stand beside one another", () => {
  assert.equal(shownSums({ MXN: 130050, USD: 20000 }), "$1,300.50 · USD\u00a0200.00");
});

test("zero is said only where there is nothing else", () => {
  assert.equal(shownSums({ USD: 0, MXN: 100 }), "$1.00");
  assert.equal(shownSums({ MXN: 0 }), "$0.00");
});
