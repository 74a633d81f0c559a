"""Every client as a dot, in columns: a hundred thousand of them in one answer of a megabyte."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from collector_app.portfolio.models import Client
from collector_app.zones.models import ZoneMembership
from collector_app.zones.queries.ownership import in_force

STEPS_PER_DEGREE = 100_000  # about a metre
NO_ZONE = 0xFFFF


@dataclass(frozen=True, slots=True)
class ZoneDots:
    """Where clients live, and in which zone of a day.

    Attributes
    ----------
    corners : tuple of (lat, lon)
        Between which all clients live: south-west and north-east; empty without any.
    columns : bytes
        Little-endian, four bytes each: how many zones and how many clients; ids of the zones;
        latitudes, then longitudes of the clients in `STEPS_PER_DEGREE`. Then two bytes for each
        client: which of the zones is theirs, or `NO_ZONE`. Clients of a zone follow one another.
    """

    corners: tuple[tuple[float, float], ...]
    columns: bytes


def zone_dots(session: Session, day: date) -> ZoneDots:
    """Return the clients with a location and the zone of each on a day."""
    rows = session.execute(
        select(Client.lat, Client.lon, ZoneMembership.zone_id)
        .outerjoin(
            ZoneMembership,
            and_(ZoneMembership.client_id == Client.id, in_force(ZoneMembership, day)),
        )
        .where(Client.lat.is_not(None))
    ).all()
    table = np.array([(lat, lon, zone or 0) for lat, lon, zone in rows]).reshape(-1, 3)
    steps = np.round(table[:, :2] * STEPS_PER_DEGREE).astype("<i4")
    zone = table[:, 2].astype(np.int64)
    zones = np.unique(zone[zone > 0])
    place = np.where(zone > 0, np.searchsorted(zones, zone), NO_ZONE)
    order = np.lexsort((steps[:, 1], steps[:, 0], place))
    columns = b"".join(
        (
            np.array([len(zones), len(rows)], "<u4").tobytes(),
            zones.astype("<u4").tobytes(),
            steps[order, 0].tobytes(),
            steps[order, 1].tobytes(),
            place[order].astype("<u2").tobytes(),
        )
    )
    return ZoneDots(_corners(table[:, :2]), columns)


def _corners(
    degrees: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> tuple[tuple[float, float], ...]:
    if not len(degrees):
        return ()
    (south, west), (north, east) = degrees.min(axis=0).tolist(), degrees.max(axis=0).tolist()
    return ((south, west), (north, east))
