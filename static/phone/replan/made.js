/* Visits that were made on this phone and that the office does not know yet. */
import { draftsOf } from "../offline/drafts.js";

const STOP = /^\/phone\/parada\/(\d+)\/registrar$/;
const CLIENT = /^\/phone\/cliente\/(\d+)\/registrar$/;

/* Return [{client, at}] of forms that were sent without an answer; `at` is the office's clock. */
export function visitsHere(person, day, offsetMs) {
  const ofStop = new Map(day.stops.map(({ id, client }) => [id, client]));
  return draftsOf(person).filter(({ tried }) => tried).map(({ path, tried }) => ({
    client: ofStop.get(Number(STOP.exec(path)?.[1])) ?? Number(CLIENT.exec(path)?.[1]),
    at: (Date.parse(tried) + offsetMs) / 1000,
  }));
}
