"""Where clients are, and who may answer for zones."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.actor import Role
from collector_app.portfolio.models import Client


@dataclass(frozen=True, slots=True)
class LocatedClient:
    """A client with a location, and the words that name the place."""

    id: int
    name: str
    lat: float
    lon: float
    neighbourhood: str | None
    municipality: str | None


@dataclass(frozen=True, slots=True)
class CollectorRow:
    """A collector who may answer for zones."""

    id: int
    name: str


def located(session: Session) -> list[LocatedClient]:
    """Return the clients with a location, in the order of their ids."""
    rows = session.execute(
        select(
            Client.id,
            Client.name,
            Client.lat,
            Client.lon,
            Client.neighbourhood,
            Client.municipality,
        )
        .where(Client.lat.is_not(None))
        .order_by(Client.id)
    )
    return [
        LocatedClient(id_, name, lat, lon, neighbourhood, municipality)
        for id_, name, lat, lon, neighbourhood, municipality in rows
        if lat is not None and lon is not None
    ]


def collectors(session: Session) -> list[CollectorRow]:
    """Return the active collectors by name."""
    rows = session.execute(
        select(User.id, User.full_name)
        .where(User.role == Role.COLLECTOR, User.active)
        .order_by(User.full_name, User.id)
    )
    return [CollectorRow(*row) for row in rows]
