/* Who holds the private key while this phone is unlocked: the memory of its pages and of the service
   worker, never a disk. Each asks the other, because pages come and go and workers are put to sleep.

   A vault without a PIN has nothing to ask for. */
import { hasPin, vaultOf } from "./keys.js";

const isPage = "document" in self;
const PATIENCE_MS = 500;
const inbox = isPage ? navigator.serviceWorker : self;

let held = null; // {person, key}

async function others() {
  if (!isPage) return self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const registration = await navigator.serviceWorker?.getRegistration("/phone/");
  return registration?.active ? [registration.active] : [];
}

/* Post to one of them and wait for its answer; null when it sleeps. */
function told(other, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    setTimeout(() => resolve(null), PATIENCE_MS);
    port1.onmessage = ({ data }) => resolve(data);
    other.postMessage(message, [port2]);
  });
}

/* The private key of a person, or null while the phone is locked. */
export async function keyOf(person) {
  if (held?.person === person) return held.key;
  const vault = await vaultOf(person);
  if (vault?.privateKey) return vault.privateKey;
  if (!hasPin(vault)) return null;
  const answers = await Promise.all((await others()).map((other) => told(other, { vault: "ask", person })));
  const key = answers.find(Boolean) ?? null;
  if (key) held = { person, key };
  return key;
}

export async function isLocked(person) {
  return hasPin(await vaultOf(person)) && !(await keyOf(person));
}

/* Hold the key from now on, and the worker too. */
export async function hold(person, key) {
  held = { person, key };
  await Promise.all((await others()).map((other) => told(other, { vault: "hold", person, key })));
}

/* Forget the key here, in the worker and in all other tabs, which then ask for the PIN. The page that
   calls this shows what it shows until it is left. */
export async function lock() {
  held = null;
  if (isPage) await Promise.all((await others()).map((other) => told(other, { vault: "lock" })));
  else await lockPages();
}

async function lockPages(but) {
  for (const page of await others()) if (page.id !== but) page.postMessage({ vault: "locked" });
}

inbox?.addEventListener("message", ({ data, ports: [port], source }) => {
  if (data?.vault === "ask") port.postMessage(held?.person === data.person ? held.key : null);
  if (data?.vault === "hold") {
    held = { person: data.person, key: data.key };
    port.postMessage(true);
  }
  if (data?.vault === "lock") {
    held = null;
    lockPages(source?.id).then(() => port.postMessage(true));
  }
  if (data?.vault === "locked") {
    held = null;
    location.reload();
  }
});
if (isPage) inbox?.startMessages();
