import assert from "node:assert/strict";
import test from "node:test";

import { appUrl } from "../../static/phone/contact/app_url.js";
import { readContact, readMessage, textsFor } from "../../static/phone/contact/read.js";

const NOW = "2026-03-10T15:00:00.000Z";
const read = (values) => readContact(values, 7, NOW, "2026-03-10");

test("a call that nobody answered needs two taps", () => {
  const { body } = read({ channel: "call", person: "nobody" });
  assert.deepEqual([body.client_id, body.at, body.was_answered, body.spoke_of_debt, body.promise], [7, NOW, false, false, null]);
});

test("what is missing is named", () => {
  assert.equal(read({ person: "holder" }).wrong, "channel");
  assert.equal(read({ channel: "call" }).wrong, "person");
});

test("a promise has an amount and a day that has not passed, and somebody who answers for the debt", () => {
  const call = { channel: "call", person: "holder" };
  assert.equal(read({ ...call, amount: "500" }).wrong, "promise_day");
  assert.equal(read({ ...call, due_on: "2026-03-12" }).wrong, "promise_amount");
  assert.equal(read({ ...call, amount: "pronto", due_on: "2026-03-12" }).wrong, "promise_amount");
  assert.equal(read({ ...call, amount: "500", due_on: "2026-03-09" }).wrong, "promise_past");
  assert.equal(read({ ...call, person: "relative", amount: "500", due_on: "2026-03-12" }).wrong, "promise_person");
  const { body } = read({ ...call, amount: "1,250.50", due_on: "2026-03-10" });
  assert.deepEqual([body.promise, body.spoke_of_debt], [{ amount_cents: 125_050, due_on: "2026-03-10" }, true]);
});

test("a message has words, and those for a relative do not speak of the debt", () => {
  const to = (person, more) => readMessage({ channel: "whatsapp", person, text: "Hola", ...more }, 7, NOW);
  assert.equal(to("holder", { text: " " }).wrong, "text");
  assert.equal(to("relative").wrong, "third_party");
  assert.equal(to("relative", { is_neutral: "y" }).body.spoke_of_debt, false);
  assert.deepEqual([to("holder").body.text, to("holder").body.was_answered], ["Hola", false]);
});

test("apps open with the message; a letter opens none", () => {
  assert.equal(appUrl("whatsapp", "+525512345678", "¿Sí?"), "https://wa.me/525512345678?text=%C2%BFS%C3%AD%3F");
  assert.equal(appUrl("sms", "+525512345678", "a b"), "sms:+525512345678?body=a%20b");
  assert.equal(appUrl("letter", "+525512345678", "a"), null);
  assert.equal(appUrl("whatsapp", null, "a"), null);
});

test("messages are those of the stage, filled, without those that lack a fact", () => {
  const messages = [
    { title: "A", stages: ["early"], needs: [], speaks_of_debt: false, text: "Hola, {client}" },
    { title: "B", stages: ["judicial"], needs: [], speaks_of_debt: true, text: "" },
    { title: "C", stages: ["early"], needs: ["promised"], speaks_of_debt: true, text: "{promised}" },
  ];
  assert.deepEqual(textsFor(messages, "early", { client: "Ana" }), [{ title: "A", speaks_of_debt: false, text: "Hola, Ana" }]);
});
