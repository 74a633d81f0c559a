/* The service worker of /phone/: the network first, and what is kept when it does not answer. */
import { answerPart } from "./range.js";
import { flush } from "../outbox/flush.js";
import { isShut } from "../vault/gate.js";
import { currentPerson } from "../vault/keys.js";
import { openOffice } from "../vault/office.js";
import { cityKept, copyOf, forgetExpired, keepPage } from "./copies.js";

const SHELL = "shell-";
const OPEN = "pages-"; // copies of a version of before, which did not seal them
const PATIENCE_MS = 4000; // for an answer, when there is a copy that can be shown instead
const DEAD_MS = 10_000; // after a silence, files that are kept are not asked for again so soon
const AWAY = new Set([502, 503, 504]); // a proxy answers, the application does not
const MARK = "<html "; // where a page is told that it is a copy

let city = null; // the file of the city, opened once while this worker lives
let silentUntil = 0;

/* Wait for an answer, but not for ever. */
function inTime(answer, patience) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no answer in time")), patience);
    answer.then(resolve, reject);
  });
}

/* Return a copy as a page that knows when it was made, and whether a form of it could not be sent. */
function asCopy({ body, headers, at }, notSent) {
  const told = `${MARK}data-copied-at="${at.toISOString()}" ${notSent ? "data-not-sent " : ""}`;
  return new Response(body.replace(MARK, told), { headers });
}

async function fetched(request) {
  const answer = await fetch(request);
  if (AWAY.has(answer.status)) throw new Error(`answered ${answer.status}`);
  return answer;
}

/* The office answers only who proves to have typed the PIN. Without signal the copies are there. */
async function provedInTime() {
  if (Date.now() < silentUntil) return;
  await inTime(openOffice(await currentPerson()), PATIENCE_MS).catch(() => {});
}

/* Whose copy is shown for a page: every filter of today's list is made from the one with all stops. */
function copiedFor(url) {
  const { pathname, searchParams } = new URL(url);
  return pathname === "/phone/" && searchParams.has("ver") ? "/phone/?ver=all" : url;
}

async function page(event, told) {
  const { request } = event;
  if (await isShut()) return caches.match(told.locked, { ignoreSearch: true });
  const noCopy = new URL(request.url).pathname === told.beyond ? told.onlyWithSignal : told.noCopy;
  const isSeen = request.mode === "navigate";
  await provedInTime();
  const asked = fetched(request);
  // Kept also when it comes too late to be shown.
  const kept = asked.then((answer) => keepPage(request.url, answer.clone(), isSeen)).catch(() => {});
  event.waitUntil(kept);
  try {
    return await inTime(asked, PATIENCE_MS);
  } catch {
    silentUntil = Date.now() + DEAD_MS;
    const copy = await copyOf(copiedFor(request.url));
    if (copy) return asCopy(copy);
    return asked.catch(() => caches.match(noCopy, { ignoreSearch: true })).then((late) => late ?? Response.error());
  }
}

/* A form that was sent: when the network fails, its page again, which says so. */
async function sent(request, noCopy) {
  await provedInTime();
  try {
    return await fetch(request);
  } catch {
    const copy = await copyOf(request.url);
    if (copy) return asCopy(copy, true);
    return (await caches.match(noCopy, { ignoreSearch: true })) ?? Response.error();
  }
}

/* The address of the same script in this build: pages that were kept before name another. */
function ofThisBuild(url, scripts) {
  const { pathname } = new URL(url);
  return pathname.replace(/^\/static\/(?:scripts\/[^/]+\/)?/, scripts);
}

/* Files with a hash in their address never change; the others are asked for, if anybody answers. */
async function file(request, shell, scripts) {
  const kept = await (await caches.open(shell)).match(request);
  const { pathname, searchParams } = new URL(request.url);
  const isFixed = searchParams.has("v") || pathname.startsWith(scripts);
  if (kept && (isFixed || Date.now() < silentUntil)) return kept;
  try {
    return await inTime(fetch(request), kept ? PATIENCE_MS : 60_000);
  } catch (error) {
    silentUntil = Date.now() + DEAD_MS;
    const other = kept
      ?? (await caches.match(request, { ignoreSearch: true }))
      ?? (await caches.match(ofThisBuild(request.url, scripts)));
    if (other) return other;
    throw error;
  }
}

async function streets(request) {
  const { url } = request;
  if (city?.url !== url) city = await cityKept(url, false);
  if (city) return answerPart(city, request.headers.get("Range"));
  try {
    return await fetch(request);
  } catch (error) {
    const other = await cityKept(url, true); // the map of before is better than none
    if (!other) throw error;
    return answerPart(other, request.headers.get("Range"));
  }
}

async function takeOver(shell) {
  const old = (await caches.keys()).filter((name) => (name.startsWith(SHELL) && name !== shell) || name.startsWith(OPEN));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/* The browser wakes the worker again, later, only when this attempt fails. */
function failIfWaiting(done) {
  if (done.busy || Object.values(done).some(({ why }) => why)) throw new Error("the outbox still waits");
}

/* Begin to serve; `told` is what `worker` of offline/views.py wrote into sw.js by the server. */
export function start(told) {
  const shell = SHELL + told.build;
  const isPage = ({ pathname }) => pathname.startsWith("/phone/")
    && !["/phone/copias", "/phone/guardadas"].includes(pathname);

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const cache = await caches.open(shell);
      await cache.addAll(told.shell.map((url) => new Request(url, { cache: "no-cache" })));
      await self.skipWaiting();
    })());
  });
  self.addEventListener("sync", (event) => { // there is signal, and maybe no page open
    if (event.tag === "outbox") event.waitUntil(flush({ isUrged: true }).then(failIfWaiting).finally(forgetExpired));
  });
  self.addEventListener("activate", (event) => event.waitUntil(takeOver(shell)));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (request.method === "POST") {
      if (request.mode === "navigate") event.respondWith(sent(request, told.noCopy));
    } else if (request.method !== "GET") {
      return;
    } else if (url.pathname.endsWith(".pmtiles")) {
      event.respondWith(streets(request));
    } else if (url.pathname.startsWith("/static/") || url.pathname === told.painter) {
      event.respondWith(file(request, shell, told.scripts));
    } else if (isPage(url) && request.mode === "navigate") {
      event.respondWith(page(event, told));
    }
  });
}
