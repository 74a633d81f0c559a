/* Orders visits anew: takes a few neighbours out of the route and puts them back where they cost least,
   many times; now and then a slightly worse order is kept to get out of a dead end.

   After Christiaens and Vanden Berghe (2020), Slack Induction by String Removals. The budget counts steps,
   and the dice are seeded: the same problem gives the same order, except on a phone that is too slow to take
   all steps in the time that a person is made to wait. */
import { diceOf } from "./dice.js";
import { Route } from "./route.js";
import { NEVER } from "./timetable.js";

const STEPS = 2400;
const MOST_OUT = 10; // visits taken out at once
const BLINK = 100; // one place in so many is overlooked
const WARM = 1 / 5; // of the travel there is: how much worse an order may be that is kept at first
const REQUIRED = 1e12; // cents; more than everything else together

function valuesOf({ visits, cents }) {
  return { prize: visits.map((one) => one.prize + (one.required ? REQUIRED : 0)), perSecond: cents / 3600 };
}

/* For each visit all others, the nearest first, there and back. */
function neighboursOf({ matrix, visits }) {
  return visits.map(({ place }, one) => visits
    .map((other, n) => [matrix[place][other.place] + matrix[other.place][place], n])
    .filter(([, n]) => n !== one)
    .sort(([a, n], [b, m]) => a - b || n - m)
    .map(([, n]) => n));
}

class Search {
  constructor(problem, seed) {
    this.problem = problem;
    this.roll = diceOf(seed);
    this.near = neighboursOf(problem);
    Object.assign(this, valuesOf(problem));
    this.route = new Route(problem);
    this.spot = { cost: NEVER, position: -1 };
    this.skips = () => this.roll(BLINK) === 0;
  }

  valueOf(order, travel) {
    return order.reduce((sum, visit) => sum + this.prize[visit], 0) - this.perSecond * travel;
  }

  /* As much of an order as fits, in that order. */
  startFrom(order) {
    const kept = [];
    for (const visit of order) if (!this.route.take([...kept, visit])) continue; else kept.push(visit);
    this.route.take(kept);
    return kept;
  }

  /* Put visits in one by one, each where it costs least; what does not pay or fit stays out. */
  fill(out) {
    const { route, spot, perSecond } = this;
    const left = [];
    for (const visit of out) {
      route.cheapest(visit, spot, this.skips);
      if (spot.cost === NEVER || this.prize[visit] < perSecond * spot.cost) left.push(visit);
      else route.take([...route.order.slice(0, spot.position), visit, ...route.order.slice(spot.position)]);
    }
    return left;
  }

  /* Take out a visit and some of those around it: neighbours on the map, or a stretch of the route. */
  thin(order) {
    const { roll } = this;
    if (!order.length) return [order, []];
    const at = roll(order.length);
    const count = 1 + roll(Math.min(MOST_OUT, order.length));
    if (roll(2)) {
      const from = Math.max(0, Math.min(at - roll(count), order.length - count));
      const to = from + count;
      return [[...order.slice(0, from), ...order.slice(to)], order.slice(from, to)];
    }
    const on = new Set(order);
    const out = new Set([order[at], ...this.near[order[at]].filter((one) => on.has(one)).slice(0, count - 1)]);
    return [order.filter((one) => !out.has(one)), [...out]];
  }

  /* In which order visits come back: by chance, the far ones first, the tight ones first, the dear ones. */
  sorted(out) {
    const { problem: { matrix, start, visits }, roll } = this;
    const open = ({ windows }) => windows.reduce((sum, [from, to]) => sum + to - from, 0);
    const key = [
      () => roll(1 << 20),
      (one) => -matrix[start][visits[one].place],
      (one) => open(visits[one]),
      (one) => -this.prize[one],
      (one) => -this.prize[one] * (1 + roll(1024) / 1024),
    ][roll(5)];
    return out.map((one) => [key(one), one]).sort(([a, n], [b, m]) => a - b || n - m).map(([, one]) => one);
  }

  run(order, steps, spent) {
    const { route, roll } = this;
    let kept = this.startFrom(order);
    const isIn = new Set(kept);
    let out = this.fill(this.problem.visits.map((_one, n) => n).filter((n) => !isIn.has(n)));
    kept = route.order;
    let value = this.valueOf(kept, route.travel);
    let best = { order: kept, value };
    const heat = this.perSecond * Math.max(1, route.travel) * WARM;
    for (let step = 0; step < steps; step += 1) {
      const share = Math.max(step / steps, spent()); // of the budget
      if (share >= 1) break;
      const [thin, taken] = this.thin(kept);
      if (!route.take(thin)) continue; // without them there is no way, or none in time
      const left = this.fill(this.sorted([...taken, ...out]));
      const found = this.valueOf(route.order, route.travel);
      const luck = heat * (1 - share) * -Math.log((1 + roll(1 << 20)) / (1 << 20));
      if (found < value - luck) continue;
      [kept, out, value] = [route.order, left, found];
      if (value > best.value) best = { order: kept, value };
    }
    return best.order;
  }
}

/* Return the best order found for as many visits as fit and pay, beginning with an order that people
   know; the others are left out. It takes no more than `mostMs` milliseconds by the clock `now`. */
export function search(problem, order = [], { steps = STEPS, seed = 1, mostMs = Infinity, now = () => performance.now() } = {}) {
  const began = now();
  return new Search(problem, seed).run(order, steps, () => (now() - began) / mostMs);
}
