/* Numbers of events that the office acknowledged and that are still here, as the office compares them. */
const MOST_RUNS = 100; // that the office reads
const utf8 = new TextEncoder();

/* Cut events, in the order of their numbers, into runs without a gap: [[event, ...], ...]. Pure. */
export function runsOf(events) {
  const runs = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run && event.seq === run.at(-1).seq + 1) run.push(event);
    else runs.push([event]);
  }
  return runs;
}

async function digestOf(ids) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(ids.join("\n"))));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* [[first, last, digest of the ids], ...] of the newest runs. */
export function toldRuns(events) {
  return Promise.all(runsOf(events).slice(-MOST_RUNS).map(async (run) =>
    [run[0].seq, run.at(-1).seq, await digestOf(run.map(({ id }) => id))]));
}
