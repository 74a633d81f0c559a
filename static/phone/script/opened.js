/* Which cards were opened on this phone, so that the office learns which of them work. They are forgotten with
   the window: whom a collector read about is nobody else's business. */
const key = (client, objection) => `card:${client}:${objection}`;

export function noteOpened(client, objection) {
  sessionStorage.setItem(key(client, objection), "yes");
}

/* Null without an objection: then there is no card. */
export function wasOpened({ client_id: client, objection }) {
  return objection ? sessionStorage.getItem(key(client, objection)) !== null : null;
}
