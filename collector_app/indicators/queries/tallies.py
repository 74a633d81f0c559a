"""What is counted over a period, by group, in a fixed number of statements whatever the size."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, cast, exists, extract, func, select
from sqlalchemy.orm import Session, aliased

from collector_app.core import clock
from collector_app.indicators.queries.cash import cash
from collector_app.indicators.queries.conduct import complaints, faults
from collector_app.indicators.queries.costing import costs
from collector_app.indicators.queries.counting import GROUP, Tallies, made_visit, named
from collector_app.indicators.queries.field import field_time, first_contacts, rides
from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.queries.movement import movement
from collector_app.indicators.queries.placing import place, places
from collector_app.indicators.queries.plans import day_of_plan, in_force_plans
from collector_app.indicators.rules import ATTRIBUTION_DAYS, Count, Dimension, Tally
from collector_app.payments.models import Payment
from collector_app.payments.queries import (
    OneCurrency,
    PromiseRow,
    one_currency,
    promise_states,
    unpaid_by_client,
)
from collector_app.planning.models import Plan, Route, Stop
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromisePolicy, PromiseState, last_day
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.visits.rules import Outcome
from collector_app.zones.queries import zone_of_client

# Nobody lives there who owes us, as far as we know.
UNLOCATABLE = (Outcome.MOVED, Outcome.UNKNOWN_THERE, Outcome.ADDRESS_NOT_FOUND)
_MOST_DAYS = 1024  # more than a period can have


class SettledPromise(NamedTuple):
    """A promise whose days are over, its group, and whether its money is of the currency asked."""

    group: int
    promise: PromiseRow
    is_of_currency: bool


def tallies(session: Session, grouping: Grouping) -> Mapping[int, Tally]:
    """Return every count of the catalogue by group; groups without anything are absent.

    Counts of the cartera describe it as it stands today; they are absent when split by week.
    """
    grouping = place(session, grouping)
    found: Tallies = defaultdict(Counter)
    counted: Iterable[Callable[[Session, Grouping], Tallies]] = (
        _visits,
        _promises_made,
        _plans,
        field_time,
        rides,
        first_contacts,
        complaints,
        faults,
        cash,
    )
    added_up: Iterable[Callable[[Session, Grouping, OneCurrency], Tallies]] = (
        _promises_due,
        _payments,
        _cartera,
        costs,
        movement,
    )
    money = one_currency(session, grouping.currency)
    for part in (
        *(source(session, grouping) for source in counted),
        *(source(session, grouping, money) for source in added_up),
    ):
        for group, tally in part.items():
            found[group].update(tally)
    return dict(found)


def soon_after_contact() -> ColumnElement[bool]:
    """Return the condition that a payment came within days after a contact with its client."""
    earlier = aliased(Visit)
    reached = select(earlier.id).where(
        earlier.client_id == Payment.client_id,
        earlier.started_at <= Payment.received_at,
        cast(extract("epoch", Payment.received_at), BigInteger)
        - cast(extract("epoch", earlier.started_at), BigInteger)
        <= ATTRIBUTION_DAYS * 86_400,
        contact_condition(earlier),
    )
    return exists(reached)


def _visits(session: Session, grouping: Grouping) -> Tallies:
    day = grouping.day_of(Visit.started_at)
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day).label(GROUP)
    reached = contact_condition()
    seconds = cast(extract("epoch", Visit.ended_at), BigInteger) - cast(
        extract("epoch", Visit.started_at), BigInteger
    )
    rows = session.execute(
        select(
            group,
            func.count(),
            func.count(case((reached, 1))),
            func.count(Visit.client_id.distinct()),
            func.count(case((reached, Visit.client_id)).distinct()),
            func.count(case((Visit.outcome.in_(UNLOCATABLE), Visit.client_id)).distinct()),
            func.count((Visit.collector_id * _MOST_DAYS + day).distinct()),
            cast(func.sum(seconds), BigInteger),
            cast(func.sum(seconds * seconds), BigInteger),
        )
        .where(grouping.holds(Visit.started_at), made_visit())
        .group_by(GROUP)
    )
    names = (
        Count.VISITS,
        Count.CONTACTS,
        Count.CLIENTS_ATTEMPTED,
        Count.CLIENTS_CONTACTED,
        Count.CLIENTS_UNLOCATABLE,
        Count.WORKDAYS,
        Count.VISIT_S,
        Count.VISIT_SQUARES,
    )
    return named(rows, names)


def _promises_made(session: Session, grouping: Grouping) -> Tallies:
    day = grouping.day_of(Visit.started_at)
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day).label(GROUP)
    rows = session.execute(
        select(group, func.count(Visit.id.distinct()))
        .join(Promise, Promise.visit_id == Visit.id)
        .where(
            grouping.holds(Visit.started_at), made_visit(), contact_condition(), _not_cancelled()
        )
        .group_by(GROUP)
    )
    return named(rows, (Count.PROMISES,))


def _promises_due(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    found: Tallies = defaultdict(Counter)
    for group, promise, is_of_currency in settled_promises(session, grouping, money):
        found[group].update(
            {
                Count.DUE: 1,
                Count.KEPT: int(promise.state is PromiseState.KEPT),
                Count.PARTIAL: int(promise.state is PromiseState.PARTIAL),
                Count.BROKEN: int(promise.state is PromiseState.BROKEN),
                Count.DUE_CENTS: promise.amount_cents if is_of_currency else 0,
                Count.KEPT_CENTS: promise.paid_cents if is_of_currency else 0,
            }
        )
    return found


def settled_promises(
    session: Session, grouping: Grouping, money: OneCurrency
) -> Iterator[SettledPromise]:
    """Yield the promises due in the period whose days of grace are over, each with its group."""
    period, policy = grouping.period, PromisePolicy()
    today = clock.today(grouping.zone)
    due = session.execute(
        select(
            Promise.id,
            Promise.client_id,
            Promise.collector_id,
            Promise.due_on,
            money.holds_client(Promise.client_id).label("is_of_currency"),
        ).where(Promise.due_on >= period.from_on, Promise.due_on <= period.to_on, _not_cancelled())
    ).all()
    states = promise_states(
        session, today, {row.client_id for row in due}, zone=grouping.zone, policy=policy
    )
    standing = {one.id: one for rows in states.values() for one in rows}
    zones = zone_of_client(session, period.to_on) if grouping.by is Dimension.ZONE else {}
    standing_in = places(grouping)
    for row in due:
        if today <= last_day(row.due_on, policy):
            continue  # more money may still come for it
        group = {
            None: ALL,
            Dimension.COLLECTOR: row.collector_id or NOBODY,
            Dimension.ZONE: zones.get(row.client_id, NOBODY),
            Dimension.STAGE: standing_in.get(row.client_id, NOBODY),
            Dimension.SEGMENT: standing_in.get(row.client_id, NOBODY),
            Dimension.WEEK: grouping.week_of(row.due_on),
        }[grouping.by]
        yield SettledPromise(group, standing[row.id], bool(row.is_of_currency))


def _plans(session: Session, grouping: Grouping) -> Tallies:
    plan_day = day_of_plan(session, grouping)
    if plan_day is None:
        return {}
    found = _routes(session, grouping, plan_day)
    for group, steps in _order(session, grouping, plan_day).items():
        found.setdefault(group, Counter()).update(steps)
    return found


def _routes(session: Session, grouping: Grouping, plan_day: ColumnElement[int]) -> Tallies:
    """Count the stops of plans in force, and those whose client anybody visited that day."""
    visited = (
        select(Visit.client_id, grouping.day_of(Visit.started_at).label("day"))
        .where(grouping.holds(Visit.started_at), made_visit())
        .distinct()
        .subquery()
    )
    group = grouping.group_of(Route.collector_id, Stop.client_id, plan_day).label(GROUP)
    rows = session.execute(
        select(
            group,
            func.count(),
            func.count(visited.c.client_id),
            cast(func.sum(Stop.travel_m), BigInteger),
            cast(func.sum(cast(Stop.travel_m, BigInteger) * Stop.travel_m), BigInteger),
        )
        .select_from(Stop)
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .outerjoin(
            visited,
            (visited.c.client_id == Stop.client_id) & (visited.c.day == plan_day),
        )
        .where(*in_force_plans(grouping))
        .group_by(GROUP)
    )
    return named(
        rows, (Count.PLANNED, Count.PLANNED_VISITED, Count.PLANNED_M, Count.PLANNED_SQUARES)
    )


def _order(session: Session, grouping: Grouping, plan_day: ColumnElement[int]) -> Tallies:
    """Count pairs of stops of a route visited one after the other, and those in its order."""
    first = (
        select(Visit.stop_id, func.min(Visit.started_at).label("at"))
        .where(grouping.holds(Visit.started_at), made_visit(), Visit.stop_id.is_not(None))
        .group_by(Visit.stop_id)
        .subquery()
    )
    before = func.lag(Stop.position).over(partition_by=Stop.route_id, order_by=first.c.at)
    group = grouping.group_of(Route.collector_id, Stop.client_id, plan_day).label(GROUP)
    steps = (
        select(group, Stop.position, before.label("before"))
        .join(first, first.c.stop_id == Stop.id)
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .where(*in_force_plans(grouping))
        .subquery()
    )
    rows = session.execute(
        select(
            steps.c[GROUP],
            func.count(steps.c.before),
            func.count(case((steps.c.before < steps.c.position, 1))),
        ).group_by(steps.c[GROUP])
    )
    return named(rows, (Count.PAIRS, Count.PAIRS_IN_ORDER))


def _payments(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    day = grouping.day_of(Payment.received_at)
    group = grouping.group_of(Payment.collector_id, Payment.client_id, day).label(GROUP)
    attributed = case((soon_after_contact(), Payment.amount_cents), else_=0)
    rows = session.execute(
        select(
            group,
            cast(func.sum(Payment.amount_cents), BigInteger),
            cast(func.sum(attributed), BigInteger),
        )
        .where(
            grouping.holds(Payment.received_at),
            Payment.annulled_at.is_(None),
            money.holds_client(Payment.client_id),
        )
        .group_by(GROUP)
    )
    return named(rows, (Count.RECOVERED_CENTS, Count.ATTRIBUTED_CENTS))


def _cartera(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Return what is owed today, by the zone or the collector that answers for the client."""
    if grouping.by is Dimension.WEEK:
        return {}
    today = clock.today(grouping.zone)
    owed = unpaid_by_client(session, today, grouping.zone, money=money).subquery()
    group = grouping.group_of_debtor(owed.c.client_id).label(GROUP)
    at_risk = [
        cast(
            func.sum(
                case(
                    (owed.c.oldest_due_on < today - timedelta(days=days), owed.c.balance_cents),
                    else_=0,
                )
            ),
            BigInteger,
        )
        for days in (30, 60, 90)
    ]
    rows = session.execute(
        select(
            group,
            cast(func.sum(owed.c.balance_cents), BigInteger),
            cast(func.sum(owed.c.overdue_cents), BigInteger),
            *at_risk,
        ).group_by(GROUP)
    )
    return named(
        rows,
        (
            Count.BALANCE_CENTS,
            Count.OVERDUE_CENTS,
            Count.RISK_30_CENTS,
            Count.RISK_60_CENTS,
            Count.RISK_90_CENTS,
        ),
    )


def _not_cancelled() -> ColumnElement[bool]:
    return Promise.cancelled_at.is_(None)
