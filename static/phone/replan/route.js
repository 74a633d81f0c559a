/* An order of visits with its clock, made so that asking what an insertion costs takes no time: for each
   visit its earliest departure and the latest moment at which it may begin.

   Windows lie flat (from, to, from, to, ...) and hours are seconds since the start of the day's work:
   small whole numbers, in loops without objects, are what makes a cheap phone fast. */
import { NEVER, NO_WAY_S } from "./timetable.js";

function beginsAt(windows, at) {
  for (let n = 0; n < windows.length; n += 2) {
    if (at <= windows[n + 1]) return at > windows[n] ? at : windows[n];
  }
  return NEVER;
}

function beginsBy(windows, at) {
  for (let n = windows.length - 2; n >= 0; n -= 2) {
    if (at >= windows[n]) return at < windows[n + 1] ? at : windows[n + 1];
  }
  return -NEVER;
}

export class Route {
  constructor({ matrix, visits, start, end, startsAt, endsAt }) {
    this.matrix = matrix.map((row) => Int32Array.from(row));
    this.place = visits.map((one) => one.place);
    this.service = visits.map((one) => one.service);
    this.windows = visits.map((one) => one.windows.flat().map((at) => at - startsAt));
    Object.assign(this, { start, end, endsAt: endsAt - startsAt, order: [], travel: matrix[start][end] });
    this.leaves = []; // earliest moment at which the visit at this position is over
    this.latest = []; // last moment at which it may begin for all that follows to fit
  }

  /* Take an order as it is, and tell whether all of it fits. */
  take(order) {
    const { matrix, windows, service, place, end, leaves, latest } = this;
    const count = order.length;
    this.order = order;
    let [from, at, travel] = [this.start, 0, 0];
    for (let n = 0; n < count; n += 1) {
      const visit = order[n];
      const seconds = matrix[from][place[visit]];
      const begins = beginsAt(windows[visit], at + seconds);
      if (seconds >= NO_WAY_S || begins === NEVER) return false;
      at = begins + service[visit];
      leaves[n] = at;
      travel += seconds;
      from = place[visit];
    }
    const back = matrix[from][end];
    this.travel = travel + back;
    if (back >= NO_WAY_S || at + back > this.endsAt) return false;
    let [next, bound] = [end, this.endsAt];
    for (let n = count - 1; n >= 0; n -= 1) {
      const visit = order[n];
      bound = beginsBy(windows[visit], bound - matrix[place[visit]][next] - service[visit]);
      latest[n] = bound;
      next = place[visit];
    }
    return true;
  }

  /* Where a visit costs least: writes position and added seconds to `spot`, NEVER when it fits nowhere.
     `skips` tells, asked at each place, whether to overlook it. */
  cheapest(visit, spot, skips) {
    const { matrix, order, place, leaves, latest } = this;
    const [here, open, service] = [place[visit], this.windows[visit], this.service[visit]];
    const on = matrix[here];
    spot.cost = NEVER;
    let [before, left] = [this.start, 0];
    for (let n = 0; n <= order.length; n += 1) {
      const after = n < order.length ? place[order[n]] : this.end;
      const [there, away] = [matrix[before][here], on[after]];
      const cost = there + away - matrix[before][after];
      const begins = beginsAt(open, left + there);
      if (begins === NEVER) return; // later places are later still
      const bound = n < order.length ? latest[n] : this.endsAt;
      if (cost < spot.cost && begins + service + away <= bound && there < NO_WAY_S && away < NO_WAY_S && !skips()) {
        spot.cost = cost;
        spot.position = n;
      }
      before = after;
      left = leaves[n];
    }
  }
}
