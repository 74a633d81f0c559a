"""What the page of follow-up shows: the zones of a day and every client in them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.follow_up.rules import (
    ClientFacts,
    Coverage,
    Drift,
    Heat,
    cell_of,
    corners,
    coverage,
    heat,
    is_never,
    is_stale,
    outlines,
)
from collector_app.payments.models import Payment
from collector_app.payments.queries import NO_DEBT, OneCurrency, debts, one_currency
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.zones.queries import (
    ZoneRow,
    imbalance_then_and_now,
    located,
    zone_of_client,
    zones_on,
)


@dataclass(frozen=True, slots=True)
class ZoneCoverage:
    """A zone of the day, how it is covered, and what is overdue in it."""

    zone_id: int
    name: str
    colour: str
    collector_name: str | None
    coverage: Coverage
    overdue_cents: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The zones and the places of a day; `drift` is None without zones.

    Attributes
    ----------
    corners : tuple of (lat, lon)
        Between which all clients live: south-west and north-east; empty without any.
    cells, colonias : tuple of Heat
        Money by H3 cell and by colonia, the most overdue first.
    outlines : mapping of colonia to (lat, lon)
        A line around the clients of each.
    """

    since: date
    zones: tuple[ZoneCoverage, ...]
    drift: Drift | None
    corners: tuple[tuple[float, float], ...]
    cells: tuple[Heat, ...]
    colonias: tuple[Heat, ...]
    outlines: Mapping[str, tuple[tuple[float, float], ...]]


@dataclass(frozen=True, slots=True)
class NotVisited:
    """A client whom nobody visited, ever (`visited_on` is None) or lately."""

    client_id: int
    zone_id: int | None
    visited_on: date | None
    overdue_cents: int
    currency: str


def follow_up(
    session: Session, day: date, window_days: int, zone: ZoneInfo, currency: str | None = None
) -> FollowUp:
    """Return the coverage of the zones of a day, looking back some days, and the heat by place.

    Every client is counted; money is of one currency, None: the house's.

    Parameters
    ----------
    zone : ZoneInfo
        Where the days begin and end.
    """
    since = day - timedelta(days=window_days)
    clients = client_facts(session, day, since, zone, one_currency(session, currency))
    of_zone: dict[int | None, list[ClientFacts]] = defaultdict(list)
    for one in clients:
        of_zone[one.zone_id].append(one)
    return FollowUp(
        since=since,
        zones=tuple(_covered(row, of_zone[row.id], since) for row in zones_on(session, day)),
        drift=Drift(*found) if (found := imbalance_then_and_now(session, day)) else None,
        corners=corners(clients),
        cells=tuple(heat(clients, cell_of)),
        colonias=tuple(heat(clients, lambda one: one.colonia)),
        outlines=outlines(clients),
    )


def not_visited(
    session: Session, day: date, window_days: int, zone: ZoneInfo
) -> tuple[NotVisited, ...]:
    """Return whom nobody visited within some days, the most overdue first."""
    since = day - timedelta(days=window_days)
    found = [
        NotVisited(one.id, one.zone_id, one.visited_on, one.overdue_cents, one.currency)
        for one in client_facts(session, day, since, zone)
        if is_never(one) or is_stale(one, since)
    ]
    return tuple(sorted(found, key=lambda one: (-one.overdue_cents, one.client_id)))


def _covered(row: ZoneRow, clients: Sequence[ClientFacts], since: date) -> ZoneCoverage:
    return ZoneCoverage(
        row.id,
        row.name,
        row.colour,
        row.collector_name,
        coverage(clients, since),
        sum(one.overdue_cents for one in clients),
    )


def client_facts(
    session: Session, day: date, since: date, zone: ZoneInfo, money: OneCurrency | None = None
) -> Sequence[ClientFacts]:
    """Return every client with a location, with visits, debt and payments; five statements.

    Parameters
    ----------
    money : OneCurrency, optional
        Only money of it, for whoever adds clients up; without, each has their own.
    """
    zone_of = zone_of_client(session, day)
    owed = debts(session, day, zone, money=money)
    visited, contacted = _last_visits(session, zone)
    mine = money.holds_client(Payment.client_id) if money else true()
    paid = _collected(session, clock.local_midnight(since, zone), mine)
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
            overdue_cents=owed.get(one.id, NO_DEBT).overdue_cents,
            collected_cents=paid.get(one.id, 0),
            currency=owed.get(one.id, NO_DEBT).currency,
        )
        for one in located(session)
    ]


def _last_visits(session: Session, zone: ZoneInfo) -> tuple[dict[int, date], dict[int, date]]:
    """Return the local day of the last visit and of the last contact of each client."""
    return _last_days(session, true(), zone), _last_days(session, contact_condition(), zone)


def _last_days(session: Session, which: ColumnElement[bool], zone: ZoneInfo) -> dict[int, date]:
    rows = session.execute(
        select(Visit.client_id, func.max(Visit.started_at)).where(which).group_by(Visit.client_id)
    )
    return {client: at.astimezone(zone).date() for client, at in rows}


def _collected(session: Session, start: datetime, which: ColumnElement[bool]) -> dict[int, int]:
    rows = session.execute(
        select(Payment.client_id, func.sum(Payment.amount_cents))
        .where(Payment.received_at >= start, Payment.annulled_at.is_(None), which)
        .group_by(Payment.client_id)
    )
    return {client: int(cents) for client, cents in rows}
