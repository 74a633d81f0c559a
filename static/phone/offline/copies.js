/* Copies of pages and of the city's map on this phone. The page and the service worker share this.

   Pages belong to a person, whose number the server puts into a header and the name of the cache
   holds; there is at most one such cache, that of the person who logged in last. */
export const KEEPER = "Kept-For";
const AT = "Kept-At"; // by this phone's clock
const PAGES = "pages-";
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

/* Keep an answer when it is a page of somebody. `isSeen` is true of pages that a person opened: those
   say who uses this phone now; what was fetched in advance never replaces another person's pages.
   `version` is null for a page that was opened, which leaves that of the copy before. */
export async function keepPage(url, answer, isSeen, version = null) {
  const person = answer.headers.get(KEEPER);
  if (answer.status !== 200 || answer.redirected || !person) return;
  if (isSeen) await forgetPages(person);
  else if ((await namesOfPages()).some((name) => name !== PAGES + person)) return;
  const cache = await caches.open(PAGES + person);
  const headers = new Headers(answer.headers);
  headers.set(AT, new Date().toISOString());
  const known = version ?? (await cache.match(url))?.headers.get(VERSION);
  if (known) headers.set(VERSION, known);
  for (const name of ["content-encoding", "content-length", "set-cookie"]) headers.delete(name);
  const copy = new Response(await answer.blob(), { headers });
  await cache.put(url, copy);
}

/* Return the copy of a page as {body, headers, at}; of the page without its query when that very one
   was never opened; null when there is none, or only one of days ago. */
export async function copyOf(url) {
  for (const name of await namesOfPages()) {
    const cache = await caches.open(name);
    const found = (await cache.match(url)) ?? (await cache.match(url, { ignoreSearch: true }));
    if (!found) continue;
    const at = new Date(found.headers.get(AT));
    if (Date.now() - at > TOO_OLD_MS) await caches.delete(name);
    else return { body: await found.text(), headers: found.headers, at };
  }
  return null;
}

/* Return {path and query: version} of the pages that were fetched in advance. Each copy carries its own:
   a list beside them would be lost when somebody moves on while it is written. */
export async function versionsKept(person) {
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
