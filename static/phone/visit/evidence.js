/* What photos and the signature of a visit say of themselves in its event. */
import { photosOf } from "../outbox/store.js";

export async function evidence(visit) {
  const kept = (await photosOf(visit)).sort((one, other) => one.taken_at.localeCompare(other.taken_at));
  const told = kept.map(({ sha256, size, width, height, taken_at, isSignature }) =>
    ({ isSignature, fact: { sha256, bytes: size, width, height, taken_at } }));
  return {
    photos: told.filter(({ isSignature }) => !isSignature).map(({ fact }) => fact),
    signature: told.find(({ isSignature }) => isSignature)?.fact ?? null,
  };
}
