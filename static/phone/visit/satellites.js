/* The time without the office: places come with that of the satellites. Pure. */

/* What to add to the phone's clock by that of the satellites, from places in the order they were found,
   [{at, seenAt}]: the time of the place and the phone's. Null while it may be a place of before, whose time has passed. */
export function offsetBySatellites(places) {
  const { at, seenAt } = places.at(-1);
  const isNew = at > seenAt || at > places[0].at;
  return isNew ? at - seenAt : null;
}
