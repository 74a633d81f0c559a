/* The way out of last resort: everything of one person on this phone as one file, without the office. */
import { eventsOf, photosOf } from "./store.js";

const PIECE = 0x8000; // bytes that become text at once

function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

/* A file of JSON; photo by photo, so that all of them never stand in memory as one text. */
export async function copyOfAll(person, now = new Date()) {
  const events = await eventsOf(person);
  const parts = [`{"person":${JSON.stringify(person)},"made_at":"${now.toISOString()}","events":${JSON.stringify(events)},"photos":[`];
  let isFirst = true;
  for (const { id } of events) {
    for (const { data, ...photo } of await photosOf(id)) {
      parts.push(`${isFirst ? "" : ","}${JSON.stringify({ ...photo, base64: base64(data) })}`);
      isFirst = false;
    }
  }
  parts.push("]}");
  return new File(parts, `pendientes-${now.toISOString().slice(0, 16).replace(":", "")}.json`, { type: "application/json" });
}

export async function shareCopy(person) {
  const file = await copyOfAll(person);
  if (navigator.canShare?.({ files: [file] })) {
    try {
      return await navigator.share({ files: [file] });
    } catch (error) {
      if (error.name === "AbortError") return undefined; // they changed their mind
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  return undefined;
}
