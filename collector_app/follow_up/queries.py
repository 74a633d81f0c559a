"""What the page of follow-up shows: the zones of a day and every client in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.follow_up.rules import ClientFacts, Coverage, Drift, coverage
from collector_app.payments.models import Payment
from collector_app.payments.queries import debts
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.zones.queries import (
    ZoneLoad,
    imbalance_at_start,
    located,
    zone_board,
    zone_of_client,
)


@dataclass(frozen=True, slots=True)
class ZoneCoverage:
    """A zone of the day with its work and how it is covered."""

    load: ZoneLoad
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The zones of a day; `drift` is None without zones."""

    since: date
    zones: tuple[ZoneCoverage, ...]
    clients: tuple[ClientFacts, ...]
    drift: Drift | None


def follow_up(session: Session, day: date, window_days: int, zone: ZoneInfo) -> FollowUp:
    """Return the coverage of the zones of a day, looking back some days.

    Parameters
    ----------
    zone : ZoneInfo
        Where the days begin and end.
    """
    since = day - timedelta(days=window_days)
    clients = client_facts(session, day, since, zone)
    board = zone_board(session, day)
    start = imbalance_at_start(session, day)
    return FollowUp(
        since=since,
        zones=tuple(
            ZoneCoverage(
                load, coverage((one for one in clients if one.zone_id == load.zone.id), since)
            )
            for load in board.zones
        ),
        clients=tuple(clients),
        drift=Drift(start[0], start[1], board.imbalance) if start else None,
    )


def client_facts(session: Session, day: date, since: date, zone: ZoneInfo) -> Sequence[ClientFacts]:
    """Return every client with a location, with visits, debt and payments; five statements."""
    zone_of = zone_of_client(session, day)
    owed = debts(session, day)
    visited, contacted = _last_visits(session, zone)
    paid = _collected(session, clock.local_midnight(since, zone))
    return [
        ClientFacts(
            id=one.id,
            name=one.name,
            zone_id=zone_of.get(one.id),
            lat=one.lat,
            lon=one.lon,
            colonia=one.neighbourhood,
            visited_on=visited.get(one.id),
            contacted_on=contacted.get(one.id),
            overdue_cents=owed[one.id].overdue_cents if one.id in owed else 0,
            collected_cents=paid.get(one.id, 0),
        )
        for one in located(session)
    ]


def _last_visits(session: Session, zone: ZoneInfo) -> tuple[dict[int, date], dict[int, date]]:
    """Return the local day of the last visit and of the last contact of each client."""
    contact_at = func.max(case((contact_condition(), Visit.started_at)))
    rows = session.execute(
        select(Visit.client_id, func.max(Visit.started_at), contact_at).group_by(Visit.client_id)
    ).all()
    return (
        {client: _local_day(at, zone) for client, at, _contact in rows},
        {client: _local_day(at, zone) for client, _visit, at in rows if at is not None},
    )


def _local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _collected(session: Session, start: datetime) -> dict[int, int]:
    rows = session.execute(
        select(Payment.client_id, func.sum(Payment.amount_cents))
        .where(Payment.received_at >= start, Payment.annulled_at.is_(None))
        .group_by(Payment.client_id)
    )
    return {client: int(cents) for client, cents in rows}
