"""Pages of rows by id: each page one statement, or one for each thing that is looked up for it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from collector_app.absences.models import Absence
from collector_app.accounts.models import User
from collector_app.api.models import ApiKey
from collector_app.api.rules import (
    AbsenceOut,
    ClientOut,
    CreditOut,
    PaymentOut,
    PlanOut,
    PlanState,
    PromiseOut,
    RouteOut,
    StopOut,
    VisitOut,
    ZoneOut,
)
from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.payments.queries import (
    NO_DEBT,
    currencies_of,
    debts,
    payment_currency,
    promise_states,
)
from collector_app.planning.models import Plan, Route
from collector_app.portfolio.models import Client, Credit
from collector_app.portfolio.queries import creditors_of
from collector_app.promises.models import Promise
from collector_app.visits.models import Visit
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership
from collector_app.zones.queries import in_force


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows a call wants: those after an id, changed since an instant, of some days."""

    after: int
    limit: int
    since: datetime | None
    from_on: date | None
    to_on: date | None
    today: date
    zone: ZoneInfo
    state: PlanState = PlanState.PUBLISHED


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as its page shows it."""

    id: int
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def clients(session: Session, asked: Asked) -> list[ClientOut]:
    """Return clients by id, with what they owe and the zone they are in today."""
    found = session.scalars(_page(select(Client), Client.id, asked)).all()
    ids = [one.id for one in found]
    owed, zones = debts(session, asked.today, asked.zone, ids), _zones_of(session, ids, asked.today)
    known = currencies_of(session, ids)
    credits_ = _credits_of(session, ids)
    rows = []
    for one in found:
        own = credits_.get(one.id, [])
        debt = owed.get(one.id, NO_DEBT)
        rows.append(
            ClientOut(
                one.id,
                one.external_id,
                one.name,
                one.kind,
                one.phone,
                one.address,
                one.neighbourhood,
                one.municipality,
                one.lat,
                one.lon,
                one.location_quality,
                zones.get(one.id),
                debt.balance_cents,
                debt.overdue_cents,
                debt.days_past_due,
                debt.bucket,
                known.get(one.id, USUAL_CURRENCY),
                sorted({credit.creditor for credit in own if credit.creditor is not None}),
                own,
            )
        )
    return rows


def _credits_of(session: Session, client_ids: Sequence[int]) -> dict[int, list[CreditOut]]:
    """Return the credits of clients, by client and number, each with its creditor."""
    owners = creditors_of(session, client_ids)
    found: defaultdict[int, list[CreditOut]] = defaultdict(list)
    for one in session.execute(
        select(Credit.id, Credit.client_id, Credit.external_id, Credit.product, Credit.currency)
        .where(among(Credit.client_id, client_ids))
        .order_by(Credit.external_id)
    ):
        told = CreditOut(one.external_id, one.product, one.currency, owners.get(one.id))
        found[one.client_id].append(told)
    return found


def visits(session: Session, asked: Asked) -> list[VisitOut]:
    """Return visits by id; ``since`` is when they arrived."""
    statement = select(Visit, Client.external_id).join(Client, Client.id == Visit.client_id)
    if asked.since:
        statement = statement.where(Visit.received_at >= asked.since)
    return [
        VisitOut(
            one.id,
            one.uuid,
            one.client_id,
            number,
            one.collector_id,
            one.stop_id,
            one.started_at,
            one.ended_at,
            one.received_at,
            one.person_met,
            one.outcome,
            one.objection,
            one.note,
            one.lat,
            one.lon,
            one.accuracy_m,
        )
        for one, number in session.execute(_page(statement, Visit.id, asked))
    ]


def promises(session: Session, asked: Asked) -> list[PromiseOut]:
    """Return promises by id as they stand today; ``since`` is when they were made."""
    statement = select(Promise)
    if asked.since:
        statement = statement.where(Promise.made_at >= asked.since)
    found = session.scalars(_page(statement, Promise.id, asked)).all()
    known = currencies_of(session, {one.client_id for one in found})
    states = {
        row.id: row
        for rows in promise_states(
            session, asked.today, {one.client_id for one in found}, zone=asked.zone
        ).values()
        for row in rows
    }
    return [
        PromiseOut(
            one.id,
            one.client_id,
            one.visit_id,
            one.collector_id,
            one.amount_cents,
            states[one.id].paid_cents,
            one.due_on,
            one.made_at,
            states[one.id].state,
            known.get(one.client_id, USUAL_CURRENCY),
        )
        for one in found
        if one.id in states
    ]


def payments(session: Session, asked: Asked) -> list[PaymentOut]:
    """Return payments by id; ``since`` is when they were recorded or annulled."""
    statement = select(Payment, Client.external_id, payment_currency()).join(
        Client, Client.id == Payment.client_id
    )
    if asked.since:
        statement = statement.where(
            or_(Payment.recorded_at >= asked.since, Payment.annulled_at >= asked.since)
        )
    return [
        PaymentOut(
            one.id,
            one.uuid,
            one.client_id,
            number,
            one.visit_id,
            one.collector_id,
            one.method,
            one.reference,
            one.amount_cents,
            one.received_at,
            one.annulled_at,
            currency,
        )
        for one, number, currency in session.execute(_page(statement, Payment.id, asked))
    ]


def plans(session: Session, asked: Asked) -> list[PlanOut]:
    """Return plans by id with their routes; ``from`` and ``to`` are their days."""
    statement = select(Plan).options(selectinload(Plan.routes).selectinload(Route.stops))
    if asked.state is not PlanState.ANY:
        is_seen = Plan.published_at.is_not(None)
        statement = statement.where(is_seen if asked.state is PlanState.PUBLISHED else ~is_seen)
    if asked.from_on:
        statement = statement.where(Plan.day >= asked.from_on)
    if asked.to_on:
        statement = statement.where(Plan.day <= asked.to_on)
    found = session.scalars(_page(statement, Plan.id, asked)).all()
    stops = (stop for one in found for route in one.routes for stop in route.stops)
    known = currencies_of(session, {stop.client_id for stop in stops})
    return [
        PlanOut(
            one.id,
            one.day,
            one.published_at,
            one.withdrawn_at,
            [_route(route, known) for route in one.routes],
        )
        for one in found
    ]


def absences(session: Session, asked: Asked) -> list[AbsenceOut]:
    """Return absences by id, cancelled ones too; ``from`` and ``to``: of whom is away then."""
    statement = select(Absence)
    if asked.from_on:
        statement = statement.where(Absence.to_on >= asked.from_on)
    if asked.to_on:
        statement = statement.where(Absence.from_on <= asked.to_on)
    return [
        AbsenceOut(
            one.id,
            one.collector_id,
            one.kind,
            one.from_on,
            one.to_on,
            one.note,
            one.cancelled_at,
        )
        for one in session.scalars(_page(statement, Absence.id, asked))
    ]


def zones(session: Session, asked: Asked) -> list[ZoneOut]:
    """Return the zones in force today, by id."""
    members = (
        select(ZoneMembership.zone_id, func.count().label("clients"))
        .where(in_force(ZoneMembership, asked.today))
        .group_by(ZoneMembership.zone_id)
        .subquery()
    )
    statement = (
        select(Zone, ZoneAssignment.collector_id, func.coalesce(members.c.clients, 0))
        .outerjoin(
            ZoneAssignment,
            (ZoneAssignment.zone_id == Zone.id) & in_force(ZoneAssignment, asked.today),
        )
        .outerjoin(members, members.c.zone_id == Zone.id)
        .where(in_force(Zone, asked.today))
    )
    return [
        ZoneOut(zone.id, zone.name, zone.colour, zone.from_on, collector_id, count, zone.outline)
        for zone, collector_id, count in session.execute(_page(statement, Zone.id, asked))
    ]


def keys(session: Session) -> list[KeyRow]:
    """Return every key, those in use first, the latest on top."""
    found = session.execute(
        select(ApiKey, User.full_name)
        .outerjoin(User, User.id == ApiKey.created_by)
        .order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    )
    return [
        KeyRow(
            one.id,
            one.name,
            one.hint,
            tuple(one.scopes),
            one.created_at,
            name,
            one.expires_at,
            one.last_used_at,
            one.revoked_at,
        )
        for one, name in found
    ]


def _page(statement: Any, column: Any, asked: Asked) -> Any:
    """Return a statement of the next rows by id, one more than asked to tell whether it goes on."""
    return statement.where(column > asked.after).order_by(column).limit(asked.limit + 1)


def _zones_of(session: Session, ids: Sequence[int], day: date) -> dict[int, int]:
    found = session.execute(
        select(ZoneMembership.client_id, ZoneMembership.zone_id).where(
            in_force(ZoneMembership, day), among(ZoneMembership.client_id, ids)
        )
    )
    return dict(iter(found))


def _route(route: Route, known: Mapping[int, str]) -> RouteOut:
    return RouteOut(
        route.id,
        route.collector_id,
        route.leaves_s,
        route.returns_s,
        route.travel_s,
        route.travel_m,
        [
            StopOut(
                one.id,
                one.position,
                one.client_id,
                one.arrives_s,
                one.leaves_s,
                one.travel_s,
                one.travel_m,
                one.prize_cents,
                known.get(one.client_id, USUAL_CURRENCY),
            )
            for one in route.stops
        ],
        route.path,
    )
