import assert from "node:assert/strict";
import test from "node:test";

import { spoken } from "../../static/phone/ready/verdict.js";

const MINUTE = 60_000;

for (const [ms, told] of [
  [12 * MINUTE, "12 minutos"], [1 * MINUTE, "1 minuto"], [-119 * MINUTE, "119 minutos"],
  [120 * MINUTE, "2 horas"], [-47 * 60 * MINUTE, "47 horas"], [72 * 60 * MINUTE, "3 días"],
]) {
  test(`a clock that is ${ms / MINUTE} minutes off is off by ${told}`, () => {
    assert.equal(spoken(ms, "es-MX"), told);
  });
}

test("another language says it in its own words", () => {
  assert.equal(spoken(72 * 60 * MINUTE, "pt-BR"), "3 dias");
});
