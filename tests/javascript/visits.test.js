import assert from "node:assert/strict";
import test from "node:test";

import { stopsUndone, visitsIn } from "../../static/phone/outbox/visits.js";

const recorded = (id, stop_id, state = "kept") => ({
  id, state, type: "visit.recorded", body: { stop_id, client_id: 1, payment: null, ended_at: "" }, about: { outcome: "No estaba" },
});
const annulled = (visit) => ({ id: `not-${visit}`, state: "kept", type: "visit.annulled", body: { visit } });

test("a visit that was taken back counts no more, whichever of both arrived", () => {
  const events = [recorded("a", 1, "delivered"), recorded("b", 2), annulled("a")];

  assert.deepEqual(visitsIn(events).map(({ id }) => id), ["b"]);
  assert.deepEqual([...stopsUndone(events)], [1]);
});

test("a stop that was visited again is done", () => {
  const events = [recorded("a", 1), annulled("a"), recorded("c", 1)];

  assert.deepEqual([...stopsUndone(events)], []);
  assert.deepEqual(visitsIn(events).map(({ id, isDelivered }) => [id, isDelivered]), [["c", false]]);
});
