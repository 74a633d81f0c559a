/* What the outbox knows of visits: which were made, which were taken back. Pure. */

/* Return visits from events of one person, in order, without those that were taken back:
   [{id, stop_id, client_id, path, outcome, at, isDelivered, collected_cents, currency}]. */
export function visitsIn(events) {
  const annulled = new Set(events.filter(({ type }) => type === "visit.annulled").map(({ body }) => body.visit));
  return events
    .filter(({ id, type }) => type === "visit.recorded" && !annulled.has(id))
    .map(({ id, state, body, about }) => ({
      id, stop_id: body.stop_id, client_id: body.client_id, path: about.path, outcome: about.outcome, at: body.ended_at,
      isDelivered: state === "delivered", collected_cents: body.payment?.amount_cents ?? 0, currency: about.currency,
    }));
}

/* Stops whose visits were all taken back on this phone. */
export function stopsUndone(events) {
  const made = new Set(visitsIn(events).map(({ stop_id }) => stop_id));
  return new Set(events
    .filter(({ type, body }) => type === "visit.recorded" && body.stop_id && !made.has(body.stop_id))
    .map(({ body }) => body.stop_id));
}
