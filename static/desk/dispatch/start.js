/* The dispatch board: drag or keyboard fill in the same form; the map follows each new version. */
import { drawBoard } from "./map.js";
import { offerDragging } from "./dragging.js";
import { offerKeys } from "./keys.js";
import { offerSpotlight } from "./spotlight.js";

let wanted = null; // the client to go back to once the board has come

// A refusal brings a board, too: with what went wrong, and the plan as it is now.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if ([409, 422].includes(detail.xhr.status) && detail.target.id === "board") {
    Object.assign(detail, { shouldSwap: true, isError: false });
  }
});

/* Send an edit by the form that people can also fill in; one at a time. */
function send(kind, { client, collector = "", position = "" }) {
  const form = document.getElementById("board-edit");
  const board = document.getElementById("board");
  if (!form || board.getAttribute("aria-busy") === "true") return;
  choose(form.elements.client_id, client);
  if (collector) choose(form.elements.collector_id, collector);
  form.elements.position.value = position;
  wanted = client;
  form.querySelector(`button[value="${kind}"]`).click();
}

/* A client whom the filter hides is not in the list, but can still be meant. */
function choose(field, value) {
  if (![...field.options].some((one) => one.value === String(value))) field.add(new Option("", value));
  field.value = value;
}

function scrollsOf(board) {
  return [board.querySelector(".lanes").scrollLeft, [...board.querySelectorAll(".lane ol")].map((one) => one.scrollTop)];
}

/* What was chosen in the fields stays chosen for the next edit, and the button pressed keeps the focus. */
function choicesOf(board) {
  const chosen = [...board.querySelectorAll(".board-fields select")].map(({ id, value }) => [id, value]);
  const { activeElement: pressed } = document;
  const form = pressed.closest(".board-fields form");
  return { chosen, pressed: form && `#${form.id} button[value="${pressed.value}"]` };
}

function chooseAgain({ chosen, pressed }) {
  for (const [id, value] of chosen) {
    const field = document.getElementById(id);
    if ([...field?.options ?? []].some((one) => one.value === value)) field.value = value;
  }
  if (pressed && !wanted) document.querySelector(pressed)?.focus({ preventScroll: true });
}

/* Nobody knows whether an edit without an answer was stored; to believe the board of before would be wrong. */
for (const event of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(event, ({ detail }) => {
    if (detail.target.id !== "board") return;
    wanted = null;
    const { content } = document.getElementById("board-unanswered");
    detail.target.querySelector("[role=status]").replaceChildren();
    detail.target.querySelector("[role=alert]").replaceChildren(content.cloneNode(true));
  });
}

let scrolls = null;
let choices = null;
let isOpen = false;
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id !== "board") return;
  detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", () => document.getElementById("board").removeAttribute("aria-busy"));
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "board") return;
  scrolls = scrollsOf(detail.target);
  choices = choicesOf(detail.target);
  isOpen = detail.target.querySelector(".board-fields")?.open ?? false;
});
document.addEventListener("htmx:afterSettle", ({ target: board }) => {
  if (board.id !== "board") return; // what comes with it settles apart
  if (scrolls) {
    const [left, tops] = scrolls;
    board.querySelector(".lanes").scrollLeft = left;
    board.querySelectorAll(".lane ol").forEach((one, n) => { one.scrollTop = tops[n] ?? 0; });
    const fields = board.querySelector(".board-fields");
    if (fields) fields.open = isOpen;
    chooseAgain(choices);
  }
  if (wanted) board.querySelector(`[data-client="${wanted}"] .stop-button`)?.focus({ preventScroll: true });
  wanted = null;
  scrolls = null;
  drawBoard();
});

/* Who is chosen on the board is chosen in the form below it. */
document.addEventListener("focusin", ({ target }) => {
  const stop = target.closest?.(".board-stop[data-client]");
  const form = document.getElementById("board-edit");
  if (!stop || !form) return;
  choose(form.elements.client_id, stop.dataset.client);
  const collector = stop.closest("[data-collector]").dataset.collector;
  if (collector) form.elements.collector_id.value = collector;
});

offerDragging(send);
offerKeys(send);
offerSpotlight();
