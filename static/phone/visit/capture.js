/* Photos and the signature of a visit: kept on this phone at once, shown, and taken away again.

   The camera sends the page to the background, where a small phone kills it: the form is kept before,
   and what was photographed comes back with it. */
import { dropPhotos, keepPhoto, photosOf } from "../outbox/store.js";
import { shrink } from "./photo.js";

const MOST_PHOTOS = 6; // that the office takes with one visit

const form = document.querySelector("form.record");
const box = document.getElementById("evidence");
const words = box.dataset;
const person = document.body.dataset.user;
const note = box.querySelector("[data-note]");
const camera = box.querySelector("[data-camera]");
const signing = box.querySelector("[data-sign]");
const visit = () => form.elements.uuid.value;

function say(text) {
  note.textContent = text;
  note.hidden = !text;
}

function shown({ sha256, data, type, isSignature }) {
  const item = document.getElementById("photo").content.cloneNode(true);
  const picture = item.querySelector("img");
  picture.src = URL.createObjectURL(new Blob([data], { type }));
  picture.alt = isSignature ? words.signature : words.photo;
  const button = item.querySelector("button");
  button.setAttribute("aria-label", isSignature ? words.dropSignature : words.dropPhoto);
  button.addEventListener("click", async () => {
    await dropPhotos(visit(), sha256);
    await refresh();
  });
  return item;
}

async function refresh() {
  const list = box.querySelector("[data-photos]");
  for (const { src } of list.querySelectorAll("img")) URL.revokeObjectURL(src);
  const kept = (await photosOf(visit())).sort((one, other) => one.taken_at.localeCompare(other.taken_at));
  list.replaceChildren(...kept.map(shown));
}

async function keep(photo, isSignature) {
  const isKept = await keepPhoto({ ...photo, visit: visit(), person, isSignature });
  say(isKept ? "" : words.full);
  await refresh();
}

async function take() {
  say(words.reading);
  const [...files] = camera.files;
  camera.value = "";
  for (const file of files) {
    const taken = (await photosOf(visit())).filter(({ isSignature }) => !isSignature).length;
    if (taken >= MOST_PHOTOS) return say(words.enough);
    const photo = await shrink(file).catch(() => null);
    if (photo) await keep(photo, false);
    else say(words.unreadable);
  }
  return undefined;
}

async function sign() {
  const { openSignature } = await import("./signature.js"); // few visits need it
  const photo = await openSignature(document.getElementById("signature"));
  if (!photo) return;
  for (const { sha256, isSignature } of await photosOf(visit())) {
    if (isSignature) await dropPhotos(visit(), sha256); // the last one counts
  }
  await keep(photo, true);
}

box.hidden = false;
camera.addEventListener("click", () => form.dispatchEvent(new CustomEvent("keep", { detail: { waits: [] } })));
camera.addEventListener("change", (event) => {
  event.stopPropagation(); // no answer of the form changed
  take();
});
signing.addEventListener("click", sign);
form.addEventListener("restored", refresh);
