/* Asks for the way from where the phone is; the server answers, so it needs signal. */
const button = document.querySelector("[data-from-here]");
const DECIMALS = 6; // a tenth of a metre
const GIVE_UP_MS = 10_000;

function say(text) {
  button.querySelector("span").textContent = text;
}

function found({ coords }) {
  const place = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(DECIMALS));
  location.search = new URLSearchParams({ desde: place.join(",") });
}

function ask() {
  button.disabled = true;
  say(button.dataset.looking);
  navigator.geolocation.getCurrentPosition(
    found,
    () => { button.disabled = false; say(button.dataset.failed); },
    { enableHighAccuracy: true, timeout: GIVE_UP_MS, maximumAge: 30_000 },
  );
}

function offer() {
  button.hidden = !(navigator.geolocation && navigator.onLine);
}

if (button) {
  offer();
  addEventListener("online", offer);
  addEventListener("offline", offer);
  button.addEventListener("click", ask);
}
