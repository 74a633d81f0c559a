"""What happened in the field, as lists and other areas read it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import LocationQuality
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Appointment, Visit, VisitAnnulment
from collector_app.visits.rules import (
    Circumstances,
    Objection,
    Outcome,
    PersonMet,
    VisitFlag,
    VisitPolicy,
    distance_check,
    distance_m,
    is_contact,
    visit_flags,
)

_EXACT = (LocationQuality.SURVEYED, LocationQuality.PINNED, LocationQuality.GIVEN)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """An attempt to reach a client, and whether it reached somebody who answers for the debt."""

    at: datetime
    outcome: Outcome
    person_met: PersonMet
    is_contact: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with the names and places that lists and flags need."""

    id: int
    client_id: int
    client_name: str
    collector_id: int
    collector_name: str
    stop_id: int | None
    started_at: datetime
    ended_at: datetime
    received_at: datetime
    person_met: PersonMet
    outcome: Outcome
    objection: Objection | None
    note: str | None
    lat: float | None
    lon: float | None
    accuracy_m: int | None
    no_gps_reason: str | None
    distance_m: int | None  # from the client's address, when both places are known


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """A time a client asked us to come back."""

    id: int
    client_id: int
    visit_id: int | None
    starts_at: datetime
    ends_at: datetime


def contacts_since(
    session: Session,
    since: datetime,
    client_ids: Collection[int] | None = None,
    received_before: datetime | None = None,
) -> dict[int, list[ContactRow]]:
    """Return every attempt since an instant by client, oldest first.

    With `received_before` only what had come in by then, whenever it was done.
    """
    asked = (
        select(Visit.client_id, Visit.started_at, Visit.outcome, Visit.person_met)
        .where(Visit.started_at >= since, among(Visit.client_id, client_ids))
        .order_by(Visit.started_at, Visit.id)
    )
    if received_before is not None:
        asked = asked.where(Visit.received_at < received_before)
    found = session.execute(asked)
    by_client: defaultdict[int, list[ContactRow]] = defaultdict(list)
    for client_id, at, outcome, person in found:
        by_client[client_id].append(ContactRow(at, outcome, person, is_contact(person, outcome)))
    return dict(by_client)


def visits_of_stops(session: Session, stop_ids: Collection[int]) -> dict[int, VisitRow]:
    """Return the last visit of each stop that has one."""
    found = session.execute(
        _visits().where(among(Visit.stop_id, stop_ids)).order_by(Visit.received_at, Visit.id)
    )
    rows = [_row(one) for one in found]
    return {row.stop_id: row for row in rows if row.stop_id is not None}


def visits_between(
    session: Session, start: datetime, end: datetime, collector_id: int | None = None
) -> list[VisitRow]:
    """Return the visits begun from `start` until before `end`, by the phones' clocks, in order."""
    statement = _visits().where(Visit.started_at >= start, Visit.started_at < end)
    if collector_id is not None:
        statement = statement.where(Visit.collector_id == collector_id)
    found = session.execute(statement.order_by(Visit.started_at, Visit.id))
    return [_row(one) for one in found]


def visits_to(
    session: Session, client_id: int, limit: int = 20, *, with_annulled: bool = False
) -> list[VisitRow]:
    """Return the last visits to a client, newest first; annulled ones only when asked for."""
    found = session.execute(
        _visits()
        .where(Visit.client_id == client_id)
        .order_by(Visit.started_at.desc(), Visit.id.desc())
        .limit(limit)
        .execution_options(with_annulled_visits=with_annulled)
    )
    return [_row(one) for one in found]


def annulments_to(session: Session, client_id: int) -> dict[int, str]:
    """Return why visits to a client were annulled, by visit."""
    found = session.execute(
        select(VisitAnnulment.visit_id, VisitAnnulment.reason)
        .join(Visit, Visit.id == VisitAnnulment.visit_id)
        .where(Visit.client_id == client_id)
        .execution_options(**WITH_ANNULLED)
    )
    return {row[0]: row[1] for row in found}


