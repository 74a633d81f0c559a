/* Calls to the office: with the token of this phone, without cookie, never by a redirect. */
import { askedToWait } from "./backoff.js";
import { failureOf } from "./verdicts.js";

const API = "/phone/api/v1/";
const PATIENCE_MS = 30_000; // a black hole must not hold the queue for ever
const WORTH_BYTES = 1_000; // below, compression saves nothing

/* The office did not take it. `why` is one of: network, unknown_device, revoked, forbidden,
   office_away, not_the_office, too_early (a photo of a visit that a person of the office still looks at),
   refused (this very request; `code` and `sentence` may say more). */
export class NotTaken extends Error {
  constructor(why, more = {}) {
    super(why);
    Object.assign(this, { why, ...more });
  }
}

async function zipped(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).blob();
}

/* Errors of this door are {code, sentence}, those of the whole application {error: {code, message}}. */
function saidIn(told) {
  const { code = null, sentence = null, message = null } = told?.error ?? told ?? {};
  return { code, sentence: sentence ?? message };
}

async function call(path, method, token, body, headers) {
  let answer;
  try {
    answer = await fetch(API + path, {
      method, body, redirect: "error", cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { ...headers, Accept: "application/json", Authorization: `Bearer ${token}` },
    });
  } catch {
    throw new NotTaken("network");
  }
  const told = await answer.json().catch(() => null);
  const failure = failureOf(answer.status, answer.headers.get("Content-Type"), told);
  if (failure) {
    const wait = askedToWait(answer.headers.get("Retry-After"));
    throw new NotTaken(failure.why, { status: answer.status, wait, ...saidIn(told) });
  }
  return told;
}

export async function pushEvents(token, letter) {
  const text = JSON.stringify(letter);
  const isLong = text.length > WORTH_BYTES && "CompressionStream" in self;
  const headers = { "Content-Type": "application/json", ...(isLong && { "Content-Encoding": "gzip" }) };
  return call("events", "POST", token, isLong ? await zipped(text) : text, headers);
}

/* A photo goes in its box, which nobody but the office and its person opens. */
export function putPhoto(token, { sha256, type, data, box }) {
  const headers = { "Content-Type": box ? "application/octet-stream" : type };
  return call(`evidence/${sha256}`, "PUT", token, box ?? data, headers);
}
