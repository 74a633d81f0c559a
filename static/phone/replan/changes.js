/* What a collector changed in the day, and the day that is left after it. Pure.

   Changes are {route, gone: [client], later: {client: moment}, added: [client], free: moment or null,
   order: [client] or null, byHand: boolean}: `route` is the published route they belong to (a newer one
   ends them), `free` the moment from which somebody who is late goes on, `order` the clients still to visit as
   the phone shows them, `byHand` that a person chose it. Moments are epoch seconds of the office's clock. */
import { search } from "./search.js";
import { ride, startsWithin } from "./timetable.js";

export const MOST_MS = 80; // that a person waits for an order, of the 100 after which an answer feels late

export const noChanges = (day) => ({
  route: day.route, gone: [], later: {}, added: [], free: null, order: null, byHand: false,
});

/* The changes as far as they belong to this day; a route that the office published anew has none. */
export const belonging = (changes, day) => (changes?.route === day.route ? changes : noChanges(day));

/* Who was visited, the first visited first: as the office knows it, and the visits made here since. */
export function doneOf(day, here = []) {
  const known = day.stops.filter((one) => one.visited_at).map((one) => [one.visited_at, one.client]);
  const all = [...known, ...here.map(({ at, client }) => [at, client])].sort(([a], [b]) => a - b);
  return [...new Set(all.map(([, client]) => client))];
}

/* The clients still to visit, in the order of the package: {client, place}. `done` are those visited. */
export function clientsLeft(day, changes, done) {
  const out = new Set([...changes.gone, ...done]);
  const stops = day.stops.map((one, n) => ({ ...one, place: n + 1 }));
  const extras = day.extras.map((one, n) => ({ ...one, place: day.stops.length + n + 1 }));
  return [
    ...stops.filter((one) => !out.has(one.client)),
    ...extras.filter((one) => changes.added.includes(one.client) && !out.has(one.client)),
  ];
}

/* Where the collector is: at the stop visited last, or where the day starts. */
function placeNow(day, done) {
  const last = day.stops.findLastIndex((one) => one.client === done.at(-1));
  return last < 0 ? 0 : last + 1;
}

/* State what is left as a problem for the search; `now` is a moment. */
export function problemOf(day, changes, done, now) {
  const left = clientsLeft(day, changes, done);
  return {
    matrix: day.matrix,
    start: placeNow(day, done),
    end: day.matrix.length - 1,
    startsAt: Math.max(now, changes.free ?? 0, done.length ? 0 : day.leaves_at),
    endsAt: Math.max(day.ends_at, now),
    cents: day.travel_cents_per_hour,
    visits: left.map((one) => ({
      client: one.client,
      place: one.place,
      service: one.service_s,
      windows: startsWithin(one.windows, one.service_s, one.agreed, changes.later[one.client]),
      prize: one.prize_cents,
      required: one.agreed.length > 0 || changes.added.includes(one.client),
    })),
  };
}

/* The numbers of visits in the order that is shown now: as chosen before, else as published. */
function knownOrder(problem, changes) {
  const number = new Map(problem.visits.map(({ client }, n) => [client, n]));
  const chosen = (changes.order ?? []).filter((client) => number.has(client)).map((client) => number.get(client));
  const rest = problem.visits.map((_one, n) => n).filter((n) => !chosen.includes(n));
  return [...chosen, ...rest];
}

/* Order what is left anew; returns the changes with that order. Who has no room comes last and is shown
   as late: only people take a client off the day. An order made by hand stands: only who no longer fits into it,
   and `moving`, who was put off or added just now, gets another place, where it costs least. `mostMs` milliseconds
   at most; without end, steps alone are counted and the same day gives the same order. */
export function reordered(day, changes, done, now, { moving = null, mostMs = MOST_MS } = {}) {
  const problem = problemOf(day, changes, done, now);
  const known = knownOrder(problem, changes);
  const order = changes.byHand
    ? search(problem, known.filter((n) => problem.visits[n].client !== moving), { steps: 0 })
    : search(problem, known, { mostMs });
  const left = known.filter((n) => !order.includes(n));
  return { ...changes, order: [...order, ...left].map((n) => problem.visits[n].client) };
}

/* Move a client up (-1) or down (1), or to a position. */
export function moved(changes, client, to) {
  const order = changes.order.filter((one) => one !== client);
  const at = Math.max(0, to);
  return { ...changes, byHand: true, order: [...order.slice(0, at), client, ...order.slice(at)] };
}

/* What the list shows: {rows: [{client, arrivesAt, beginsAt, isLate}], returnsAt, isOver}. */
export function shown(day, changes, done, now) {
  const problem = problemOf(day, changes, done, now);
  const { rows, returnsAt } = ride(problem, knownOrder(problem, changes));
  const clients = rows.map((row) => ({ ...row, client: problem.visits[row.visit].client }));
  return { rows: clients, returnsAt, isOver: returnsAt > problem.endsAt };
}

/* The event that tells the office: stop ids in the new order; clients beside the route have none.
   `words` {gone, added} say with {n} how many left and came. */
export function eventBody(day, changes, done, cause, words) {
  const ids = new Map(day.stops.map(({ client, id }) => [client, id]));
  const left = clientsLeft(day, changes, done).map(({ client }) => client);
  const order = (changes.order ?? left).filter((client) => left.includes(client));
  const beside = order.filter((client) => !ids.has(client)).length;
  const gone = changes.gone.filter((client) => ids.has(client)).length;
  const parts = [gone && words.gone.replace("{n}", gone), beside && words.added.replace("{n}", beside)].filter(Boolean);
  return {
    day: day.day,
    stops: order.filter((client) => ids.has(client)).map((client) => ids.get(client)),
    cause,
    note: parts.join("; ") || null,
  };
}
