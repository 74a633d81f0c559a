/* "Listo para salir": looks at this phone and says what is missing. */
import { hasCity, versionsKept } from "../offline/copies.js";
import { officeNow, packageHere, refreshPackage } from "../day/package.js";
import { hasPin, vaultOf } from "../vault/keys.js";
import { dayAt } from "../law/judge.js";
import { checks, isReady } from "./verdict.js";

const person = document.body.dataset.user;
const verdict = document.getElementById("verdict");
const list = document.querySelector(".checks");
const button = (deed) => document.querySelector(`[data-do=${deed}]`);
const COPIES = "/phone/copias";
const DAY_S = 24 * 3600;
let invitation = null; // of the browser, to install

/* A day with how many of its stops can be opened without signal. */
async function day(pack, at) {
  const found = pack && dayAt(pack, at);
  if (!found) return null;
  const kept = await versionsKept(person);
  const pages = ({ id }) => [`/phone/parada/${id}`, `/phone/parada/${id}/registrar`];
  return { stops: found.stops.length, kept: found.stops.filter((stop) => pages(stop).every((url) => kept[url])).length };
}

/* The city's map: null when the office has none or nobody knows which. */
async function map() {
  const asked = await fetch(COPIES, { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
  const url = asked?.ok ? (await asked.json()).map : null;
  if (url) return hasCity(url);
  return asked?.ok ? null : (await caches.has("city")) || null;
}

/* The program on this phone, and that of the office; `office` is null without signal. */
async function build() {
  const here = (await caches.keys()).find((name) => name.startsWith("shell-"))?.slice("shell-".length) ?? "";
  const script = await fetch("/phone/sw.js", { cache: "no-store" }).then((answer) => answer.text(), () => "");
  return { here, office: /"build": "(\w+)"/.exec(script)?.[1] ?? null };
}

async function battery() {
  const found = await navigator.getBattery?.().catch(() => null);
  return found ? { level: found.level, isCharging: found.charging } : null;
}

/* What this phone has, and with `asks` what the office says of it. */
async function found(asks) {
  if (asks) await refreshPackage(person).catch(() => {}); // without signal what is here counts
  const pack = await packageHere();
  const now = pack ? officeNow(pack) : Date.now() / 1000;
  const gps = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  return {
    today: await day(pack, now),
    tomorrow: await day(pack, now + DAY_S),
    map: asks ? await map() : (await caches.has("city")) || null,
    isPersisted: (await navigator.storage?.persisted?.()) ?? false,
    gps: gps?.state ?? "prompt",
    offsetMs: pack?.offsetMs ?? null,
    build: asks ? await build() : { here: "", office: null },
    installed: matchMedia("(display-mode: standalone)").matches,
    battery: await battery(),
    pin: { has: hasPin(await vaultOf(person)), isDemanded: document.body.dataset.pin === "demanded" },
    language: document.documentElement.lang,
  };
}

function showLine(key, { state, n }) {
  const line = document.querySelector(`[data-check=${key}]`);
  line.dataset.state = state;
  line.querySelector("[data-told]").textContent = line.dataset[state].replace("{n}", n);
  const mark = document.getElementById("marks").content.querySelector(`[data-for=${state}]`);
  line.querySelector("[data-mark]").replaceChildren(mark.cloneNode(true));
}

/* Without `isAll` what nobody knows yet is still being looked at. */
function show(told, isAll) {
  for (const [key, one] of Object.entries(told)) if (isAll || one.state !== "unknown") showLine(key, one);
  list.hidden = false; // whole at once: lines that grow one by one move what is being read
  button("persist").hidden = told.storage.state === "good";
  button("gps").hidden = told.gps.state === "good";
  button("install").hidden = !invitation || told.installed.state === "good";
}

async function look() {
  const told = checks(await found(true));
  show(told, true);
  const ready = isReady(told);
  verdict.textContent = ready ? verdict.dataset.ready : verdict.dataset.not;
  verdict.className = `notice ${ready ? "good" : "warn"}`;
}

/* What is here is shown at once; what only the office knows comes behind it. */
async function begin() {
  show(checks(await found(false)), false);
  await look();
}

button("persist").addEventListener("click", async () => { await navigator.storage.persist(); await look(); });
button("gps").addEventListener("click", () => navigator.geolocation.getCurrentPosition(look, look));
button("install").addEventListener("click", async () => { await invitation.prompt(); await look(); });
addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); invitation = event; look(); });
addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
new MutationObserver(look).observe(document.getElementById("signal"), { attributeFilter: ["data-ready"] });
begin();
