/* What gives way when the disk is full, so that the facts of a visit still fit.

   A page can't ask how much space is left (browsers answer with a constant), so a few megabytes are
   occupied in advance: dropping them lets hundreds of visits without photos be kept. */
import { got, transact } from "./database.js";

const BALLAST_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 65_536; // what getRandomValues fills at once
const KEY = "ballast";

export const isFull = (error) => error?.name === "QuotaExceededError";

function noise() { // zeros would be compressed to nothing
  const bytes = new Uint8Array(BALLAST_BYTES);
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) crypto.getRandomValues(bytes.subarray(at, at + PIECE_BYTES));
  return bytes;
}

/* Occupy the space, once; returns whether it is occupied, which is whether a photo may be kept. */
export async function layBallast() {
  try {
    if (await transact(["meta"], "readonly", ({ meta }) => got(meta.getKey(KEY))) !== undefined) return true;
    const bytes = noise(); // two tabs may lay it twice, to the same end
    await new Promise((done) => { setTimeout(done); }); // a tap may come between two pieces of work
    await transact(["meta"], "readwrite", async ({ meta }) => { meta.put(bytes, KEY); });
    return true;
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}

/* Free photos that the office has; when there are none, the ballast. Returns whether anything went. */
export function makeRoom() {
  return transact(["photos", "meta"], "readwrite", async ({ photos, meta }) => {
    const delivered = (await got(photos.getAllKeys())).length ? await deliveredKeys(photos) : [];
    for (const key of delivered) photos.delete(key);
    if (delivered.length) return true;
    const hadBallast = await got(meta.getKey(KEY)) !== undefined;
    meta.delete(KEY);
    return hadBallast;
  });
}

async function deliveredKeys(photos) {
  const found = [];
  await new Promise((resolve, reject) => {
    const cursor = photos.index("state").openKeyCursor();
    cursor.onerror = () => reject(cursor.error);
    cursor.onsuccess = () => {
      const at = cursor.result;
      if (!at) return resolve();
      if (at.key[1] === "delivered") found.push(at.primaryKey);
      at.continue();
    };
  });
  return found;
}

/* Write; on a full disk make room and write again, as long as there is something to give up. */
export async function writeWithRoom(write) {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isFull(error) || !(await makeRoom())) throw error;
    }
  }
}
