/* The day package on this phone: fetched when there is signal, read without.

   It lies among the copies of pages, so that it leaves the phone with them: after 36 hours, when somebody
   else logs in, on leaving. */
import { copyOf, keepPage, KEEPER } from "../offline/copies.js";
import { deviceOf } from "../outbox/device.js";
import { offsetOf } from "./clock.js";

const URL_OF_DAY = "/phone/api/v1/day";
const OFFSET = "Clock-Offset"; // milliseconds, see clock.js

/* Return {days, law_texts, ..., offsetMs, gotAt} or null when there is none, or only an old one. */
export async function packageHere() {
  const kept = await copyOf(URL_OF_DAY);
  if (!kept) return null;
  const found = JSON.parse(kept.body);
  const offsetMs = Number(kept.headers.get(OFFSET));
  const { expires_at: until, lives_s: lives } = found;
  const age = (Date.now() - kept.at) / 1000; // asked again and unchanged, it lives on
  return age < lives || officeNow({ offsetMs }) < until ? { ...found, offsetMs, gotAt: kept.at } : null;
}

/* The office's time, epoch seconds, by this phone's clock and what is known of its error. */
export const officeNow = ({ offsetMs }) => (Date.now() + offsetMs) / 1000;

/* Ask for the package by the token of this phone: with a copy of it here, for what changed since. One that
   did not change is only dated anew. Without a token, before the phone was registered, nothing is asked. */
export async function refreshPackage(person) {
  const phone = await deviceOf(person);
  if (!phone) return;
  const kept = await copyOf(URL_OF_DAY);
  if (await pull(person, phone.token, kept)) return;
  await pull(person, phone.token, null); // what is here does not fit to what changed
}

/* Returns whether the answer could be used. */
async function pull(person, token, kept) {
  const headers = { Accept: "application/json", Authorization: `Bearer ${token}` };
  const here = kept && JSON.parse(kept.body);
  const query = here?.cursor ? `?${new URLSearchParams({ cursor: here.cursor })}` : "";
  if (kept) headers["If-None-Match"] = kept.headers.get("ETag");
  const asked = Date.now();
  const answer = await fetch(URL_OF_DAY + query, { headers, redirect: "error", cache: "no-store" });
  const offset = offsetOf(Number(answer.headers.get("Server-Time")) * 1000, asked, Date.now());
  if (answer.status === 304 && kept) await keep(person, kept.body, kept.headers, offset);
  if (!answer.ok) return true;
  const told = await answer.json();
  if (told.is_whole) {
    await keep(person, JSON.stringify(told), answer.headers, offset);
    return true;
  }
  const { merged } = await import("./merge.js"); // a phone that comes from home has nothing to put together
  const whole = merged(here, told);
  if (whole) await keep(person, JSON.stringify(whole), answer.headers, offset);
  return Boolean(whole);
}

function keep(person, body, told, offset) {
  const headers = new Headers(told);
  headers.set(OFFSET, String(offset));
  headers.set(KEEPER, person); // the phone asked for whom it is registered, not for who is logged in
  return keepPage(URL_OF_DAY, new Response(body, { headers }), false);
}
