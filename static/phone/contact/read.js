/* A call, a message or a letter as it was tapped and typed, checked as the office checks it. Pure. */
import { cents } from "../visit/money.js";

const ANSWERS_FOR_DEBT = new Set(["holder", "guarantor"]);
const MOST_CENTS = 10 ** 10 - 1;
const NOBODY = "nobody";

function promiseOf({ amount, due_on }, person, today) {
  if (!amount?.trim() && !due_on) return { promise: null };
  const amount_cents = cents(amount?.trim() ?? "");
  if (!amount_cents || amount_cents <= 0 || amount_cents > MOST_CENTS) return { wrong: "promise_amount" };
  if (!due_on) return { wrong: "promise_day" };
  if (due_on < today) return { wrong: "promise_past" };
  if (!ANSWERS_FOR_DEBT.has(person)) return { wrong: "promise_person" };
  return { promise: { amount_cents, due_on } };
}

/* What was done: {body} to save, or {wrong}, the key of a sentence. `now` is an instant as text, `today` a day. */
export function readContact(values, client_id, now, today) {
  if (!values.channel) return { wrong: "channel" };
  if (!values.person) return { wrong: "person" };
  const { promise, wrong } = promiseOf(values, values.person, today);
  if (wrong) return { wrong };
  return {
    body: {
      client_id, channel: values.channel, at: now, person: values.person, was_answered: values.person !== NOBODY,
      spoke_of_debt: Boolean(values.spoke_of_debt) || promise !== null, text: null, note: values.note?.trim() || null, promise,
    },
  };
}

/* A message that is about to leave: it was not answered yet. */
export function readMessage({ channel, person, text, is_neutral }, client_id, now) {
  if (!text?.trim()) return { wrong: "text" };
  if (!is_neutral && !ANSWERS_FOR_DEBT.has(person)) return { wrong: "third_party" };
  return {
    body: {
      client_id, channel, at: now, person, was_answered: false, spoke_of_debt: !is_neutral, text: text.trim(), note: null,
      promise: null,
    },
  };
}

/* Messages of the house for a stage, filled with facts; one that needs a fact which is missing is left out. */
export function textsFor(messages, stage, facts) {
  return messages
    .filter(({ stages, needs }) => stages.includes(stage) && needs.every((name) => facts[name]))
    .map(({ title, text, speaks_of_debt }) =>
      ({ title, speaks_of_debt, text: text.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "") }));
}
