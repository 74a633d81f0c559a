/* Fetches the pages of today and tomorrow and the map of the city, before the signal goes. */
import { packageHere } from "../day/package.js";
import { keepCity, keepPage, versionsKept } from "./copies.js";

const AT_ONCE = 3; // pages fetched at the same time: the one that is being read comes first

async function keepPages(pages, person) {
  const kept = await versionsKept(person);
  const wanted = Object.entries(pages).filter(([url, version]) => kept[url] !== version);
  const take = async () => {
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      const [url, version] = next;
      await keepPage(url, await fetch(url, { redirect: "error", cache: "no-store" }), false, version);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

/* Forms of clients who may be added to the route, which the office does not list. */
async function formsOfExtras() {
  const pack = await packageHere();
  const extras = (pack?.days ?? []).flatMap(({ day, extras: beside }) => beside.map(({ client }) => [client, day]));
  return Object.fromEntries(extras.map(([client, day]) => [`/phone/cliente/${client}/registrar`, day]));
}

/* Fetch what today needs and is not here yet; false when the office did not say what that is. */
export async function keepDay(person) {
  const answer = await fetch("/phone/copias", {
    headers: { Accept: "application/json" }, redirect: "error", cache: "no-store",
  });
  if (!answer.ok) return false;
  const { pages, map } = await answer.json();
  await keepPages({ ...(await formsOfExtras()), ...pages }, person);
  if (map) await keepCity(map);
  return true;
}
