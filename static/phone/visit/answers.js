/* What was tapped and typed in the form of a visit, checked as the office checks it. Pure.

   `offer` is what the page was told by the office (phone/offer.py); `values` the fields by name. What
   passes here is applied there: both read the same closed sets, and a test compares their verdicts. */
import { cents } from "./money.js";

const OTHER = "other";
const MOST_CENTS = 10 ** 10 - 1;
const LONGEST = { payment_reference: 60, note: 2000 };
const YEARS = [2000, 2100];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}(:\d{2})?$/;

/* An answer that can't be used: beside which field, and which sentence says what to do. */
class Wrong extends Error {
  constructor(field, key) {
    super(key);
    Object.assign(this, { field, key });
  }
}

function isDay(text) {
  const at = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(at.valueOf()) && at.toISOString().startsWith(text);
}

function readCents(values, choice, typed) {
  const chosen = values[choice] ?? "";
  const text = (values[typed] ?? "").trim();
  if (!chosen && !text) throw new Wrong(choice, "choose_amount");
  const amount = chosen === "" || chosen === OTHER ? cents(text) : /^-?\d+$/.test(chosen) ? Number(chosen) : null;
  if (amount === null) throw new Wrong(typed, "amount_unreadable");
  if (amount <= 0) throw new Wrong(typed, "amount_not_positive");
  if (amount > MOST_CENTS) throw new Wrong(typed, "amount_too_large");
  return amount;
}

function readDay(values, choice, typed) {
  const chosen = values[choice] ?? "";
  const day = isDay(chosen) ? chosen : values[typed] ?? "";
  if (!isDay(day)) throw new Wrong(chosen === OTHER ? typed : choice, chosen === OTHER ? "write_date" : "choose_day");
  const year = Number(day.slice(0, 4));
  if (year < YEARS[0] || year > YEARS[1]) throw new Wrong(typed, "check_year");
  return day;
}

/* Read an answer, or note what is wrong with it and return null. */
function checked(wrongs, read) {
  try {
    return read();
  } catch (wrong) {
    if (!(wrong instanceof Wrong)) throw wrong;
    wrongs.push({ field: wrong.field, key: wrong.key });
    return null;
  }
}

// What an outcome can't do without, read into the part of the body that it makes.
const readers = {
  promise: (values, offer, wrongs) => {
    const amount_cents = checked(wrongs, () => readCents(values, "promise_choice", "promise_amount"));
    const due_on = checked(wrongs, () => readDay(values, "promise_day", "promise_date"));
    return { promise: { amount_cents, due_on } };
  },
  payment: (values, offer, wrongs) => {
    const amount_cents = checked(wrongs, () => readCents(values, "payment_choice", "payment_amount"));
    const method = values.payment_method;
    if (!offer.methods.includes(method)) wrongs.push({ field: "payment_method", key: "choose_method" });
    return { payment: { amount_cents, method, reference: (values.payment_reference ?? "").trim() || null } };
  },
  appointment: (values, offer, wrongs) => {
    const day = checked(wrongs, () => readDay(values, "appointment_day", "appointment_date"));
    const time = values.appointment_time ?? "";
    if (!TIME.test(time)) wrongs.push({ field: "appointment_time", key: "write_time" });
    return { appointment: { starts_at: `${day}T${time.slice(0, 5)}` } };
  },
  objection: (values, offer, wrongs) => {
    if (!offer.objections.includes(values.objection)) wrongs.push({ field: "objection", key: "choose_objection" });
    return {};
  },
  note: (values, offer, wrongs) => {
    if (!(values.note ?? "").trim()) wrongs.push({ field: "note", key: "write_note" });
    return {};
  },
};

/* The rest is promised in the visit in which a part was paid. */
function addsPromise({ person_met, outcome, also_promises }, offer) {
  return !["", "false", undefined].includes(also_promises) && Boolean(offer.adds_promise[person_met]?.includes(outcome));
}

/* What is past, asked of a form that is complete: {field, key}, or nothing. */
function past({ promise, appointment }, offer) {
  if (promise && promise.due_on < offer.today) return { field: "promise_day", key: "promise_in_past" };
  if (appointment && appointment.starts_at <= offer.started) return { field: "appointment_day", key: "appointment_in_past" };
  return null;
}

function number(text) {
  const read = text?.trim() ? Number(text) : NaN;
  return Math.abs(read) < 1e9 ? read : null;
}

function place(values) {
  const [lat, lon, accuracy] = ["lat", "lon", "accuracy_m"].map((name) => number(values[name]));
  return { lat, lon, accuracy_m: accuracy === null ? null : Math.round(accuracy), no_gps_reason: values.no_gps_reason || null };
}

function objectionOf(values, offer, outcome) {
  const told = offer.argues.includes(outcome) && offer.objections.includes(values.objection) ? values.objection : null;
  return told ?? offer.implied[outcome] ?? null;
}

/* Return {wrongs, body}: `wrongs` is [{field, key}], empty when `body` may be saved as a visit. */
export function readVisit(values, offer) {
  const wrongs = [];
  const { person_met, outcome } = values;
  let parts = {};
  for (const [field, most] of Object.entries(LONGEST)) {
    if ([...values[field] ?? ""].length > most) wrongs.push({ field, key: "too_long" });
  }
  if (!(person_met in offer.offered)) wrongs.push({ field: "person_met", key: "choose_person" });
  else {
    if (!(outcome in offer.required)) wrongs.push({ field: "outcome", key: "choose_outcome" });
    else if (!offer.offered[person_met].includes(outcome)) wrongs.push({ field: "outcome", key: "outcome_misfit" });
    parts = readers[offer.required[outcome]]?.(values, offer, wrongs) ?? {};
    if (addsPromise(values, offer)) parts = { ...parts, ...readers.promise(values, offer, wrongs) };
  }
  const late = wrongs.length ? null : past(parts, offer);
  if (late) wrongs.push(late);
  const body = {
    client_id: offer.client_id, stop_id: offer.stop_id, started_at: values.started_at, ended_at: values.ended_at,
    ...place(values), person_met, outcome, objection: objectionOf(values, offer, outcome),
    note: (values.note ?? "").trim() || null, promise: null, payment: null, appointment: null, ...parts,
    photos: [], signature: null,
  };
  return { wrongs, body };
}
