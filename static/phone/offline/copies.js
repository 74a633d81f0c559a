/* Copies of pages and of the city's map on this phone. The page and the service worker share this.

   Pages belong to a person, whose number the server puts into a header and the name of the cache
   holds; there is at most one such cache, that of the person who logged in last. They are sealed to that
   person: an address and when it was kept can be read by anybody, what it says only with the PIN. */
import { openWith, readerOf, sealText, textOf, vaultToSeal } from "../vault/recipients.js";
import { recipientOf } from "../vault/sealing.js";

export const KEEPER = "Kept-For";
const AT = "Kept-At"; // by this phone's clock
const PAGES = "sealed-";
const CITY = "city";
const VERSION = "Kept-Version"; // of pages fetched in advance, as the server named it
const TOO_OLD_MS = 36 * 3600 * 1000; // a day's route and the night after it

async function namesOfPages() {
  return (await caches.keys()).filter((name) => name.startsWith(PAGES));
}

/* Delete every copy of a page, but not those of `person`. The city's map is nobody's secret. */
export async function forgetPages(person = null) {
  const names = await namesOfPages();
  await Promise.all(names.filter((name) => name !== PAGES + person).map((name) => caches.delete(name)));
}

/* Delete copies of days ago, also of a phone that nobody unlocks. */
export async function forgetExpired() {
  for (const name of await namesOfPages()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      if (kept && isTooOld(kept)) await cache.delete(request);
    }
  }
}

const isTooOld = ({ headers }) => Date.now() - new Date(headers.get(AT)) > TOO_OLD_MS;

/* What a box of a copy is about: where it was kept, so that no copy passes for another. */
const placeOf = (url) => {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
};

/* Keep an answer when it is a page of somebody who has a vault here. `isSeen` is true of pages that a person opened: those
   say who uses this phone now; what was fetched in advance never replaces another person's pages.
   `version` is null for a page that was opened, which leaves that of the copy before. */
export async function keepPage(url, answer, isSeen, version = null) {
  const person = answer.headers.get(KEEPER);
  if (answer.status !== 200 || answer.redirected || !person) return;
  if (isSeen) await forgetPages(person);
  else if ((await namesOfPages()).some((name) => name !== PAGES + person)) return;
  const vault = await vaultToSeal(person);
  if (!vault) return;
  const cache = await caches.open(PAGES + person);
  const headers = new Headers(answer.headers);
  headers.set(AT, new Date().toISOString());
  const known = version ?? (await cache.match(url))?.headers.get(VERSION);
  if (known) headers.set(VERSION, known);
  for (const name of ["content-encoding", "content-length", "set-cookie"]) headers.delete(name);
  await put(cache, url, await answer.text(), headers, vault);
  // The day may have been erased while this was written: then nothing stays, not even what nobody can open.
  if (!(await vaultToSeal(person))) await caches.delete(PAGES + person);
}

/* Keep the text of a page, sealed. */
async function put(cache, url, text, headers, vault) {
  const box = await sealText(text, [await recipientOf(vault.publicBytes)], placeOf(url));
  await cache.put(url, new Response(box, { headers }));
}

/* Return the copy of a page as {body, headers, at}; of the page without its query when that very one
   was never opened; null when there is none, only one of days ago, or while the phone is locked. */
export async function copyOf(url) {
  for (const name of await namesOfPages()) {
    const reader = await readerOf(name.slice(PAGES.length));
    const found = reader && await inCache(await caches.open(name), url);
    if (!found) continue;
    const { place, kept } = found;
    const body = await openWith(reader, new Uint8Array(await kept.arrayBuffer()), place);
    if (body) return { body: textOf(body), headers: kept.headers, at: new Date(kept.headers.get(AT)) };
  }
  return null;
}

async function inCache(cache, url) {
  const exact = await cache.match(url);
  const [asked] = exact ? [{ url: new URL(url, location.href).href }] : await cache.keys(url, { ignoreSearch: true });
  const kept = exact ?? (asked && await cache.match(asked));
  if (!kept) return null;
  if (!isTooOld(kept)) return { place: placeOf(asked.url), kept };
  await forgetExpired();
  return null;
}

/* Return all that this phone has of a person, opened, to seal it anew with `keepCopies`. */
export async function copiesOf(person) {
  const cache = await caches.open(PAGES + person);
  const found = await Promise.all((await cache.keys()).map(async ({ url }) => ({ url, copy: await copyOf(url) })));
  return found.filter(({ copy }) => copy);
}

export async function keepCopies(person, copies) {
  const cache = await caches.open(PAGES + person);
  const vault = await vaultToSeal(person);
  for (const { url, copy: { body, headers } } of copies) await put(cache, url, body, headers, vault);
}

/* Return {path and query: version} of the pages that were fetched in advance. Each copy carries its own:
   a list beside them would be lost when somebody moves on while it is written. */
export async function versionsKept(person) {
  if (!(await caches.has(PAGES + person))) return {}; // to open it would make it
  const cache = await caches.open(PAGES + person);
  const found = await Promise.all((await cache.keys()).map(async ({ url }) => {
    const { pathname, search } = new URL(url);
    return [pathname + search, (await cache.match(url))?.headers.get(VERSION)];
  }));
  return Object.fromEntries(found.filter(([, version]) => version));
}

export async function hasCity(url) {
  return Boolean(await (await caches.open(CITY)).match(url));
}

/* Keep the whole file of a city, once; only when all of it arrived do those of before go. */
export async function keepCity(url) {
  if (await hasCity(url)) return;
  const answer = await fetch(url, { cache: "no-store" });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  const blob = await answer.blob();
  const told = Number(answer.headers.get("Content-Length") ?? blob.size);
  if (blob.size !== told) throw new Error(`${url} broke off at ${blob.size} of ${told} bytes`);
  const cache = await caches.open(CITY);
  const { headers } = answer;
  await cache.put(url, new Response(blob, { headers: {
    "Content-Type": headers.get("Content-Type"), ETag: headers.get("ETag"), "Content-Length": String(blob.size),
  } }));
  for (const { url: kept } of await cache.keys()) {
    if (kept !== new URL(url, location.href).href) await cache.delete(kept);
  }
}

/* Return the file of the city as {url, blob, type, tag}: this very one, or with `isAny` whichever is
   kept; null when there is none. */
export async function cityKept(url, isAny) {
  const cache = await caches.open(CITY);
  const found = await cache.match(url, { ignoreSearch: isAny });
  if (!found) return null;
  const { headers } = found;
  return { url, blob: await found.blob(), type: headers.get("Content-Type"), tag: headers.get("ETag") };
}
