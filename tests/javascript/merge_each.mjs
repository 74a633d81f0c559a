/* Puts packages together as the phone does: [{kept, told}] of stdin in, whole packages out. */
import { readFileSync } from "node:fs";
import { merged } from "../../static/phone/day/merge.js";

const pairs = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(pairs.map(({ kept, told }) => merged(kept, told))));
