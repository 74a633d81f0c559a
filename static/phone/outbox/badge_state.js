/* What the badge says: the worst thing that is true. Pure.

   `waiting` is {events, photos, refused}; `why` the reason of the last failure or null; returns
   {key, n, tone}: a sentence of the page, the number in it, and how loud it is. */
const NO_SIGNAL = new Set(["network", "office_away", "not_the_office"]);
const NO_LOGIN = new Set(["unknown_device", "forbidden"]);

export function badgeOf(waiting, why, isOnline) {
  const { events, photos, refused } = waiting;
  if (refused) return { key: "problem", n: refused, tone: "bad" };
  if (events && why === "revoked") return { key: "revoked", n: events, tone: "bad" };
  if (events && (!isOnline || NO_SIGNAL.has(why))) return { key: "offline", n: events, tone: "warn" };
  if (events && NO_LOGIN.has(why)) return { key: "login", n: events, tone: "warn" };
  if (events) return { key: "pending", n: events, tone: "info" };
  if (photos) return { key: "photos", n: photos, tone: "info" };
  return { key: "sent", n: 0, tone: "good" };
}
