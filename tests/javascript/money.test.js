import assert from "node:assert/strict";
import test from "node:test";

import { cents } from "../../static/phone/visit/money.js";

const AMOUNTS = {
  "350": 35_000, "1,250.50": 125_050, "1.250,50": 125_050, "$1,234.5": 123_450, "1 234": 123_400, "1,234": 123_400,
  "1.234": 123_400, "1234.5000": 123_450, ".5": 50, "MX$ 20": 2_000, "20 pesos": 2_000, "1'234.00": 123_400,
  "(5.00)": -500, "-5": -500, "5.00-": -500,
};

for (const [text, expected] of Object.entries(AMOUNTS)) {
  test(`"${text}" is ${expected} cents`, () => assert.equal(cents(text), expected));
}

for (const text of ["", "  ", "abc", "1,2,3", "1.234.5", "12,34.567", "5e3", "1,234,56", "--5"]) {
  test(`"${text}" is no amount`, () => assert.equal(cents(text), null));
}
