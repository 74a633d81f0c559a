// The client signs with a finger: the drawing goes into the form as a picture when it is sent.
import SignaturePad from "../vendor/signature_pad/signature_pad.min.js";

const canvas = document.querySelector("[data-signature]");
const form = canvas.closest("form");
const field = form.querySelector("input[name=signature]");

function fit() {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
}

fit();
const pad = new SignaturePad(canvas, { penColor: "#000", backgroundColor: "#fff" });
form.querySelector("[data-clear]").addEventListener("click", () => pad.clear());
form.addEventListener("submit", () => {
  field.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
});
