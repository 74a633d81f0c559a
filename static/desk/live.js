/* The board of today asks for news when the server says that there are some; where it can't say so
   (no seat left, a proxy in between), every five seconds. A tab that nobody sees is silent. */
const POLL_MS = 5000;
const TRY_AGAIN_MS = 60000;
const board = document.querySelector("[data-live-events]");
const said = document.getElementById("live-state");
let source = null;
let polling = null;

const tell = () => document.body.dispatchEvent(new CustomEvent("news"));

function say(state) {
  said.textContent = said.dataset[state];
  board.dataset.liveState = state;
}

function poll() {
  if (polling) return;
  say("polling");
  polling = setInterval(() => { if (!document.hidden) tell(); }, POLL_MS);
  setTimeout(() => { if (!document.hidden) listen(); }, TRY_AGAIN_MS);
}

function stopPolling() {
  clearInterval(polling);
  polling = null;
}

function listen() {
  source?.close();
  if (!window.EventSource) return poll();
  const version = new URL(document.getElementById("progress").getAttribute("hx-get"), location.href).searchParams.get("version");
  source = new EventSource(`${board.dataset.liveEvents}?version=${encodeURIComponent(version)}`);
  source.addEventListener("open", () => { stopPolling(); say("live"); });
  source.addEventListener("news", tell);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) poll(); // refused; else it comes back by itself
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    source?.close();
  } else {
    tell();
    if (!polling) listen();
  }
});

/* A part in which somebody types or has opened something is not replaced under their hands. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  const isTyping = target.contains(document.activeElement) && document.activeElement.matches("input");
  if (isTyping || target.querySelector("details[open]")) event.detail.shouldSwap = false;
});

listen();
