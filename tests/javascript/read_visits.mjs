/* Reads visits as the phone does: {offer, forms: [values]} as JSON on stdin, [{wrongs, body}] on stdout. */
import { readFileSync } from "node:fs";

import { readVisit } from "../../static/phone/visit/answers.js";

const { offer, forms } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(forms.map((values) => readVisit(values, offer))));
