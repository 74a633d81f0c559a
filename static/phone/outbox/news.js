/* Tells all pages and the service worker that something changed in the outbox. */
const CHANNEL = "outbox";
const here = new Set(); // who listens on this page: told at once, before the saving goes on
const own = crypto.randomUUID();

export function tell() {
  for (const hear of here) hear();
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(own);
  channel.close();
}

export function listen(hear) {
  here.add(hear);
  new BroadcastChannel(CHANNEL).addEventListener("message", ({ data }) => { if (data !== own) hear(); });
}
