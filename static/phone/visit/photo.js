/* Makes a picture small before it is kept: a phone's camera gives 12 megapixels, a door needs one.

   Drawing it anew leaves out what the camera wrote into the file (place, model); where and when a
   visit was made stands in its event. */
const LONGEST_PX = 1280;
const QUALITY = 0.6;

/* The size of a picture after making its longer side fit; never larger than it was. */
export function fitted(width, height, longest = LONGEST_PX) {
  const share = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

async function hashOf(data) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* What is kept of a picture that was drawn: {sha256, type, data, width, height, taken_at}. */
export async function asPhoto(blob, { width, height }) {
  const data = await blob.arrayBuffer();
  return { sha256: await hashOf(data), type: blob.type, data, width, height, taken_at: new Date().toISOString() };
}

/* Read a file of the camera; throws when it is no picture. */
export async function shrink(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const size = fitted(whole.width, whole.height);
  const canvas = new OffscreenCanvas(size.width, size.height);
  canvas.getContext("2d").drawImage(whole, 0, 0, size.width, size.height);
  whole.close();
  return asPhoto(await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY }), size);
}
