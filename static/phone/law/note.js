/* Under the note of a visit: which words the law forbids to say, while they are typed. The note is kept
   as it is; the office flags it. */
import { officeNow, packageHere } from "../day/package.js";
import { dayAt, findClient, wordsFor } from "./judge.js";
import { wordsIn } from "./words.js";

const note = document.getElementById("note");
const box = document.getElementById("note-words");
const about = Number(document.getElementById("law").dataset.client);

async function show() {
  const found = await packageHere();
  const day = found && (dayAt(found, officeNow(found)) ?? found.days[0]);
  const said = day ? wordsIn(note.value, wordsFor(day, findClient(found, about)?.client)) : [];
  const told = said.map(({ term, article }) => `${term} (${article})`).join("; ");
  box.hidden = !told;
  const text = told && box.dataset.text.replace("{words}", told);
  if (box.textContent !== text) box.textContent = text;
}

note.addEventListener("input", show);
addEventListener("daypackage", show);
show();
