/* Tells the office of a new order: each is a fact of its own, and the last one told stands. */
import { flush } from "../outbox/flush.js";
import { enqueue } from "../outbox/store.js";

export async function tell(body, person, title) {
  await enqueue({ id: crypto.randomUUID(), type: "route.reordered", body, about: { title } }, person);
  await flush();
}
