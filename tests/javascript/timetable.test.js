import assert from "node:assert/strict";
import test from "node:test";
import { fits, ride, startsWithin, worth } from "../../static/phone/replan/timetable.js";

const HOUR = 3600;
const visit = (place, windows = [[0, 24 * HOUR]], more = {}) => ({ place, service: 600, windows, prize: 10_000, required: false, ...more });
const day = (visits, more = {}) => ({
  matrix: [[0, 300, 600], [300, 0, 300], [600, 300, 0]], start: 0, end: 0,
  startsAt: 8 * HOUR, endsAt: 18 * HOUR, cents: 3600, visits, ...more,
});

test("a visit begins early enough to end inside the legal hours, and within its appointment", () => {
  assert.deepEqual(startsWithin([[7 * HOUR, 22 * HOUR]], 600), [[7 * HOUR, 22 * HOUR - 600]]);
  assert.deepEqual(startsWithin([[7 * HOUR, 22 * HOUR]], 600, [[9 * HOUR, 10 * HOUR]]), [[9 * HOUR, 10 * HOUR]]);
  assert.deepEqual(startsWithin([[0, 500]], 600), []);
});

test("a visit that was put off begins no earlier", () => {
  assert.deepEqual(startsWithin([[0, 5 * HOUR], [8 * HOUR, 9 * HOUR]], 0, [], 6 * HOUR), [[8 * HOUR, 9 * HOUR]]);
});

test("who comes early waits, and who comes too late is late and goes on", () => {
  const problem = day([visit(1, [[9 * HOUR, 10 * HOUR]]), visit(2, [[0, 8 * HOUR]])]);

  const { rows, returnsAt, travel } = ride(problem, [0, 1]);

  assert.equal(rows[0].arrivesAt, 8 * HOUR + 300);
  assert.equal(rows[0].beginsAt, 9 * HOUR);
  assert.equal(rows[1].isLate, true);
  assert.equal(returnsAt, 9 * HOUR + 600 + 300 + 600 + 600);
  assert.equal(travel, 300 + 300 + 600);
  assert.equal(fits(problem, [0, 1]), false);
  assert.equal(fits(problem, [0]), true);
});

test("an order without a way, or that ends too late, does not fit", () => {
  const cut = day([visit(1)], { matrix: [[0, 65535], [300, 0]] });
  const short = day([visit(1)], { endsAt: 8 * HOUR + 1199 });

  assert.equal(fits(cut, [0]), false);
  assert.equal(fits(short, [0]), false);
  assert.equal(fits({ ...short, endsAt: 8 * HOUR + 1200 }, [0]), true);
});

test("an order is worth its prizes less its travel, required visits apart", () => {
  const problem = day([visit(1), visit(2, undefined, { required: true })]);

  assert.deepEqual(worth(problem, [0, 1]), { required: 1, cents: 20_000 - 1200 });
});
