/* How late a stop is. Pure. Moments are epoch seconds of the office's clock. */
const QUIET_S = 5 * 60; // parking and walking to the door

/* "35 min", "1 h 05 min"; "" while it is in time. */
export function lateness(arrivesAt, now) {
  if (now - arrivesAt < QUIET_S) return "";
  const minutes = Math.floor((now - arrivesAt) / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