def contact_condition(visit: type[Visit] = Visit) -> ColumnElement[bool]:
    """Return the condition that a visit (or an alias) is a contact: `rules.is_contact` in SQL."""
    reached = {
        person: [outcome for outcome in Outcome if is_contact(person, outcome)]
        for person in PersonMet
    }
    return or_(
        *(
            and_(visit.person_met == person, visit.outcome.in_(outcomes))
            for person, outcomes in reached.items()
            if outcomes
        )
    )


def open_appointments(
    session: Session, start: datetime, end: datetime
) -> dict[int, list[AppointmentRow]]:
    """Return the appointments that begin from `start` until before `end`, by client."""
    found = session.scalars(
        select(Appointment)
        .where(
            Appointment.cancelled_at.is_(None),
            Appointment.starts_at >= start,
            Appointment.starts_at < end,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    by_client: defaultdict[int, list[AppointmentRow]] = defaultdict(list)
    for one in found:
        by_client[one.client_id].append(
            AppointmentRow(one.id, one.client_id, one.visit_id, one.starts_at, one.ends_at)
        )
    return dict(by_client)


def flags_of(
    visit: VisitRow,
    legal_windows: Sequence[tuple[int, int]],
    zone: ZoneInfo,
    policy: VisitPolicy | None = None,
) -> tuple[VisitFlag, ...]:
    """Return what deserves a second look in a visit.

    Parameters
    ----------
    visit : VisitRow
        As one of these queries gave it.
    legal_windows : sequence of (int, int)
        When visits were allowed on its local day, seconds since midnight, both ends inclusive.
    zone : ZoneInfo
        Time zone of the business.
    policy : VisitPolicy, optional
        From where on something is flagged.
    """
    policy = policy or VisitPolicy()
    seen = Circumstances(
        person_met=visit.person_met,
        outcome=visit.outcome,
        has_stop=visit.stop_id is not None,
        started_s=clock.second_of_day(visit.started_at, zone),
        clock_offset_s=round((visit.received_at - visit.ended_at).total_seconds()),
        has_position=visit.lat is not None,
        nearness=distance_check(visit.distance_m, visit.accuracy_m, policy),
    )
    return visit_flags(seen, legal_windows, policy)


_COLUMNS = (  # those of a row in its order, and three by which its distance is worked out
    Visit.id,
    Visit.client_id,
    Client.name,
    Visit.collector_id,
    User.full_name,
    Visit.stop_id,
    Visit.started_at,
    Visit.ended_at,
    Visit.received_at,
    Visit.person_met,
    Visit.outcome,
    Visit.objection,
    Visit.note,
    Visit.lat,
    Visit.lon,
    Visit.accuracy_m,
    Visit.no_gps_reason,
    Client.lat,
    Client.lon,
    Client.location_quality,
)


def _visits() -> Select[*tuple[Any, ...]]:
    """Select columns, not instances: a day has thousands of visits, which would be built twice."""
    return (
        select(*_COLUMNS)
        .select_from(Visit)
        .join(Client, Client.id == Visit.client_id)
        .join(User, User.id == Visit.collector_id)
    )


def _row(found: Row[*tuple[Any, ...]]) -> VisitRow:
    *said, lat, lon, accuracy_m, why_not, client_lat, client_lon, quality = found
    away_m = _distance_m((lat, lon), (client_lat, client_lon), quality)
    values = (*said, lat, lon, accuracy_m, why_not, away_m)
    return VisitRow(*values)


def _distance_m(
    fix: tuple[float | None, float | None],
    address: tuple[float | None, float | None],
    quality: LocationQuality,
) -> int | None:
    """Return the metres from the fix to the address; None where the address is only a street."""
    (lat, lon), (client_lat, client_lon) = fix, address
    if quality not in _EXACT or client_lat is None or client_lon is None:
        return None
    if lat is None or lon is None:
        return None
    return distance_m(lat, lon, client_lat, client_lon)
