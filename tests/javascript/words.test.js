import assert from "node:assert/strict";
import test from "node:test";
import { plain, wordsIn } from "../../static/phone/law/words.js";

const FORBIDDEN = [
  { term: "orden judicial", article: "art. 1" },
  { term: "cárcel", article: "art. 1" },
];
const said = (text) => wordsIn(text, FORBIDDEN).map(({ term }) => term);

test("words are found whatever their case, accents and spaces", () => {
  assert.deepEqual(said("Le llegará una ORDEN  JUDICIAL, y la carcel"), ["orden judicial", "cárcel"]);
  assert.deepEqual(said("orden\njudicial"), ["orden judicial"]);
  assert.deepEqual(said("ca\u0301rcel."), ["cárcel"]);
});

test("of a threat every form is found by the pattern that the office writes", () => {
  const pattern = "(?:^| )(?:vamos a embargar(?:te|l[aeo]s?)?|embargaremos)(?= |$)";
  const threat = [{ term: "te vamos a embargar", article: "art. 1", pattern }];
  for (const text of ["¡Vamos a embargarlo!", "lo EMBARGAREMOS", "vamos a embargar"]) {
    assert.deepEqual(wordsIn(text, threat), threat);
  }
  for (const text of ["vamos a embargarlosotros", "desembargaremos", "sin embargo"]) {
    assert.deepEqual(wordsIn(text, threat), []);
  }
});

test("words inside others are none", () => {
  assert.deepEqual(said("El encarcelamiento, la orden y lo judicial"), []);
  assert.deepEqual(said(""), []);
});

test("what stays of a text are words with one space between them", () => {
  assert.equal(plain("  ¡Ñandú,  ÁRBOL-3! "), "nandu arbol 3");
});
