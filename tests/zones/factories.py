"""Zones as rows, with sensible defaults; each function flushes and returns the row."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.portfolio.models import Client
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership

_number = count(1)
LONG_AGO = date(2026, 1, 1)

# One square around the centre of La Serena, longitude before latitude as GeoJSON wants it.
SQUARE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [
        [[-71.26, -29.91], [-71.24, -29.91], [-71.24, -29.89], [-71.26, -29.89], [-71.26, -29.91]]
    ],
}


def make_zone(
    session: Session,
    clients: Sequence[Client] = (),
    collector: User | None = None,
    *,
    from_on: date = LONG_AGO,
    to_on: date | None = None,
    **values: object,
) -> Zone:
    """A zone with its clients and its collector, all over the same days."""
    n = next(_number)
    zone = Zone(
        **{
            "name": f"Zona {n}",
            "colour": "#4477aa",
            "outline": SQUARE,
            "from_on": from_on,
            "to_on": to_on,
            **values,
        }
    )
    session.add(zone)
    session.flush()
    for client in clients:
        join_zone(session, client, zone, from_on=from_on, to_on=to_on)
    if collector:
        assign_zone(session, zone, collector, from_on=from_on, to_on=to_on)
    return zone


def join_zone(
    session: Session,
    client: Client,
    zone: Zone,
    *,
    from_on: date = LONG_AGO,
    to_on: date | None = None,
) -> ZoneMembership:
    membership = ZoneMembership(zone_id=zone.id, client_id=client.id, from_on=from_on, to_on=to_on)
    session.add(membership)
    session.flush()
    return membership


def assign_zone(
    session: Session,
    zone: Zone,
    collector: User,
    *,
    from_on: date = LONG_AGO,
    to_on: date | None = None,
) -> ZoneAssignment:
    assignment = ZoneAssignment(
        zone_id=zone.id, collector_id=collector.id, from_on=from_on, to_on=to_on
    )
    session.add(assignment)
    session.flush()
    return assignment
