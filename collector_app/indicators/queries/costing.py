"""What the work of a period cost, day by day, as far as the company told its costs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, case, cast, func, null, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.costs.queries import rates_of
from collector_app.costs.rules import (
    CostKind,
    Rate,
    Rates,
    of_kilometres,
    of_recovered,
    part_of_month,
)
from collector_app.indicators.queries.counting import made_visit
from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.queries.plans import in_force_plans
from collector_app.indicators.rules import Dimension
from collector_app.payments.models import Payment
from collector_app.payments.queries import OneCurrency
from collector_app.planning.models import Plan, Route
from collector_app.visits.models import Visit

DayOf = tuple[int, date]  # a collector and a day


@dataclass(frozen=True, slots=True)
class DayCost:
    """What one thing cost on a day; ``quantity`` is in days, metres or cents recovered."""

    kind: CostKind
    collector_id: int | None
    day: date
    rate: int
    quantity: int
    cents: int


class _Work(NamedTuple):
    """What collectors did on each day of a period, and from when to when wages are theirs."""

    worked: frozenset[DayOf]
    ridden_m: Mapping[DayOf, int]
    recovered_cents: Mapping[DayOf, int]
    employed: Mapping[int, tuple[date, date]]


def group_of_cost(grouping: Grouping, cost: DayCost) -> int:
    """Return the group that a cost belongs to."""
    if grouping.by is Dimension.WEEK:
        return grouping.week_of(cost.day)
    if grouping.by is Dimension.COLLECTOR:
        return NOBODY if cost.collector_id is None else cost.collector_id
    return ALL


def day_costs(
    session: Session, grouping: Grouping, money: OneCurrency, rates: Rates | None = None
) -> Iterator[DayCost]:
    """Yield every cost of the days of a period that are not to come."""
    rates = rates_of(session, money.code) if rates is None else rates
    begins = rates.first_day()
    first = grouping.period.from_on if begins is None else max(begins, grouping.period.from_on)
    last = min(grouping.period.to_on, clock.today(grouping.zone))
    if begins is None or first > last:
        return
    work = _work(session, grouping, money)
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        for kind in rates.kinds(day):
            yield from _COUNTED[kind](rates, day, work)


def _daily_wages(rates: Rates, day: date, work: _Work) -> Iterator[DayCost]:
    for collector_id in work.employed:
        rate = _amount(rates.on(day, CostKind.WAGE_PER_DAY, collector_id))
        if rate is not None and (collector_id, day) in work.worked:
            yield DayCost(CostKind.WAGE_PER_DAY, collector_id, day, rate, 1, rate)


def _monthly_wages(rates: Rates, day: date, work: _Work) -> Iterator[DayCost]:
    for collector_id, (begins, ends) in work.employed.items():
        rate = _amount(rates.on(day, CostKind.WAGE_PER_MONTH, collector_id))
        if rate is not None and begins <= day <= ends:
            cents = part_of_month(rate, day)
            yield DayCost(CostKind.WAGE_PER_MONTH, collector_id, day, rate, 1, cents)


def _kilometres(rates: Rates, day: date, work: _Work) -> Iterator[DayCost]:
    for collector_id in work.employed:
        rate = _amount(rates.on(day, CostKind.PER_KM, collector_id))
        metres = work.ridden_m.get((collector_id, day), 0)
        if rate is not None and metres and (collector_id, day) in work.worked:
            cents = of_kilometres(rate, metres)
            yield DayCost(CostKind.PER_KM, collector_id, day, rate, metres, cents)


def _commissions(rates: Rates, day: date, work: _Work) -> Iterator[DayCost]:
    for collector_id in work.employed:
        rate = _amount(rates.on(day, CostKind.COMMISSION, collector_id))
        recovered = work.recovered_cents.get((collector_id, day), 0)
        if rate is not None and recovered:
            cents = of_recovered(rate, recovered)
            yield DayCost(CostKind.COMMISSION, collector_id, day, rate, recovered, cents)


def _fixed(rates: Rates, day: date, _work_of_period: _Work) -> Iterator[DayCost]:
    rate = _amount(rates.on(day, CostKind.FIXED_PER_MONTH))
    if rate is not None:
        cents = part_of_month(rate, day)
        yield DayCost(CostKind.FIXED_PER_MONTH, None, day, rate, 1, cents)


_COUNTED: Mapping[CostKind, Callable[[Rates, date, _Work], Iterator[DayCost]]] = {
    CostKind.WAGE_PER_DAY: _daily_wages,
    CostKind.WAGE_PER_MONTH: _monthly_wages,
    CostKind.PER_KM: _kilometres,
    CostKind.COMMISSION: _commissions,
    CostKind.FIXED_PER_MONTH: _fixed,
}


def _amount(rate: Rate | None) -> int | None:
    return None if rate is None else rate.amount


def _work(session: Session, grouping: Grouping, money: OneCurrency) -> _Work:
    day = grouping.day_of(Visit.started_at)
    visited = session.execute(
        select(Visit.collector_id, day)
        .where(grouping.holds(Visit.started_at), made_visit())
        .distinct()
    )
    worked = frozenset((who, _day(grouping, n)) for who, n in visited)
    paid_on = grouping.day_of(Payment.received_at).label("paid_on")
    recovered = session.execute(
        select(Payment.collector_id, paid_on, cast(func.sum(Payment.amount_cents), BigInteger))
        .where(
            grouping.holds(Payment.received_at),
            Payment.annulled_at.is_(None),
            Payment.collector_id.is_not(None),
            money.holds_client(Payment.client_id),
        )
        .group_by(Payment.collector_id, "paid_on")
    )
    ridden = session.execute(
        select(Route.collector_id, Plan.day, func.sum(Route.travel_m))
        .join(Plan, Plan.id == Route.plan_id)
        .where(*in_force_plans(grouping))
        .group_by(Route.collector_id, Plan.day)
    )
    return _Work(
        worked,
        {(who, on): int(metres) for who, on, metres in ridden},
        {(who, _day(grouping, n)): int(cents) for who, n, cents in recovered if who is not None},
        dict(_employed(session, grouping, worked)),
    )


def _employed(
    session: Session, grouping: Grouping, worked: Iterable[DayOf]
) -> Iterable[tuple[int, tuple[date, date]]]:
    """Yield from when to when each collector is paid: to their last visit if they left.

    Nobody notes when an account was closed for good, so that the last visit stands for it; who made
    visits in the period before they had an account here worked then.
    """
    last_visit = select(func.max(Visit.started_at)).where(Visit.collector_id == User.id)
    left = case((User.active, null()), else_=last_visit.scalar_subquery())
    first_days: dict[int, date] = {}
    for who, day in sorted(worked):
        first_days.setdefault(who, day)
    people: Iterable[Any] = session.execute(
        select(User.id, User.created_at, User.active, left.label("left_at")).where(
            User.role == Role.COLLECTOR
        )
    )
    for id_, created_at, is_active, left_at in people:
        joined_on = _local_day(created_at, grouping)
        begins = min(joined_on, first_days.get(id_, joined_on))
        left_on = date.min if left_at is None else _local_day(left_at, grouping)
        yield id_, (begins, date.max if is_active else left_on)


def _local_day(instant: Any, grouping: Grouping) -> date:
    day: date = instant.astimezone(grouping.zone).date()
    return day


def _day(grouping: Grouping, number: int) -> date:
    return grouping.period.from_on + timedelta(days=number)
