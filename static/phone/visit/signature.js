/* The client signs with a finger, or writes their name: who can't draw can sign, too. */
import SignaturePad from "../../vendor/signature_pad/signature_pad.min.js";
import { asPhoto } from "./photo.js";

const SIZE = { width: 600, height: 240 }; // of what is kept: under 20 kB
const INK = "#000";
const PAPER = "#fff";

function paper() {
  const canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
  const pen = canvas.getContext("2d");
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, SIZE.width, SIZE.height);
  return { canvas, pen };
}

function drawn(canvas) {
  const { canvas: whole, pen } = paper();
  const share = Math.min(SIZE.width / canvas.width, SIZE.height / canvas.height);
  pen.drawImage(canvas, 0, 0, canvas.width * share, canvas.height * share);
  return whole;
}

function written(text) {
  const { canvas, pen } = paper();
  pen.fillStyle = INK;
  pen.font = "italic 36px serif";
  pen.fillText(text, 20, SIZE.height / 2, SIZE.width - 40);
  return canvas;
}

async function pictureOf(canvas) {
  return asPhoto(await canvas.convertToBlob({ type: "image/png" }), SIZE);
}

/* Open the dialog; resolves with a picture, or null when nobody signed. */
export function openSignature(dialog) {
  const canvas = dialog.querySelector("canvas");
  const name = dialog.querySelector("input");
  dialog.showModal();
  const ratio = Math.max(devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  const pad = new SignaturePad(canvas, { penColor: INK, backgroundColor: PAPER });
  const clear = () => pad.clear();
  dialog.querySelector("[data-clear]").addEventListener("click", clear);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.querySelector("[data-clear]").removeEventListener("click", clear);
      const text = name.value.trim();
      const picture = pad.isEmpty() ? text && written(`${dialog.dataset.written} ${text}`) : drawn(canvas);
      pad.off();
      name.value = "";
      resolve(dialog.returnValue === "keep" && picture ? pictureOf(picture) : null);
    }, { once: true });
  });
}
