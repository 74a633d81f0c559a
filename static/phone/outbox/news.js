/* Tells all pages and the service worker that something changed in the outbox. */
const CHANNEL = "outbox";

export function tell() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(Date.now());
  channel.close();
}

export function listen(hear) {
  new BroadcastChannel(CHANNEL).addEventListener("message", hear);
}
