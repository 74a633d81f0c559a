/* What a request says besides events: how this phone is, and what it thinks that the office has. */
import { vaultOf } from "../vault/keys.js";
import { aboutPhone } from "./device.js";
import { runsThere } from "./recall.js";
import { counts } from "./store.js";

/* The letter around some events; the first of an attempt also tells what was acknowledged before. */
export async function letterFor(person, events, isFirst) {
  const waiting = await counts(person);
  return {
    sent_at: new Date().toISOString(), last_seq: waiting.lastSeq, pending_events: waiting.events,
    pending_photos: waiting.photos, ...(await aboutPhone()), wrong_pins: (await vaultOf(person))?.wrong ?? 0,
    ...(isFirst && await runsThere(person)), events,
  };
}
