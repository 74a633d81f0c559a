/* Reads what the office answered. Only a well-formed answer about an event counts: a captive portal
   answers 200 to everything, and a page of its own says nothing about a visit. Pure. */

// What each answer means here. "waiting" is on a page of the office where a person looks at it.
const STATES = {
  applied: "delivered", duplicate: "delivered", waiting: "delivered", conflict: "refused", rejected: "refused",
};

/* The reason why an answer as a whole says nothing, or null: {why, isFinal}. */
export function failureOf(status, contentType, body) {
  const isJson = (contentType ?? "").includes("json");
  if (status === 401) return { why: "unknown_device" };
  if (status === 403) return { why: isJson && body?.wipe ? "revoked" : "forbidden" };
  if (status === 404) return { why: isJson ? "too_early" : "not_the_office" };
  if (status >= 200 && status < 300) return isJson && body ? null : { why: "not_the_office" };
  if (status === 408 || status === 429 || status >= 500 || status < 400) return { why: "office_away" };
  return { why: isJson ? "refused" : "not_the_office" };
}

/* Return [{id, state, verdict, missing}] for those of `batch` that were answered. */
export function verdictsOf(batch, body) {
  const asked = new Set(batch.map(({ id }) => id));
  const answers = Array.isArray(body?.answers) ? body.answers : [];
  return answers
    .filter(({ id, state }) => asked.has(id) && state in STATES)
    .map(({ id, state, code = null, sentence = null, missing = null }) => ({
      id, state: STATES[state], verdict: { state, code, sentence }, missing: Array.isArray(missing) ? missing : null,
    }));
}
