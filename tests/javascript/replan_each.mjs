/* Orders every problem of stdin as the phone does: [{problem, order}] in, [{order, ms}] out. */
import { readFileSync } from "node:fs";
import { search } from "../../static/phone/replan/search.js";

const answers = JSON.parse(readFileSync(0, "utf8")).map(({ problem, order }) => {
  const before = process.cpuUsage();
  const found = search(problem, order);
  const { user, system } = process.cpuUsage(before);
  return { order: found, ms: (user + system) / 1000 };
});
process.stdout.write(JSON.stringify(answers));
