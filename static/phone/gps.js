import { offsetBySatellites } from "./visit/satellites.js";

/* Where and when a visit was made, by the phone: taken while the form is open, never waited for. */
const form = document.querySelector("form.record");
const state = form.querySelector("[data-gps]");
const GIVE_UP_MS = 10_000;
let best = Infinity;
const places = []; // the first and the last: what they say of this phone's clock

const put = (name, value) => { form.elements[name].value = value; };
const say = (text) => { state.querySelector("span").textContent = text; };

/* Left on the page, where keep.js says whether the clock has moved since the last signal. */
function tellTime(at) {
  places[Math.min(places.length, 1)] = { at, seenAt: Date.now() };
  document.body.dataset.satellites = offsetBySatellites(places) ?? "";
  dispatchEvent(new Event("satellites"));
}

function found({ coords, timestamp }) {
  tellTime(timestamp);
  if (coords.accuracy >= best || form.dataset.place === "kept") return; // of a draft: where it was written
  best = coords.accuracy;
  put("lat", coords.latitude);
  put("lon", coords.longitude);
  put("accuracy_m", Math.ceil(coords.accuracy));
  put("no_gps_reason", "");
  say(state.dataset.found.replace("{m}", Math.ceil(coords.accuracy)));
}

function failed(reason, text) {
  if (best < Infinity || form.dataset.place === "kept") return;
  put("no_gps_reason", reason);
  say(text);
}

function look() {
  if (!navigator.geolocation) return failed("unsupported", state.dataset.none);
  failed("too_soon", state.dataset.looking);
  const watch = navigator.geolocation.watchPosition(
    found,
    ({ code, PERMISSION_DENIED }) => code === PERMISSION_DENIED
      ? failed("denied", state.dataset.denied)
      : failed("unavailable", state.dataset.none),
    { enableHighAccuracy: true, maximumAge: 5_000 },
  );
  setTimeout(() => {
    if (form.elements.no_gps_reason.value === "too_soon") failed("timeout", state.dataset.none);
  }, GIVE_UP_MS);
  addEventListener("pagehide", () => navigator.geolocation.clearWatch(watch));
}

if (form.hasAttribute("data-is-new")) put("started_at", new Date().toISOString());
look();
