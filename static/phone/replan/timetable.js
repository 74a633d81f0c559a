/* When each visit of an order begins, and whether all of it fits: pure arithmetic over one day.

   A problem is {matrix, start, end, startsAt, endsAt, cents, visits}: `matrix[from][to]` are seconds
   between places, `start` and `end` are rows of it, hours are epoch seconds, and `cents` is what an
   hour of travel costs. A visit is {place, service, windows, prize, required}; `windows` are
   [first, last] moments at which it may *begin*, in order. An order is an array of numbers of visits. */
export const NO_WAY_S = 65535;
export const NEVER = Infinity;

/* The moments at which a visit of `service` seconds may begin, so that it ends inside the legal
   windows too; within `agreed` when the client expects us, and not before `notBefore`. */
export function startsWithin(windows, service, agreed = [], notBefore = -Infinity) {
  const legal = windows.map(([from, to]) => [Math.max(from, notBefore), to - service]);
  const both = agreed.length
    ? legal.flatMap(([a, b]) => agreed.map(([c, d]) => [Math.max(a, c), Math.min(b, d)]))
    : legal;
  return both.filter(([from, to]) => from <= to).sort(([a], [b]) => a - b);
}

/* The first moment from `at` on at which a visit may begin; NEVER when there is none. */
export function beginsAt({ windows }, at) {
  for (const [from, to] of windows) if (at <= to) return at > from ? at : from;
  return NEVER;
}

/* Ride an order from start to end. Returns {rows, returnsAt, travel}; a row is {visit, arrivesAt,
   beginsAt, leavesAt, isLate}. A visit that comes after its last window is late and made at once:
   an order that a person chose is shown as it is. */
export function ride(problem, order) {
  const { matrix, visits, start, end, startsAt } = problem;
  let [place, at, travel] = [start, startsAt, 0];
  const rows = order.map((visit) => {
    const one = visits[visit];
    const seconds = matrix[place][one.place];
    const arrivesAt = at + seconds;
    const legal = beginsAt(one, arrivesAt);
    const begins = legal === NEVER ? arrivesAt : legal;
    travel += seconds;
    [place, at] = [one.place, begins + one.service];
    return { visit, arrivesAt, beginsAt: begins, leavesAt: at, isLate: legal === NEVER };
  });
  const back = matrix[place][end];
  return { rows, returnsAt: at + back, travel: travel + back };
}

/* Tell whether every visit of an order begins in a window, there is a way, and the day ends in time. */
export function fits(problem, order) {
  const { rows, returnsAt } = ride(problem, order);
  const places = [problem.start, ...order.map((visit) => problem.visits[visit].place), problem.end];
  const hasWay = places.every((place, n) => n === 0 || problem.matrix[places[n - 1]][place] < NO_WAY_S);
  return hasWay && returnsAt <= problem.endsAt && !rows.some(({ isLate }) => isLate);
}

/* What an order is worth: first how many required visits it makes, then prizes less travel, cents. */
export function worth(problem, order) {
  const made = order.map((visit) => problem.visits[visit]);
  const prize = made.reduce((sum, one) => sum + one.prize, 0);
  return {
    required: made.filter((one) => one.required).length,
    cents: prize - problem.cents * ride(problem, order).travel / 3600,
  };
}
