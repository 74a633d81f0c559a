/* What time it is at the office, whatever this phone's clock says. Pure.

   A page carries the office's time of when it was made, and the phone knows when it got the page: the
   phone's clock may be days off, as long as nobody sets it while the page is kept. */

/* `page` is {madeAt, gotAt}: the office's time of the page, the phone's when it came, milliseconds. */
export const officeTime = (page, phoneTime) => page.madeAt + (phoneTime - page.gotAt);

/* An instant as people of a time zone write it: "2026-03-10T10:05". */
export function wallTime(ms, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(ms);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}
