/* How wrong this phone's clock is. Pure.

   The office tells its time with each answer; the phone saw the moment it asked and the moment the
   answer came, and takes the middle. */
export const WRONG_MS = 2 * 60 * 1000; // more than that is told to the gestor

/* What to add to the phone's clock to get the office's, milliseconds. */
export const offsetOf = (officeMs, askedMs, gotMs) => Math.round(officeMs - (askedMs + gotMs) / 2);

export const isWrong = (offsetMs) => Math.abs(offsetMs) > WRONG_MS;

/* How far a clock was set back since the office's day came, by the same clock, at `gotAt`; 0 when nothing says so. */
export const setBackBy = (gotAt, now) => Math.max(0, gotAt - now);
