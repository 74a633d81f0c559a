/* The way out of last resort: everything of one person on this phone as one file, without the office. A
   supervisor takes it in at "Revisión" (collector_app/sync/rules/copies.py). */
import { toBase64 } from "../vault/sealing.js";
import { deviceOf } from "./device.js";
import { eventsOf, photosOf } from "./store.js";

/* An event as anybody reads it; one whose keys are gone as the office reads it. */
function told({ box, mine: _mine, isHidden, ...event }) {
  return isHidden ? { ...event, sealed: toBase64(box) } : event;
}

/* A file of JSON; photo by photo, so that all of them never stand in memory as one text. */
export async function copyOfAll(person, now = new Date()) {
  const [events, known] = await Promise.all([eventsOf(person), deviceOf(person)]);
  const device = JSON.stringify(known?.device ?? null); // whose copy it is: the office takes no other
  const parts = [`{"person":${JSON.stringify(person)},"device":${device},"made_at":"${now.toISOString()}","events":${JSON.stringify(events.map(told))},"photos":[`];
  let isFirst = true;
  for (const { id } of events) {
    for (const { data, box, ...photo } of await photosOf(id)) {
      const bytes = data ? { base64url: toBase64(new Uint8Array(data)) } : { sealed: toBase64(box) };
      parts.push(`${isFirst ? "" : ","}${JSON.stringify({ ...photo, ...bytes })}`);
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
