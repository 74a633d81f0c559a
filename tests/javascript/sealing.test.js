import assert from "node:assert/strict";
import { test } from "node:test";

import { BrokenSeal, fromBase64, newPair, openBox, recipientOf, seal, toBase64 } from "../../static/phone/vault/sealing.js";

const text = "María Hernández debe $4,500";
const bytes = new TextEncoder().encode(text);

async function holder() {
  const { publicBytes, privateKey } = await newPair(false);
  const recipient = await recipientOf(publicBytes);
  return { recipient, mine: { name: recipient.name, privateKey } };
}

test("each recipient reads the box and nobody else does", async () => {
  const [office, phone, thief] = await Promise.all([holder(), holder(), holder()]);
  const box = await seal(bytes, [office.recipient, phone.recipient], "fact-1");

  for (const { mine } of [office, phone]) {
    assert.equal(new TextDecoder().decode(await openBox(box, mine, "fact-1")), text);
  }
  await assert.rejects(openBox(box, thief.mine, "fact-1"), BrokenSeal);
});

test("a box of one fact is not opened as that of another", async () => {
  const { recipient, mine } = await holder();
  const box = await seal(bytes, [recipient], "fact-1");

  await assert.rejects(openBox(box, mine, "fact-2"), BrokenSeal);
});

test("every byte counts", async () => {
  const { recipient, mine } = await holder();
  const box = await seal(bytes, [recipient], "fact-1");

  for (const at of [0, 1, 5, 70, 100, 125, box.length - 1]) {
    const changed = box.slice();
    changed[at] ^= 1;
    await assert.rejects(openBox(changed, mine, "fact-1"), BrokenSeal, `byte ${at}`);
  }
});

test("nothing of the text shows, and the same text makes another box each time", async () => {
  const { recipient } = await holder();
  const [one, other] = await Promise.all([seal(bytes, [recipient], "x"), seal(bytes, [recipient], "x")]);

  assert.ok(!Buffer.from(one).includes("María"));
  assert.notDeepEqual(one, other);
});

test("bytes come back from their text", () => {
  const all = Uint8Array.from({ length: 256 }, (_none, n) => n);

  assert.deepEqual(fromBase64(toBase64(all)), all);
  assert.match(toBase64(all), /^[\w-]+$/);
});
