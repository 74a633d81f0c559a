import assert from "node:assert/strict";
import { test } from "node:test";

import { faultOf } from "../../static/phone/vault/weak.js";

test("a PIN has from 6 to 12 digits", () => {
  for (const pin of ["", "12345", "48a913", "4 8 9 1 3 7", "1234567890123"]) assert.equal(faultOf(pin), "digits", pin);
});

test("what is tried first is no PIN", () => {
  for (const pin of ["000000", "123456", "987654", "121212", "777777777", "112211"]) assert.equal(faultOf(pin), "weak", pin);
});

test("others are taken", () => {
  for (const pin of ["481937", "20260310", "135791"]) assert.equal(faultOf(pin), null, pin);
});
