"""Whose stop it is at which something is told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector_app.core.selection import among_told
from collector_app.planning.models import Plan, Route, Stop

_OWN = (
    select(Stop.id, Stop.client_id, Plan.day)
    .join(Route, Route.id == Stop.route_id)
    .join(Plan, Plan.id == Route.plan_id)
    .where(
        among_told(Stop.id, "stop_ids"),
        Route.collector_id == bindparam("collector_id"),
        Plan.published_at.is_not(None),
    )
)


@dataclass(frozen=True, slots=True)
class OwnStop:
    """A stop of a published route of this collector."""

    id: int
    client_id: int
    day: date


def own_stops(
    session: Session, collector_id: int | None, stop_ids: Collection[int]
) -> dict[int, OwnStop]:
    """Return those stops that are of published routes of this collector, of any day.

    Routes that a newer one replaced count too: the form may have been open meanwhile.
    """
    if not stop_ids:
        return {}
    found = session.execute(_OWN, {"stop_ids": list(stop_ids), "collector_id": collector_id})
    return {row.id: OwnStop(*row) for row in found}


def own_stop(session: Session, collector_id: int | None, stop_id: int) -> OwnStop | None:
    """Return one stop when it is of a published route of this collector."""
    return own_stops(session, collector_id, [stop_id]).get(stop_id)
