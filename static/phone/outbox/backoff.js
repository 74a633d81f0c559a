/* How long to wait after failures in a row, milliseconds. Pure. */
const FIRST_MS = 2_000;
const MOST_MS = 5 * 60_000;

/* Doubles from two seconds to five minutes; `dice` (0 to 1) spreads phones that failed together. */
export function waitAfter(failures, dice = Math.random()) {
  if (failures <= 0) return 0;
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.round(most / 2 + (most / 2) * dice);
}

/* Seconds or a date, as Retry-After says it; 0 when it says nothing. */
export function askedToWait(header, now = Date.now()) {
  if (!header) return 0;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(MOST_MS, Math.max(0, ms)) : 0;
}
