/* Events and photos as they lie on this phone: sealed to the office, which gets them, and to their person,
   who may look at them. What the phone must know to send them stays open: id, number, kind, hour, state.

   `box` holds what the office is told: the body of an event, the bytes of a photo. `mine` holds what this
   phone shows: {body, about}. Before a PIN was chosen where one is demanded, all lies open until it is. */
import { openWith, readerOf, recipients, sealText, textOf } from "../vault/recipients.js";
import { seal } from "../vault/sealing.js";

/* An event to keep: its body and its words are in boxes. */
export async function sealEvent({ body, about, ...event }) {
  const to = await recipients(event.person);
  if (!to.mine || !to.office) return { ...event, body, about };
  const [box, mine] = await Promise.all([
    sealText(JSON.stringify(body), [to.office], event.id),
    sealText(JSON.stringify({ body, about }), [to.mine], event.id),
  ]);
  return { ...event, box, mine };
}

/* Events of one person to show: with `body` and `about`, which are empty when `isHidden`, because the
   phone is locked or their keys are gone. */
export async function openEvents(person, events) {
  const reader = events.some(({ mine }) => mine) ? await readerOf(person) : null;
  return Promise.all(events.map(async (event) => {
    if (!event.mine) return event;
    const opened = reader && await openWith(reader, event.mine, event.id);
    return opened ? { ...event, ...JSON.parse(textOf(opened)) } : { ...event, body: {}, about: {}, isHidden: true };
  }));
}

export async function sealPhoto({ data, ...photo }) {
  const size = data.byteLength;
  const to = await recipients(photo.person);
  if (!to.mine || !to.office) return { ...photo, size, data };
  return { ...photo, size, box: await seal(new Uint8Array(data), [to.office, to.mine], photo.sha256) };
}

/* Photos of one visit to show: with `data`, where they can be opened here. */
export async function openPhotos(photos) {
  const reader = photos.some(({ box }) => box) ? await readerOf(photos[0].person) : null;
  return Promise.all(photos.map(async (photo) => {
    if (!photo.box) return { ...photo, size: photo.data.byteLength };
    return reader ? { ...photo, data: await openWith(reader, photo.box, photo.sha256) } : photo;
  }));
}
