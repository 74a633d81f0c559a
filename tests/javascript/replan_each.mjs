/* Orders every problem of stdin as the phone does: [{problem, order, isTimed}] in, [{order, ms}] out. `isTimed` tells
   whether it stops when a person has waited long enough, as on the page; without, the order is the same on any machine. */
import { readFileSync } from "node:fs";
import { MOST_MS } from "../../static/phone/replan/changes.js";
import { search } from "../../static/phone/replan/search.js";

const answers = JSON.parse(readFileSync(0, "utf8")).map(({ problem, order, isTimed }) => {
  const before = performance.now();
  const found = search(problem, order, { mostMs: isTimed ? MOST_MS : Infinity });
  return { order: found, ms: performance.now() - before };
});
process.stdout.write(JSON.stringify(answers));
