/* What this phone did to a client that its day package does not count yet. Pure. */
const RESPONSIBLE = new Set(["holder", "guarantor"]); // as visits/rules has them

const touchOf = {
  "visit.recorded": ({ person_met, outcome }) =>
    (outcome === "not_visited" ? null : { channel: "visit", isContact: RESPONSIBLE.has(person_met) }),
  "contact.recorded": ({ channel, person, was_answered }) =>
    ({ channel, isContact: was_answered && RESPONSIBLE.has(person) }),
};

/* [{channel, isContact}] of events of one person; `gotAt` is when the package came, a Date of this phone's clock:
   what the office had then is counted in it. */
export function touchesIn(events, client, gotAt) {
  const annulled = new Set(events.filter(({ type }) => type === "visit.annulled").map(({ body }) => body.visit));
  return events
    .filter(({ id, type, body }) => type in touchOf && body.client_id === client && !annulled.has(id))
    .filter(({ state, delivered_at }) => state !== "delivered" || new Date(delivered_at) > gotAt)
    .map(({ type, body }) => touchOf[type](body))
    .filter(Boolean);
}
