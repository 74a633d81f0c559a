/* Choosing a first PIN: everything of this person on this phone is sealed to new keys behind it. */
import { copiesOf, forgetPages, keepCopies } from "../offline/copies.js";
import { draftsOf, keepDraft } from "../offline/drafts.js";
import { sealEvent, sealPhoto } from "../outbox/boxes.js";
import { got, transact } from "../outbox/database.js";
import { eventsOf, photosOf } from "../outbox/store.js";
import { keepVault, setCurrent } from "./keys.js";
import { vaultBehind } from "./pin.js";
import { hold } from "./session.js";

/* What is here is read with the keys of before, if there are any: also without signal nothing is lost. */
export async function choosePin(person, pin) {
  const events = await eventsOf(person);
  const photos = (await Promise.all(events.map(({ id }) => photosOf(id)))).flat();
  const drafts = await draftsOf(person);
  const copies = await copiesOf(person);
  const { vault, privateKey } = await vaultBehind(pin);
  await keepVault(person, vault);
  await hold(person, privateKey);
  await setCurrent(person);
  await forgetPages();
  const sealed = await Promise.all(events.filter(({ isHidden }) => !isHidden).map(asKept));
  const pictures = await Promise.all(photos.filter(({ data }) => data).map(async ({ box: _box, ...photo }) => sealPhoto(photo)));
  await transact(["events", "photos"], "readwrite", async (stores) => {
    for (const event of sealed) await replace(stores.events, event.id, event);
    for (const photo of pictures) await replace(stores.photos, [photo.visit, photo.sha256], photo);
  });
  for (const draft of drafts) await keepDraft(person, draft);
  await keepCopies(person, copies);
}

function asKept({ box: _box, mine: _mine, ...event }) {
  return sealEvent(event);
}

/* Replace what lies there by its sealed form; what was delivered meanwhile keeps its state. */
async function replace(store, key, { state: _state, verdict: _verdict, ...sealed }) {
  const { body: _body, about: _about, data: _data, ...now } = (await got(store.get(key))) ?? {};
  if (now.state) store.put({ ...now, ...sealed });
}
