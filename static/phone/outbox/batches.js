/* Cuts a queue into pieces that the office takes at once. Pure. */
import { toBase64 } from "../vault/sealing.js";

export const MOST_EVENTS = 100;
export const MOST_BYTES = 900_000; // of 1 MiB opened; the rest is for what surrounds the events

const utf8 = new TextEncoder();

/* What is sent of an event; the office compares type, made_at and body. One that this phone can't open
   now goes in its box. */
export function asSent({ id, seq, type, made_at, body, box, isHidden }) {
  return { id, seq, type, made_at, ...(isHidden ? { sealed: toBase64(box) } : { body }) };
}

/* Return the first events of a queue that fit into one batch: at least one. */
export function nextBatch(queue, mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES) {
  const batch = [];
  let bytes = 0;
  for (const event of queue.slice(0, mostEvents)) {
    const sent = asSent(event);
    bytes += utf8.encode(JSON.stringify(sent)).length + 1;
    if (batch.length && bytes > mostBytes) break;
    batch.push(sent);
  }
  return batch;
}
