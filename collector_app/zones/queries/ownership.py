"""Who answers for which client on a day; every period is dated, both ends inclusive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.actor import OFFICE, Actor
from collector_app.core.errors import NotFound
from collector_app.core.selection import among
from collector_app.portfolio.erasures import is_kept_out
from collector_app.portfolio.queries import ClientCard, client_cards
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership


@dataclass(frozen=True, slots=True)
class ZoneOwner:
    """The zone a client belongs to, and the collector who answers for it, if anybody does."""

    zone_id: int
    collector_id: int | None


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone as lists and maps show it on a day; `outline` is a GeoJSON geometry."""

    id: int
    name: str
    colour: str
    outline: dict[str, Any]
    collector_id: int | None
    collector_name: str | None
    client_count: int


def in_force(
    period: type[Zone | ZoneAssignment | ZoneMembership], day: date
) -> ColumnElement[bool]:
    """Return the condition that a dated row covers a day."""
    return and_(period.from_on <= day, or_(period.to_on.is_(None), period.to_on >= day))


def owners(
    session: Session, day: date, client_ids: Collection[int] | None = None
) -> dict[int, ZoneOwner]:
    """Return zone and collector of every client, or of some, that belongs to a zone on a day."""
    rows = session.execute(
        select(ZoneMembership.client_id, ZoneMembership.zone_id, ZoneAssignment.collector_id)
        .outerjoin(ZoneAssignment, _answers_for(ZoneMembership.zone_id, day))
        .where(in_force(ZoneMembership, day), among(ZoneMembership.client_id, client_ids))
    )
    return {client_id: ZoneOwner(zone_id, collector) for client_id, zone_id, collector in rows}


def clients_of(session: Session, collector_id: int, day: date) -> set[int]:
    """Return the clients of all the zones that a collector answers for on a day."""
    found = session.scalars(
        select(ZoneMembership.client_id)
        .join(ZoneAssignment, _answers_for(ZoneMembership.zone_id, day))
        .where(in_force(ZoneMembership, day), ZoneAssignment.collector_id == collector_id)
    )
    return set(found)


def zones_on(session: Session, day: date) -> list[ZoneRow]:
    """Return the zones in force on a day, in the order in which they were made."""
    counts = (
        select(ZoneMembership.zone_id, func.count().label("clients"))
        .where(in_force(ZoneMembership, day))
        .group_by(ZoneMembership.zone_id)
        .subquery()
    )
    rows = session.execute(
        select(Zone, User.id, User.full_name, func.coalesce(counts.c.clients, 0))
        .outerjoin(ZoneAssignment, _answers_for(Zone.id, day))
        .outerjoin(User, User.id == ZoneAssignment.collector_id)
        .outerjoin(counts, counts.c.zone_id == Zone.id)
        .where(in_force(Zone, day))
        .order_by(Zone.id)
    )
    return [
        ZoneRow(zone.id, zone.name, zone.colour, zone.outline, collector_id, name, clients)
        for zone, collector_id, name, clients in rows
    ]


def zone_of_client(
    session: Session, day: date, client_ids: Collection[int] | None = None
) -> dict[int, int]:
    """Return the zone of every client, or of some, that belongs to one on a day."""
    rows = session.execute(
        select(ZoneMembership.client_id, ZoneMembership.zone_id).where(
            in_force(ZoneMembership, day), among(ZoneMembership.client_id, client_ids)
        )
    )
    return dict(rows.all())


def next_memberships(session: Session, day: date) -> dict[int, date]:
    """Return when clients next join a zone after a day, for those of whom that is decided."""
    begins = or_(ZoneMembership.to_on.is_(None), ZoneMembership.to_on >= ZoneMembership.from_on)
    rows = session.execute(
        select(ZoneMembership.client_id, func.min(ZoneMembership.from_on))
        .where(ZoneMembership.from_on > day, begins)
        .group_by(ZoneMembership.client_id)
    )
    return dict(rows.all())


def zone_starts(session: Session, day: date) -> list[date]:
    """Return the days after `day` on which zones begin, as decided so far."""
    begun = session.scalars(
        select(Zone.from_on)
        .where(Zone.from_on > day, or_(Zone.to_on.is_(None), Zone.to_on >= Zone.from_on))
        .distinct()
        .order_by(Zone.from_on)
    )
    return list(begun)


def may_see(session: Session, actor: Actor, client_id: int, day: date) -> bool:
    """Tell whether an actor may see a client: the office all, a collector those of his zones."""
    if actor.role in OFFICE:
        return True
    found = session.scalar(
        select(ZoneMembership.id)
        .join(ZoneAssignment, _answers_for(ZoneMembership.zone_id, day))
        .where(
            in_force(ZoneMembership, day),
            ZoneMembership.client_id == client_id,
            ZoneAssignment.collector_id == actor.user_id,
        )
        .limit(1)
    )
    return found is not None


def is_gone(session: Session, actor: Actor, client_id: int) -> bool:
    """Tell whether a client is one whose data was erased, whom only the office still looks at.

    What a phone tells of them all the same is taken: see `may_see`.
    """
    return actor.role not in OFFICE and is_kept_out(session, client_id)


def own_card(session: Session, actor: Actor, client_id: int, day: date) -> ClientCard:
    """Return a client whom the actor may see.

    Raises
    ------
    NotFound
        Nobody has that number, the client is another collector's, or their data was erased and a
        collector asks: not told apart.
    """
    card = client_cards(session, [client_id]).get(client_id)
    is_shown = may_see(session, actor, client_id, day) and not is_gone(session, actor, client_id)
    if card is None or not is_shown:
        message = f"client {client_id} does not exist or is not this actor's"
        raise NotFound(message)
    return card


def _answers_for(zone_id: Any, day: date) -> ColumnElement[bool]:
    return and_(ZoneAssignment.zone_id == zone_id, in_force(ZoneAssignment, day))
