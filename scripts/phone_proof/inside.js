/* What a person does, done inside a page of the phone with the product's own modules, as its form does it. */
const WIDTH = 480;
const HEIGHT = 360; // noise, so that a small picture weighs as much as a photo of a door

async function modules() {
  const [store, photo, evidence, flush] = await Promise.all([
    import("/static/phone/outbox/store.js"), import("/static/phone/visit/photo.js"),
    import("/static/phone/visit/evidence.js"), import("/static/phone/outbox/flush.js"),
  ]);
  return { ...store, ...photo, ...evidence, ...flush };
}

async function picture({ asPhoto }) {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext("2d");
  const dots = pen.createImageData(WIDTH, HEIGHT);
  for (let at = 0; at < dots.data.length; at += 65_536) crypto.getRandomValues(dots.data.subarray(at, at + 65_536));
  for (let at = 3; at < dots.data.length; at += 4) dots.data[at] = 255;
  pen.putImageData(dots, 0, 0);
  return asPhoto(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.6 }), { width: WIDTH, height: HEIGHT });
}

/* Save one visit, mostly with a photo; says so when it is saved, or that there was no space. */
async function save(person, { body, mark, has_photo }, parts) {
  const id = crypto.randomUUID();
  const now = new Date().toISOString();
  const photo = has_photo && await picture(parts);
  const isKept = photo && await parts.keepPhoto({ ...photo, visit: id, person, isSignature: false });
  const told = { ...body, started_at: now, ended_at: now, note: mark, ...(await parts.evidence(id)) };
  try {
    await parts.enqueue({ id, type: "visit.recorded", body: told, about: { title: mark } }, person);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    return full();
  }
  return said({
    id, mark, photos: isKept ? [photo.sha256] : [], photos_refused: photo && !isKept ? 1 : 0,
    paid_cents: body.payment?.amount_cents ?? 0,
  });
}

globalThis.proof = {
  load: modules,

  async record(person, visits) {
    const parts = await modules();
    for (const visit of visits) await save(person, visit, parts);
  },

  /* Send as the button does, after another tab or the worker that is at it; returns why it did not go. */
  async send(person) {
    const { flush } = await modules();
    for (let tries = 0; tries < 100; tries += 1) {
      const done = await flush({ isUrged: true });
      if (!done.busy) return done[person]?.why ?? (person in done ? null : "unknown_device");
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    return "busy";
  },

  /* What lies in the phone's database, read without a module of the product. */
  async stores() {
    const database = await new Promise((resolve, reject) => {
      const asked = indexedDB.open("outbox");
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    const all = (name) => new Promise((resolve, reject) => {
      const asked = database.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    const [events, photos] = await Promise.all([all("events"), all("photos")]);
    database.close();
    return {
      events: events.map(({ id, seq, state, verdict }) => ({ id, seq, state, verdict: verdict?.state ?? null })),
      photos: photos.map(({ visit, sha256, state }) => ({ visit, sha256, state })),
    };
  },
};
