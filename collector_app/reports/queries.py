"""What reports tell, and which were made."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.agreements.queries import coming_due
from collector_app.core.money import USUAL_CURRENCY, Sums
from collector_app.core.selection import among
from collector_app.follow_up.queries import ZoneCoverage, follow_up
from collector_app.indicators.queries import Grouping, tallies
from collector_app.indicators.rules import Count, Dimension, Period, Tally
from collector_app.payments.queries import currencies, currencies_of
from collector_app.portfolio.models import Client
from collector_app.reports.models import MadeReport, ReportSchedule
from collector_app.reports.rules import ReportKind, ReportState
from collector_app.zones.queries import zone_of_client, zones_on

SHOWN = 60


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule in force."""

    id: int
    kind: ReportKind
    weekdays: str
    at_s: int
    created_by: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that was asked for; without a person a schedule asked."""

    id: int
    kind: ReportKind
    day: date
    asked_at: datetime
    asked_by: str | None
    state: ReportState
    tries: int
    error: str | None


@dataclass(frozen=True, slots=True)
class ZoneWeekRow:
    """A zone in a week; money in cents by currency, shares 0 to 1."""

    zone_name: str
    collector_name: str | None
    clients: int
    visits: int
    contacts: int
    visited_share: float
    penetration: float
    never: int
    promises: int
    recovered: Sums
    overdue: Sums


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """What a client said they would pay on a day; an instalment of an agreement, or a promise."""

    due_on: date
    client_name: str
    client_number: str
    collector_name: str | None
    phone: str | None
    amount_cents: int
    agreement_id: int | None
    currency: str


def schedules(session: Session) -> list[ScheduleRow]:
    """Return the schedules in force, oldest first."""
    found = session.execute(
        select(ReportSchedule, User.full_name)
        .outerjoin(User, User.id == ReportSchedule.created_by)
        .where(ReportSchedule.ended_at.is_(None))
        .order_by(ReportSchedule.id)
    )
    return [
        ScheduleRow(one.id, one.kind, one.weekdays, one.at_s, name or "") for one, name in found
    ]


def latest_reports(session: Session) -> list[ReportRow]:
    """Return the last reports that were asked for, newest first."""
    found = session.execute(
        select(MadeReport, User.full_name)
        .outerjoin(User, User.id == MadeReport.asked_by)
        .order_by(MadeReport.id.desc())
        .limit(SHOWN)
    )
    return [
        ReportRow(one.id, one.kind, one.day, one.asked_at, name, one.state, one.tries, one.error)
        for one, name in found
    ]


def zone_week(session: Session, first: date, last: date, zone: ZoneInfo) -> list[ZoneWeekRow]:
    """Return each zone in force on the last day, with what was done in it from day to day.

    Money is added up once for each currency of the cartera, what is counted with the first.
    """
    week, days = Period(first, last), (last - first).days
    parts = {
        code: (
            tallies(session, Grouping(week, zone, Dimension.ZONE, code)),
            follow_up(session, last, days, zone, code).zones,
        )
        for code in currencies(session)
    }
    counts, zones = next(iter(parts.values()))
    recovered: defaultdict[int, dict[str, int]] = defaultdict(dict)
    overdue: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for code, (sums, covered) in parts.items():
        for one in covered:
            cents = sums.get(one.zone_id, {}).get(Count.RECOVERED_CENTS, 0)
            recovered[one.zone_id][code] = cents
            overdue[one.zone_id][code] = one.overdue_cents
    return [
        replace(
            _zone_row(one, counts.get(one.zone_id, {})),
            recovered=recovered[one.zone_id],
            overdue=overdue[one.zone_id],
        )
        for one in zones
    ]


def _zone_row(one: ZoneCoverage, counts: Tally) -> ZoneWeekRow:
    return ZoneWeekRow(
        zone_name=one.name,
        collector_name=one.collector_name,
        clients=one.coverage.clients,
        visits=counts.get(Count.VISITS, 0),
        contacts=counts.get(Count.CONTACTS, 0),
        visited_share=one.coverage.visited_share,
        penetration=one.coverage.penetration,
        never=one.coverage.never,
        promises=counts.get(Count.PROMISES, 0),
        recovered={},
        overdue={},
    )


def promise_agenda(session: Session, first: date, last: date, zone: ZoneInfo) -> list[AgendaRow]:
    """Return promises and instalments that come due from day to day, in order."""
    due = coming_due(session, first, last, zone)
    clients = {
        one.id: one
        for one in session.scalars(
            select(Client).where(among(Client.id, {row.client_id for row in due}))
        )
    }
    known = currencies_of(session, clients)
    zone_of = zone_of_client(session, first)
    collectors = {one.id: one.collector_name for one in zones_on(session, first)}
    return [
        AgendaRow(
            due_on=row.due_on,
            client_name=clients[row.client_id].name,
            client_number=clients[row.client_id].external_id,
            collector_name=collectors.get(zone_of.get(row.client_id, 0)),
            phone=clients[row.client_id].phone,
            amount_cents=row.amount_cents,
            agreement_id=row.agreement_id,
            currency=known.get(row.client_id, USUAL_CURRENCY),
        )
        for row in due
    ]
