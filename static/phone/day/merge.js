/* Puts what changed of a day package into the one that is here. Pure. */

/* Rows in the order that the office told: those it sent, and the ones of before; null when one is missing. */
function inOrder(order, keyOf, ...lists) {
  const rows = new Map(lists.flat().map((row) => [keyOf(row), row]));
  const found = order.map((key) => rows.get(key));
  return found.includes(undefined) ? null : found;
}

function mergedDay(before, { day, head, matrix, stops, stops_order, extras, extras_order }) {
  const merged = {
    ...(head ?? before), day, matrix: matrix ?? before?.matrix,
    stops: inOrder(stops_order, ({ id }) => id, before?.stops ?? [], stops),
    extras: inOrder(extras_order, ({ client }) => client, before?.extras ?? [], extras),
  };
  return merged.stops && merged.extras && merged.matrix && (head ?? before) ? merged : null;
}

/* `kept` is the package that is here, whole; `told` what the office answered to its cursor. Returns the whole
   package of now, or null when it can't be put together: then the phone asks for all of it. */
export function merged(kept, told) {
  if (told.is_whole) return told;
  const days = told.days.map((one) => mergedDay(kept.days.find(({ day }) => day === one.day), one));
  const known = { ...kept.law_texts, ...told.law_texts };
  const { law_order: keys, ...rest } = told;
  if (days.includes(null) || keys.some((key) => !known[key])) return null;
  return { ...rest, is_whole: true, days, law_texts: Object.fromEntries(keys.map((key) => [key, known[key]])) };
}
