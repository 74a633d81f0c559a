/* Whatever the day and whatever was changed in it: the phone's order keeps the law and loses nobody. */
import assert from "node:assert/strict";
import test from "node:test";
import { clientsLeft, moved, noChanges, problemOf, reordered, shown } from "../../static/phone/replan/changes.js";
import { diceOf } from "../../static/phone/replan/dice.js";
import { search } from "../../static/phone/replan/search.js";

const HOUR = 3600;
const DAYS = 60;
const MOST_STOPS = 60;
const MOST_EXTRAS = 12;
const PATIENT = { mostMs: Infinity }; // steps alone count: two searches of a day then give one order, however busy the machine

/* Legal hours as profiles make them: a whole day, two stretches, a narrow one, or none at all. */
function windows(roll) {
  const opens = (7 + roll(4)) * HOUR;
  return [
    [[opens, 21 * HOUR]], [[opens, 21 * HOUR]], [[opens, opens + 3 * HOUR], [16 * HOUR, 18 * HOUR]],
    [[(8 + roll(9)) * HOUR, (18 + roll(2)) * HOUR]], [[12 * HOUR, 12 * HOUR + 900]], [],
  ][roll(6)];
}

function client(roll, number) {
  const agreed = roll(8) ? [] : [[(9 + roll(8)) * HOUR, (17 + roll(2)) * HOUR]];
  return { client: number, service_s: 240 + roll(900), prize_cents: roll(40_000), windows: windows(roll), agreed };
}

function dayOf(seed) {
  const roll = diceOf(seed);
  const count = 1 + roll(MOST_STOPS);
  const stops = Array.from({ length: count }, (_none, n) => ({ ...client(roll, n + 1), id: n + 101, visited_at: null }));
  const extras = Array.from({ length: roll(MOST_EXTRAS + 1) }, (_none, n) => client(roll, count + n + 1));
  const places = Array.from({ length: count + extras.length + 2 }, () => [roll(9000), roll(9000)]);
  const matrix = places.map(([x, y]) => places.map(([u, v]) => (roll(200) ? Math.round((Math.abs(x - u) + Math.abs(y - v)) / 6) : 65535)));
  places.forEach((_place, n) => { matrix[n][n] = 0; });
  const day = { day: "2026-03-10", route: seed, leaves_at: 8 * HOUR, ends_at: (14 + roll(8)) * HOUR, travel_cents_per_hour: 15_000, stops, extras, matrix };
  return { day, roll };
}

/* Some are done, some can't be visited, some later, some are added, and the collector may be late. */
function lived({ day, roll }) {
  const some = (list, share) => list.filter(() => roll(share) === 0).map((one) => one.client);
  const done = some(day.stops, 5);
  const now = (8 + roll(9)) * HOUR;
  const later = Object.fromEntries(some(day.stops, 10).map((one) => [one, now + roll(4) * HOUR]));
  const changes = { ...noChanges(day), gone: some(day.stops, 10), added: some(day.extras, 3), later, free: roll(3) ? null : now + roll(2) * HOUR };
  return { day, roll, done, now, changes };
}

/* Said from the package itself, without the code that is being tested. */
function isLegal({ windows: legal, agreed, service_s: service }, begins, notBefore = 0) {
  const isInside = legal.some(([from, to]) => from <= begins && begins + service <= to);
  const isExpected = !agreed.length || agreed.some(([from, to]) => from <= begins && begins <= to);
  return isInside && isExpected && begins >= notBefore;
}

function each(check) {
  for (let seed = 1; seed <= DAYS; seed += 1) check(lived(dayOf(seed)), `day ${seed}`);
}

test("no visit is planned outside of the law, an appointment, or before the hour it was put off to", () => {
  each(({ day, done, now, changes }, name) => {
    const known = new Map([...day.stops, ...day.extras].map((one) => [one.client, one]));
    const { rows } = shown(day, reordered(day, changes, done, now, PATIENT), done, now);
    for (const { client: number, beginsAt, isLate } of rows) {
      assert.equal(isLate, !isLegal(known.get(number), beginsAt, changes.later[number]), `${name}, client ${number}`);
    }
  });
});

test("what the search keeps is never late; who has no room comes after all of them", () => {
  each(({ day, done, now, changes }, name) => {
    const problem = problemOf(day, changes, done, now);
    const kept = search(problem, problem.visits.map((_visit, n) => n)).length;
    const { rows } = shown(day, reordered(day, changes, done, now, PATIENT), done, now);
    assert.ok(rows.slice(0, kept).every(({ isLate }) => !isLate), name);
  });
});

test("nobody is lost or visited twice, who was visited or taken off is not planned again", () => {
  each(({ day, done, now, changes }, name) => {
    const order = reordered(day, changes, done, now, PATIENT).order;
    const left = clientsLeft(day, changes, done).map((one) => one.client);
    assert.deepEqual([...order].sort((a, b) => a - b), [...left].sort((a, b) => a - b), name);
    assert.ok(!order.some((one) => done.includes(one) || changes.gone.includes(one)), name);
  });
});

test("an order that a person chose stands as it is, and says what comes too late", () => {
  each(({ day, roll, done, now, changes }, name) => {
    const before = reordered(day, changes, done, now, PATIENT);
    if (!before.order.length) return;
    const first = before.order[roll(before.order.length)];
    const { rows } = shown(day, moved(before, first, 0), done, now);
    const known = new Map([...day.stops, ...day.extras].map((one) => [one.client, one]));
    assert.equal(rows[0].client, first, name);
    assert.deepEqual(
      rows.filter(({ isLate }) => isLate).map((one) => one.client),
      rows.filter((one) => !isLegal(known.get(one.client), one.beginsAt, changes.later[one.client])).map((one) => one.client),
      name,
    );
  });
});
