"""Money and time by what does not depend on each other: by client, and by collector and day.

Of these the intervals of money per visit, day and hour and of the time with clients are made:
visits to one client are no independent trials of the client's money, nor are the hours of one day.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, extract, func, literal, select
from sqlalchemy import union_all as both_of
from sqlalchemy.orm import Session

from collector_app.indicators.queries.counting import GROUP, Tallies, made_visit, moments, named
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.rules import Count, Indicator
from collector_app.payments.models import Payment
from collector_app.payments.queries import OneCurrency
from collector_app.visits.models import Visit

_OF_A_DAY = ("visits", "visit_s", "field_s", "cents")


def by_client(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Tell how far the money of clients lies apart, beside how often each was visited."""
    day = grouping.day_of(Visit.started_at)
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day).label(GROUP)
    visited = (
        select(
            group,
            Visit.client_id.label("client"),
            func.count().label("visits"),
            _none().label("cents"),
        )
        .where(grouping.holds(Visit.started_at), made_visit())
        .group_by(GROUP, "client")
    )
    paid_on = grouping.day_of(Payment.received_at)
    its = grouping.group_of(Payment.collector_id, Payment.client_id, paid_on).label(GROUP)
    paid = (
        select(
            its,
            Payment.client_id.label("client"),
            _none().label("visits"),
            _sum(Payment.amount_cents).label("cents"),
        )
        .where(*_received(grouping, money))
        .group_by(GROUP, "client")
    )
    either = both_of(visited, paid).subquery()
    client = (
        select(
            either.c[GROUP],
            _sum(either.c.visits).label("visits"),
            _sum(either.c.cents).label("cents"),
        )
        .group_by(either.c[GROUP], either.c.client)
        .subquery()
    )
    rows = session.execute(
        select(client.c[GROUP], *moments(client.c.cents, client.c.visits)).group_by(client.c[GROUP])
    )
    return named(rows, (), (Indicator.RECOVERED_PER_VISIT,))


def workdays(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Add up, for each collector and day, the time from the first visit's start to the last's end.

    Split by what clients are, each group has the time between its own visits alone. Money of a day
    without visits, or that no collector took, is a case of its own, of each day.
    """
    either = both_of(_days_out(grouping), _days_paid(grouping, money)).subquery()
    day = (
        select(either.c[GROUP], *(_sum(either.c[name]).label(name) for name in _OF_A_DAY))
        .group_by(either.c[GROUP], either.c.who, either.c.on_day)
        .subquery()
    )
    is_worked = case((day.c.visits > 0, 1), else_=0)
    rows = session.execute(
        select(
            day.c[GROUP],
            _sum(day.c.field_s),
            _sum(day.c.visits * day.c.visits),
            *moments(day.c.cents, is_worked),
            *moments(day.c.cents, day.c.field_s),
            *moments(day.c.visit_s, day.c.field_s),
        ).group_by(day.c[GROUP])
    )
    return named(
        rows,
        (Count.FIELD_S, Count.WORKDAY_SQUARES),
        (Indicator.RECOVERED_PER_DAY, Indicator.RECOVERED_PER_HOUR, Indicator.PRODUCTIVE_TIME),
    )


def _days_out(grouping: Grouping) -> Select[*tuple[Any, ...]]:
    day = grouping.day_of(Visit.started_at).label("on_day")
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day.element).label(GROUP)
    begun, ended = _epoch(Visit.started_at), _epoch(Visit.ended_at)
    return (
        select(
            group,
            Visit.collector_id.label("who"),
            day,
            func.count().label("visits"),
            _sum(ended - begun).label("visit_s"),
            (func.max(ended) - func.min(begun)).label("field_s"),
            _none().label("cents"),
        )
        .where(grouping.holds(Visit.started_at), made_visit())
        .group_by(GROUP, "who", "on_day")
    )


def _days_paid(grouping: Grouping, money: OneCurrency) -> Select[*tuple[Any, ...]]:
    day = grouping.day_of(Payment.received_at).label("on_day")
    group = grouping.group_of(Payment.collector_id, Payment.client_id, day.element).label(GROUP)
    return (
        select(
            group,
            Payment.collector_id.label("who"),
            day,
            _none().label("visits"),
            _none().label("visit_s"),
            _none().label("field_s"),
            _sum(Payment.amount_cents).label("cents"),
        )
        .where(*_received(grouping, money))
        .group_by(GROUP, "who", "on_day")
    )


def _received(grouping: Grouping, money: OneCurrency) -> tuple[ColumnElement[bool], ...]:
    return (
        grouping.holds(Payment.received_at),
        Payment.annulled_at.is_(None),
        money.holds_client(Payment.client_id),
    )


def _none() -> ColumnElement[int]:
    return cast(literal(0), BigInteger)


def _sum(value: Any) -> ColumnElement[int]:
    return cast(func.sum(value), BigInteger)


def _epoch(instant: Any) -> ColumnElement[int]:
    return cast(extract("epoch", instant), BigInteger)
