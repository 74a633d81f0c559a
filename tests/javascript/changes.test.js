import assert from "node:assert/strict";
import test from "node:test";
import {
  belonging, clientsLeft, doneOf, eventBody, moved, noChanges, problemOf, reordered, shown,
} from "../../static/phone/replan/changes.js";

const HOUR = 3600;
const client = (number, more = {}) => ({
  client: number, service_s: 600, prize_cents: 30_000, windows: [[7 * HOUR, 22 * HOUR]], agreed: [], ...more,
});
const stop = (number, more = {}) => client(number, { id: number + 100, visited_at: null, ...more });

/* Start, three stops and an extra on a line, ten minutes apart, and home again. */
function line(more = {}) {
  const at = [0, 1, 2, 3, 4, 0];
  return {
    day: "2026-03-10", route: 5, leaves_at: 9 * HOUR, ends_at: 18 * HOUR, travel_cents_per_hour: 15_000,
    stops: [stop(1), stop(2), stop(3)], extras: [client(4)],
    matrix: at.map((from) => at.map((to) => 600 * Math.abs(from - to))), ...more,
  };
}
const clients = (day, changes, done = []) => clientsLeft(day, changes, done).map((one) => one.client);

test("without changes the published order stands", () => {
  const day = line();

  const { rows, returnsAt, isOver } = shown(day, noChanges(day), [], 8 * HOUR);

  assert.deepEqual(rows.map((row) => [row.client, row.arrivesAt]), [[1, 9 * HOUR + 600], [2, 9 * HOUR + 1800], [3, 9 * HOUR + 3000]]);
  assert.deepEqual([returnsAt, isOver], [9 * HOUR + 3600 + 1800, false]);
});

test("who was visited, or taken off, is not left; the way goes on from the last visit", () => {
  const day = line();
  const changes = { ...noChanges(day), gone: [3] };

  assert.deepEqual(clients(day, changes, [1]), [2]);
  assert.equal(shown(day, changes, [1], 12 * HOUR).rows[0].arrivesAt, 12 * HOUR + 600);
});

test("visits of the office and of this phone count once each, in their order", () => {
  const day = line({ stops: [stop(1, { visited_at: 500 }), stop(2), stop(3, { visited_at: 300 })] });

  assert.deepEqual(doneOf(day, [{ at: 400, client: 2 }, { at: 501, client: 1 }]), [3, 2, 1]);
});

test("a client of the own zone is added where it costs least", () => {
  const day = line();
  const changes = reordered(day, { ...noChanges(day), added: [4] }, [], 8 * HOUR);

  assert.deepEqual(new Set(changes.order), new Set([1, 2, 3, 4]));
  assert.equal(shown(day, changes, [], 8 * HOUR).returnsAt, 9 * HOUR + 4 * 600 + 8 * 600);
});

test("who is put off is visited afterwards", () => {
  const day = line();
  const changes = reordered(day, { ...noChanges(day), later: { 1: 12 * HOUR } }, [], 8 * HOUR);

  const row = shown(day, changes, [], 8 * HOUR).rows.find((one) => one.client === 1);
  assert.ok(row.beginsAt >= 12 * HOUR);
  assert.equal(row.isLate, false);
});

test("who is late goes on later, and a stop without room stays, last and marked", () => {
  const tight = line({ stops: [stop(1), stop(2, { windows: [[7 * HOUR, 11 * HOUR]] }), stop(3)] });
  const changes = reordered(tight, { ...noChanges(tight), free: 11 * HOUR }, [], 9 * HOUR);

  const { rows } = shown(tight, changes, [], 9 * HOUR);
  assert.equal(rows.at(-1).client, 2);
  assert.deepEqual(rows.map((row) => row.isLate), [false, false, true]);
  assert.ok(rows[0].arrivesAt >= 11 * HOUR);
});

test("an order by hand stands, whatever it costs", () => {
  const day = line();
  const changes = moved({ ...noChanges(day), order: [1, 2, 3] }, 3, 0);

  assert.deepEqual(changes.order, [3, 1, 2]);
  assert.deepEqual(shown(day, changes, [], 8 * HOUR).rows.map((row) => row.client), [3, 1, 2]);
  assert.deepEqual(moved(changes, 3, 99).order, [1, 2, 3]);
});

test("a route that the office published anew ends the changes", () => {
  const changes = { ...noChanges(line()), gone: [1] };

  assert.equal(belonging(changes, line()), changes);
  assert.deepEqual(belonging(changes, line({ route: 6 })).gone, []);
  assert.deepEqual(belonging(null, line()).gone, []);
});

test("an appointment may only begin when it was agreed", () => {
  const day = line({ stops: [stop(1, { agreed: [[15 * HOUR, 16 * HOUR]] })] });

  const [visit] = problemOf(day, noChanges(day), [], 8 * HOUR).visits;
  assert.deepEqual([visit.windows, visit.required], [[[15 * HOUR, 16 * HOUR]], true]);
});

test("the office is told of stops in their order, and how many came and went", () => {
  const day = line();
  const changes = { ...noChanges(day), gone: [2], added: [4], order: [4, 3, 1] };

  const words = { gone: "quitadas: {n}", added: "añadidas: {n}" };

  assert.deepEqual(eventBody(day, changes, [1], "cancelled", words), {
    day: "2026-03-10", stops: [103], cause: "cancelled", note: "quitadas: 1; añadidas: 1",
  });
});

test("an order by hand stands when somebody is late; only who no longer fits moves", () => {
  const day = line({ stops: [stop(1), stop(2, { windows: [[7 * HOUR, 11 * HOUR]] }), stop(3)] });
  const byHand = moved({ ...noChanges(day), order: [1, 2, 3] }, 3, 0);
  const orderAt = (free) => reordered(day, { ...byHand, free }, [], 9 * HOUR).order;

  assert.deepEqual(orderAt(9.5 * HOUR), [3, 1, 2]);
  assert.deepEqual(orderAt(10 * HOUR), [2, 3, 1]); // 2 closes at eleven: first costs as little as second
  assert.notDeepEqual(reordered(day, { ...byHand, byHand: false, free: 9.5 * HOUR }, [], 9 * HOUR).order, [3, 1, 2]);
});

test("who is put off in an order by hand goes to where they may be visited; the others stay as they are", () => {
  const day = line();
  const byHand = moved({ ...noChanges(day), order: [1, 2, 3] }, 3, 0);

  const { order } = reordered(day, { ...byHand, later: { 3: 9 * HOUR + 2400 } }, [], 8 * HOUR, { moving: 3 });

  assert.deepEqual(order.filter((one) => one !== 3), [1, 2]);
  assert.equal(shown(day, { ...byHand, order, later: { 3: 9 * HOUR + 2400 } }, [], 8 * HOUR).rows[0].client, 1);
});

test("who is added to an order by hand comes where it costs least, and nobody else moves", () => {
  const day = line();
  const byHand = moved({ ...noChanges(day), order: [1, 2, 3] }, 3, 0);

  const { order } = reordered(day, { ...byHand, added: [4] }, [], 8 * HOUR, { moving: 4 });

  assert.deepEqual(order.filter((one) => one !== 4), [3, 1, 2]);
  assert.ok(order.indexOf(4) <= 1);
});
