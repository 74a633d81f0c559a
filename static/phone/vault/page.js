/* The page on which a PIN is chosen or changed, and the phone is locked. */
import { choosePin } from "./choose.js";
import { hasPin, vaultOf } from "./keys.js";
import { changePin, WrongPin } from "./pin.js";
import { eraseDay } from "./erase.js";
import { lockNow } from "./idle.js";
import { faultOf } from "./weak.js";

const person = document.body.dataset.user;
const form = document.getElementById("pin");
const { before, pin, again } = form.elements;
const said = document.getElementById("said");
const words = form.dataset;

function say(kind, text) {
  said.className = `notice ${kind}`;
  said.textContent = text;
  said.hidden = !text;
}

function fault() {
  const found = faultOf(pin.value);
  if (found) return words[found];
  return pin.value === again.value ? null : words.differ;
}

async function save() {
  const vault = await vaultOf(person);
  try {
    if (hasPin(vault)) await changePin(person, before.value, pin.value);
    else await choosePin(person, pin.value);
  } catch (error) {
    if (!(error instanceof WrongPin)) throw error;
    if (!error.left) {
      await eraseDay(person, "pins");
      return location.reload();
    }
    return say("bad", words.wrong.replace("{n}", error.left));
  }
  return location.assign(words.next);
}

async function begin() {
  const isChange = hasPin(await vaultOf(person));
  form.querySelector("[data-before]").hidden = !isChange;
  before.required = isChange;
  document.getElementById("lock").hidden = !isChange;
  form.hidden = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wrong = fault();
  if (wrong) return say("bad", wrong);
  const button = form.querySelector("button.primary");
  button.disabled = true;
  say("info", words.working);
  return save().finally(() => { button.disabled = false; });
});
document.getElementById("lock").addEventListener("click", lockNow);
begin();
