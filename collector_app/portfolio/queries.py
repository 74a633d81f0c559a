"""Reads of the cartera: what lists, cards and maps need to know of clients."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import ClientKind, LocationQuality


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A client as a card shows one; no debts, which belong to `payments`."""

    id: int
    external_id: str
    name: str
    kind: ClientKind
    phone: str | None  # E.164
    address: str
    neighbourhood: str | None
    municipality: str | None
    lat: float | None
    lon: float | None
    location_quality: LocationQuality


@dataclass(frozen=True, slots=True)
class ClientPoint:
    """Where a client is, WGS-84 degrees."""

    id: int
    lat: float
    lon: float


CARD_COLUMNS = (
    Client.id,
    Client.external_id,
    Client.name,
    Client.kind,
    Client.phone,
    Client.address,
    Client.neighbourhood,
    Client.municipality,
    Client.lat,
    Client.lon,
    Client.location_quality,
)


def client_cards(session: Session, client_ids: Collection[int]) -> dict[int, ClientCard]:
    """Return the cards of some clients by id; unknown ids are absent."""
    rows = session.execute(select(*CARD_COLUMNS).where(among(Client.id, client_ids)))
    return {row.id: ClientCard(*row) for row in rows}


def located_clients(session: Session) -> list[ClientPoint]:
    """Return every client that has coordinates, by id."""
    rows = session.execute(
        select(Client.id, Client.lat, Client.lon).where(Client.lat.is_not(None)).order_by(Client.id)
    )
    return [
        ClientPoint(id=id_, lat=lat, lon=lon)
        for id_, lat, lon in rows
        if lat is not None and lon is not None
    ]
