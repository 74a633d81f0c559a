"""People whose data was let go of, so that a later file does not bring them back unnoticed.

Nothing is kept that says who they were: salted hashes of name with phone and of name with address,
written as `gathering.plain` writes them. Whoever has the database and a list of people can still
try each of them, so this is a guard against files, not against a thief.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.portfolio.facts import PortfolioRow, RowPlace
from collector_app.portfolio.gathering import plain
from collector_app.portfolio.models import Client, ErasedPerson

_SALT_BYTES = 16


def remember_erased(session: Session, client: Client) -> ErasedPerson:
    """Keep the hashes of a client; call this before their data goes.

    Who had been let back in is kept out again.
    """
    known = session.get(ErasedPerson, client.id)
    salt = session.scalar(select(ErasedPerson.salt).limit(1)) or secrets.token_hex(_SALT_BYTES)
    row = known or ErasedPerson(client_id=client.id)
    row.salt = salt
    row.phone_digest = _digest(salt, client.name, client.phone)
    row.address_digest = _digest(salt, client.name, client.address)
    row.erased_at, row.readmitted_at = clock.now(), None
    session.add(row)
    return row


def is_kept_out(session: Session, client_id: int) -> bool:
    """Tell whether a client's data was erased and nobody let them back in."""
    erased = session.get(ErasedPerson, client_id)
    return erased is not None and erased.readmitted_at is None


def erased_rows(session: Session, rows: Iterable[PortfolioRow]) -> dict[RowPlace, str]:
    """Return which rows are of somebody whose data was erased: place -> the field that tells."""
    found = session.execute(
        select(
            Client.external_id,
            ErasedPerson.salt,
            ErasedPerson.phone_digest,
            ErasedPerson.address_digest,
        )
        .join(Client, Client.id == ErasedPerson.client_id)
        .where(ErasedPerson.readmitted_at.is_(None))
    ).all()
    if not found:
        return {}
    numbers = {number for number, *_rest in found}
    salts = {salt for _number, salt, *_digests in found}
    phones = {phone for *_rest, phone, _address in found if phone}
    addresses = {address for *_rest, address in found if address}
    places: dict[RowPlace, str] = {}
    for row in rows:
        if row.client_id in numbers:
            places[row.place] = "client_id"
        elif any(_digest(salt, row.name, row.phone) in phones for salt in salts):
            places[row.place] = "phone"
        elif any(_digest(salt, row.name, row.address) in addresses for salt in salts):
            places[row.place] = "address"
    return places


def _digest(salt: str, name: str, other: str | None) -> str | None:
    """Return the hash of a name with a phone or an address, None where either is missing."""
    if not plain(name) or not other or not plain(other):
        return None
    told = f"{plain(name)}|{plain(other)}".encode()
    return hmac.new(bytes.fromhex(salt), told, hashlib.sha256).hexdigest()
