/* Visits that were made on this phone, also those that the office does not know yet. */
import { eventsOf } from "../outbox/store.js";
import { visitsIn } from "../outbox/visits.js";

/* Return [{client, at}] of visits in the outbox that were not taken back; `at` is the office's clock. */
export async function visitsHere(person, day, offsetMs) {
  const known = new Set(day.stops.map(({ client }) => client));
  return visitsIn(await eventsOf(person))
    .filter(({ client_id, stop_id }) => stop_id === null || known.has(client_id))
    .map(({ client_id, at }) => ({ client: client_id, at: (Date.parse(at) + offsetMs) / 1000 }));
}
