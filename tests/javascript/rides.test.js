import assert from "node:assert/strict";
import { test } from "node:test";

import { ridesOf } from "../../static/phone/replan/rides.js";

const NO_WAY = 65535;
const day = {
  stops: [{ client: 11 }, { client: 12 }],
  extras: [{ client: 13 }],
  matrix: [[0, 60, 120, 180, 240], [61, 0, 62, 63, 64], [71, 72, 0, 73, 74], [81, NO_WAY, 83, 0, 84], [0, 0, 0, 0, 0]],
};
const rows = (...clients) => clients.map((client) => ({ client }));

test("rides follow the chosen order from the start of the day and back", () => {
  assert.deepEqual(ridesOf({ day, rows: rows(12, 13), done: [] }), [
    { from: null, to: 12, seconds: 120 }, { from: 12, to: 13, seconds: 73 }, { from: 13, to: null, seconds: 84 },
  ]);
});

test("who visited somebody goes on from there", () => {
  assert.deepEqual(ridesOf({ day, rows: rows(12), done: [11, 99] }), [
    { from: 11, to: 12, seconds: 62 }, { from: 12, to: null, seconds: 74 },
  ]);
});

test("a pair without a way says so", () => {
  assert.deepEqual(ridesOf({ day, rows: rows(13, 11), done: [] })[1], { from: 13, to: 11, seconds: null });
});
