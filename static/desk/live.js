/* The board of today asks for news when the server says that there are some; where it can't say so
   (no seat left, a proxy that holds the stream back, a net that breaks it), every five seconds, and tries
   for a stream again each minute. A tab that nobody sees is silent. */
const POLL_MS = 5000;
const OPENS_WITHIN_MS = 10_000;
const TRY_AGAIN_MS = 60_000;
const board = document.querySelector("[data-live-events]");
const said = document.getElementById("live-state");
let source = null;
let polling = null; // the timer that asks for news
let patience = null; // the timer at whose end a stream that is not open is given up
let again = null; // the timer of the next try

const tell = () => document.body.dispatchEvent(new CustomEvent("news"));

function say(state) {
  said.textContent = said.dataset[state];
  board.dataset.liveState = state;
}

function endPatience() {
  clearTimeout(patience);
  patience = null;
}

function poll() {
  endPatience();
  source?.close();
  clearTimeout(again);
  again = setTimeout(() => { if (!document.hidden) listen(); }, TRY_AGAIN_MS);
  if (polling) return;
  say("polling");
  polling = setInterval(() => { if (!document.hidden) tell(); }, POLL_MS);
}

function opened() {
  endPatience();
  clearInterval(polling);
  polling = null;
  say("live");
}

function listen() {
  source?.close();
  if (!window.EventSource) return poll();
  const version = new URL(document.getElementById("progress").getAttribute("hx-get"), location.href).searchParams.get("version");
  source = new EventSource(`${board.dataset.liveEvents}?version=${encodeURIComponent(version)}`);
  patience ??= setTimeout(poll, OPENS_WITHIN_MS);
  source.addEventListener("open", opened);
  source.addEventListener("news", tell);
  source.addEventListener("error", ({ target }) => {
    if (target.readyState === EventSource.CLOSED) poll(); // refused
    else patience ??= setTimeout(poll, OPENS_WITHIN_MS); // broken: the browser tries again by itself
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    endPatience();
    source?.close();
  } else {
    tell();
    if (source?.readyState !== EventSource.OPEN) listen();
  }
});

/* A part in which somebody types or has opened something is not replaced under their hands. */
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  const isTyping = target.contains(document.activeElement) && document.activeElement.matches("input");
  if (isTyping || target.querySelector("details[open]")) event.detail.shouldSwap = false;
});

listen();
