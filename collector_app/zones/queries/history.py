"""Who had a client, from the first zone that held them until today and beyond."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership
from collector_app.zones.queries.ownership import in_force
from collector_app.zones.rules import Span, shared_spans


@dataclass(frozen=True, slots=True)
class ZoneName:
    """A zone as lists name it."""

    id: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Tenure:
    """A span of days with one zone and one collector; None for days when nobody answered."""

    zone: ZoneName
    collector_name: str | None
    span: Span


def tenures(session: Session, client_id: int) -> list[Tenure]:
    """Return who had a client, latest first; decided spans that never began are left out."""
    memberships = session.execute(
        select(ZoneMembership.from_on, ZoneMembership.to_on, Zone.id, Zone.name, Zone.colour)
        .join(Zone, Zone.id == ZoneMembership.zone_id)
        .where(ZoneMembership.client_id == client_id, _began(ZoneMembership))
    ).all()
    assigned = _assignments(session, {row.id for row in memberships})
    found = [
        Tenure(ZoneName(row.id, row.name, row.colour), name, span)
        for row in memberships
        for name, span in shared_spans(Span(row.from_on, row.to_on), assigned.get(row.id, ()))
    ]
    return sorted(found, key=lambda one: one.span.from_on, reverse=True)


def tenures_on(session: Session, client_ids: Collection[int], day: date) -> dict[int, Tenure]:
    """Return who had each of these clients on a day; those without a zone are left out."""
    rows = session.execute(
        select(
            ZoneMembership.client_id,
            Zone.id,
            Zone.name,
            Zone.colour,
            User.full_name,
            ZoneMembership.from_on,
            ZoneMembership.to_on,
        )
        .join(Zone, Zone.id == ZoneMembership.zone_id)
        .outerjoin(
            ZoneAssignment,
            (ZoneAssignment.zone_id == Zone.id) & in_force(ZoneAssignment, day),
        )
        .outerjoin(User, User.id == ZoneAssignment.collector_id)
        .where(ZoneMembership.client_id.in_(client_ids), in_force(ZoneMembership, day))
    )
    return {
        client_id: Tenure(ZoneName(zone_id, name, colour), collector, Span(from_on, to_on))
        for client_id, zone_id, name, colour, collector, from_on, to_on in rows
    }


def _assignments(
    session: Session, zone_ids: Collection[int]
) -> Mapping[int, list[tuple[str, Span]]]:
    rows = session.execute(
        select(ZoneAssignment.zone_id, User.full_name, ZoneAssignment.from_on, ZoneAssignment.to_on)
        .join(User, User.id == ZoneAssignment.collector_id)
        .where(ZoneAssignment.zone_id.in_(zone_ids), _began(ZoneAssignment))
        .order_by(ZoneAssignment.from_on)
    )
    by_zone: dict[int, list[tuple[str, Span]]] = defaultdict(list)
    for zone_id, name, from_on, to_on in rows:
        by_zone[zone_id].append((name, Span(from_on, to_on)))
    return by_zone


def _began(kind: type[ZoneMembership | ZoneAssignment]) -> ColumnElement[bool]:
    return or_(kind.to_on.is_(None), kind.to_on >= kind.from_on)
