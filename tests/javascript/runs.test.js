import { createHash } from "node:crypto";
import { test } from "node:test";
import assert from "node:assert/strict";
import { runsOf, toldRuns } from "../../static/phone/outbox/runs.js";

const event = (seq) => ({ seq, id: `id-${seq}` });
const digest = (...ids) => createHash("sha256").update(ids.join("\n")).digest("hex").slice(0, 16);

test("numbers without a gap are one run", () => {
  const runs = runsOf([1, 2, 3, 7, 9, 10].map(event));

  assert.deepEqual(runs.map((run) => run.map(({ seq }) => seq)), [[1, 2, 3], [7], [9, 10]]);
});

test("nothing delivered is no run", () => {
  assert.deepEqual(runsOf([]), []);
});

test("a run is told with its ends and the digest of its ids in their order", async () => {
  const told = await toldRuns([1, 2, 5].map(event));

  assert.deepEqual(told, [[1, 2, digest("id-1", "id-2")], [5, 5, digest("id-5")]]);
});

test("of very many runs the newest are told, as many as the office reads", async () => {
  const told = await toldRuns(Array.from({ length: 150 }, (_none, n) => event(2 * n + 1)));

  assert.equal(told.length, 100);
  assert.equal(told.at(-1)[1], 299);
});
