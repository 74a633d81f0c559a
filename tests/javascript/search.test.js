import assert from "node:assert/strict";
import test from "node:test";
import { diceOf } from "../../static/phone/replan/dice.js";
import { search } from "../../static/phone/replan/search.js";
import { fits, worth } from "../../static/phone/replan/timetable.js";

const HOUR = 3600;

function town(count, seed, { hours = 12 } = {}) {
  const roll = diceOf(seed);
  const places = Array.from({ length: count + 1 }, () => [roll(6000), roll(6000)]);
  const matrix = places.map(([x, y]) => places.map(([u, v]) => Math.round((Math.abs(x - u) + Math.abs(y - v)) / 6)));
  const visits = places.slice(1).map((_place, n) => ({
    place: n + 1, service: 480, prize: 5_000 + roll(30_000), required: n % 15 === 3,
    windows: roll(5) ? [[7 * HOUR, 21 * HOUR]] : [[9 * HOUR, 11 * HOUR], [16 * HOUR, 18 * HOUR]],
  }));
  return { matrix, visits, start: 0, end: 0, startsAt: 8 * HOUR, endsAt: (8 + hours) * HOUR, cents: 15_000 };
}

/* The best order there is, by trying all of them. */
function best(problem) {
  let found = { order: [], worth: worth(problem, []) };
  const better = (one, other) => one.required - other.required || one.cents - other.cents;
  const grow = (order) => {
    if (fits(problem, order)) {
      const value = worth(problem, order);
      if (better(value, found.worth) > 0) found = { order, worth: value };
    }
    problem.visits.forEach((_visit, n) => { if (!order.includes(n)) grow([...order, n]); });
  };
  grow([]);
  return found;
}

test("of a few visits it finds the best order there is", () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const problem = town(6, seed, { hours: seed % 2 ? 12 : 1 });

    assert.deepEqual(worth(problem, search(problem)), best(problem).worth, `seed ${seed}`);
  }
});

test("whatever it finds fits, in short days too", () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const problem = town(30, seed, { hours: seed });

    assert.ok(fits(problem, search(problem)), `seed ${seed}`);
  }
});

test("the same day gives the same order, and a good order is never made worse", () => {
  const problem = town(40, 7);
  const first = search(problem);

  assert.deepEqual(search(problem), first);
  assert.ok(worth(problem, search(problem, first, { steps: 50, seed: 9 })).cents >= worth(problem, first).cents);
});

test("a slow phone stops in time with an order that fits and is no worse than the one it had", () => {
  const problem = town(40, 7);
  const known = search(problem, [], { steps: 20 });
  let ms = 0;
  let looks = 0;
  const slow = () => { looks += 1; ms += 10; return ms; };

  const found = search(problem, known, { mostMs: 80, now: slow });

  assert.equal(looks, 9);
  assert.ok(fits(problem, found));
  assert.ok(worth(problem, found).cents >= worth(problem, known).cents);
});

test("required visits come before dear ones", () => {
  const problem = town(30, 3, { hours: 1 });
  problem.visits.forEach((one, n) => Object.assign(one, { required: n === 5, prize: n === 5 ? 1 : 40_000, windows: [[7 * HOUR, 21 * HOUR]] }));

  assert.ok(search(problem).includes(5));
});

test("a day without visits, or with a visit that nobody may make, is no fault", () => {
  const closed = { ...town(1, 1) };
  closed.visits[0].windows = [];

  assert.deepEqual(search({ ...town(1, 1), visits: [] }), []);
  assert.deepEqual(search(closed), []);
});
