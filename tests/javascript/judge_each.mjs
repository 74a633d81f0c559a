/* Judges every case of stdin as the phone does: [{client, texts, at, made, channel}] in, [{isOpen, rules}] out. */
import { readFileSync } from "node:fs";

import { judge } from "../../static/phone/law/judge.js";

const answers = JSON.parse(readFileSync(0, "utf8")).map(({ client, texts, at, made, channel }) => {
  const { isOpen, reasons } = judge(client, texts, at, made, channel);
  return { isOpen, rules: reasons.map(({ rule }) => rule) };
});
process.stdout.write(JSON.stringify(answers));
