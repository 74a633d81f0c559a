/* The rides of a day in the order that was chosen on this phone. Pure. */
import { NO_WAY_S } from "./timetable.js";

/* Return [{from, to, seconds}] from where the collector is to each client still to visit, and back: numbers of clients,
   null for the start and the end of the day. `seconds` is null where no way is known. */
export function ridesOf({ day, rows, done }) {
  const place = new Map([...day.stops, ...day.extras].map(({ client }, n) => [client, n + 1]));
  const secondsBetween = (from, to) => day.matrix[place.get(from) ?? 0][to === null ? day.matrix.length - 1 : place.get(to)];
  const order = [done.findLast((client) => place.has(client)) ?? null, ...rows.map(({ client }) => client), null];
  return order.slice(1).map((to, n) => {
    const seconds = secondsBetween(order[n], to);
    return { from: order[n], to, seconds: seconds < NO_WAY_S ? seconds : null };
  });
}
