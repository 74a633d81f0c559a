/* The studio of zones: keeps the map and the panel at the same version, and starts the tools. */
import { openBoard } from "./board.js";
import { offerTools } from "./tools.js";

// Which button somebody stood on, and the how manieth of its kind, while its panel is replaced.
let stoodOn = null;

// What was chosen in each list of the panel: the next edit is often one of the same zone.
let chosen = new Map();

const listsOf = () => document.querySelectorAll("#studio select[id]");

function rememberChosen() {
  chosen = new Map([...listsOf()].map((list) => [list.id, list.value]));
}

/* A zone that is no more leaves its list at the first. */
function chooseAgain() {
  for (const list of listsOf()) {
    const before = chosen.get(list.id);
    if ([...list.options].some(({ value }) => value === before)) list.value = before;
  }
}

const buttonsOf = (value) => [...document.querySelectorAll(`#studio button[name="kind"][value="${value}"]`)];

/* Who works with the keyboard goes on where they were: at the same button, or at the panel's start. */
function goOn() {
  if (!stoodOn || document.activeElement !== document.body) return;
  const { value, at } = stoodOn;
  const again = buttonsOf(value)[at];
  const next = again && !again.disabled ? again : document.getElementById("studio");
  next.focus({ preventScroll: next === again });
  stoodOn = null;
}

// A refusal brings a panel, too: with what went wrong, and the draft as it is now.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { activeElement } = document;
  if (detail.target.id === "studio") rememberChosen();
  if (detail.target.id === "studio" && activeElement.name === "kind") {
    stoodOn = { value: activeElement.value, at: buttonsOf(activeElement.value).indexOf(activeElement) };
  }
  if ([409, 422].includes(detail.xhr.status) && detail.target.id === "studio") {
    Object.assign(detail, { shouldSwap: true, isError: false });
  }
});

function version() {
  return document.getElementById("studio").dataset.version;
}

async function start() {
  const { placesUrl, stateUrl } = document.querySelector("[data-places-url]").dataset;
  const [map] = window.fieldMap.maps.keys();
  const board = await openBoard(map, { placesUrl, stateUrl });
  await board.refresh(version());
  const form = document.getElementById("studio-tools"); // not on drafts that are closed
  const tools = form && offerTools(board, form);
  tools?.renew();
  document.addEventListener("htmx:afterSettle", async () => {
    for (const field of document.querySelectorAll("[data-draft-version]")) field.value = version();
    chooseAgain();
    goOn();
    await board.refresh(version());
    tools?.renew();
  });
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea, select")) return;
  const wanted = { z: event.shiftKey ? "studio-redo" : "studio-undo", y: "studio-redo" }[event.key.toLowerCase()];
  const button = wanted && document.getElementById(wanted);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

// The map is made when the document is ready, by a script that was read before this one.
document.addEventListener("DOMContentLoaded", start);
