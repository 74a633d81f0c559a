/* The errors that collectors make at a door, looked for in the form before it is saved. Pure.

   Some can be seen in what was told; of others only the collector knows, who ticks them off. Nothing here
   keeps anybody from saving: what is plainly wrong is asked about once more. Catalogue: playbook/words.es.toml. */
import { wordsIn } from "../law/words.js";

const NOBODY = new Set(["nobody", "closed", "minor"]);
const PROMISE_FIELDS = new Set(["promise_choice", "promise_amount", "promise_day", "promise_date"]);
const PERCENT = /(\d{1,3})(?:[.,]\d+)?\s*%/g;
const ASKS = new Set(["asks_discount", "asks_time"]);

const ticked = (values, key) => Boolean(values[`check_${key}`]);

/* Whether a note speaks of something, by the words that the offer gives for it. */
const speaksOf = ({ note }, words) => wordsIn(note ?? "", words.map((term) => ({ term }))).length > 0;
const percentsIn = (note) => [...(note ?? "").matchAll(PERCENT)].map(([, percent]) => Number(percent));

function ofPromise({ values, wrongs, doubts }) {
  const isExact = !wrongs.some(({ field }) => PROMISE_FIELDS.has(field));
  return [
    { key: "exact_promise", isMet: isExact },
    { key: "within_policy", isMet: isExact && !doubts.length },
    { key: "way_to_pay", isMet: ticked(values, "way_to_pay") },
    { key: "repeated", isMet: ticked(values, "repeated") },
  ];
}

function ofDiscount({ values, isAsked }, { said, most_percent: most }) {
  const isTold = speaksOf(values, said.discount);
  const first = { key: "asked_full_first", isMet: ticked(values, "asked_full_first"), isWrong: !ticked(values, "asked_full_first") };
  const beyond = { key: "beyond_authority", isMet: false, isWrong: true };
  const isBeyond = isTold && percentsIn(values.note).some((percent) => percent > most);
  return [...(isAsked || isTold ? [first] : []), ...(isBeyond ? [beyond] : [])];
}

function ofThirdParty({ values }, { said }) {
  const speaks = speaksOf(values, said.debt);
  return [
    { key: "neutral", isMet: ticked(values, "neutral") && !speaks },
    ...(speaks ? [{ key: "debt_told", isMet: false, isWrong: true }] : []),
  ];
}

/* What to look at before this form is saved: [{key, isMet, isWrong}], in the order of the talk. `read` is what
   `readVisit` made of the values, `doubts` what `doubtsOf` found in it. */
export function checklistOf(values, read, doubts, offer) {
  const { person_met: person, outcome } = values;
  if (!(outcome in offer.required) || NOBODY.has(person)) return [];
  const { body, wrongs } = read;
  const known = { values, wrongs, doubts, isAsked: ASKS.has(outcome) };
  const isTheirs = offer.responsible.includes(person);
  const isVague = isTheirs && !body.promise && !body.payment && !body.appointment
    && (body.objection === "next_week" || speaksOf(values, offer.said.vague));
  return [
    ...(isTheirs ? [] : ofThirdParty(known, offer)),
    ...(isTheirs ? ofDiscount(known, offer) : []),
    ...(isVague ? [{ key: "vague_promise", isMet: false, isWrong: true }] : []),
    ...(body.promise ? ofPromise(known) : []),
    ...(body.payment?.method === "cash" ? [{ key: "counted", isMet: ticked(values, "counted") }] : []),
  ].map((one) => ({ isWrong: false, ...one }));
}
