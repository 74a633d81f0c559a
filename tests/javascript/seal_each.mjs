/* Seals as the phone does: {public, boxes: [{bytes, about}]} as JSON on stdin, [box] on stdout; bytes as base64url. */
import { readFileSync } from "node:fs";

import { fromBase64, newPair, recipientOf, seal, toBase64 } from "../../static/phone/vault/sealing.js";

const { public: told, boxes } = JSON.parse(readFileSync(0, "utf8"));
const office = await recipientOf(fromBase64(told));
const phone = await recipientOf((await newPair(false)).publicBytes);
const sealed = await Promise.all(boxes.map(({ bytes, about }) => seal(fromBase64(bytes), [phone, office], about)));
process.stdout.write(JSON.stringify(sealed.map(toBase64)));
