"""The part of each zone, stage or segment in what the work cost.

A day's wage and its kilometres are shared by the visits of that day, one as much as another; what
is paid by the month by the visits of the period, a wage by those of its collector, what belongs to
no collector by all. A commission goes with its payments. What has no visit to go with is nobody's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from collector_app.costs.queries import rates_of
from collector_app.costs.rules import CostKind, Rates, apportioned
from collector_app.indicators.queries.costing import DayCost, DayOf, day_costs, group_of_cost
from collector_app.indicators.queries.counting import GROUP, Tallies, made_visit
from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.rules import Count, Dimension
from collector_app.payments.models import Payment
from collector_app.payments.queries import OneCurrency
from collector_app.visits.models import Visit

OF_CLIENTS = frozenset({Dimension.ZONE, Dimension.STAGE, Dimension.SEGMENT})
_BY_THE_MONTH = frozenset({CostKind.WAGE_PER_MONTH, CostKind.FIXED_PER_MONTH})
_Shares = Mapping[DayOf, Counter[int]]


@dataclass(frozen=True, slots=True)
class WorkOfGroups:
    """The visits of each collector and day to the clients of each group, and their money."""

    visits: _Shares
    cents: _Shares

    def of_collectors(self) -> dict[int | None, Counter[int]]:
        """Return the visits of the period by collector, those of all under None."""
        found: defaultdict[int | None, Counter[int]] = defaultdict(Counter)
        for (collector_id, _day), groups in self.visits.items():
            found[collector_id].update(groups)
            found[None].update(groups)
        return found


def shared_costs(
    session: Session, grouping: Grouping, money: OneCurrency, rates: Rates | None = None
) -> Iterator[tuple[int, DayCost]]:
    """Yield every cost with its group, in parts where clients of several groups share it."""
    costs = day_costs(session, grouping, money, rates)
    if grouping.by in OF_CLIENTS:
        yield from in_parts(costs, _work_of_groups(session, grouping, money))
    else:
        for one in costs:
            yield group_of_cost(grouping, one), one


def costs(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Add up costs by group; absent where none was told."""
    rates = rates_of(session, money.code)
    found: Tallies = defaultdict(Counter)
    for group, one in shared_costs(session, grouping, money, rates):
        found[group][Count.COST_CENTS] += one.cents
    begins = rates.first_day()
    if grouping.by is None and begins is not None and begins <= grouping.period.to_on:
        found[ALL].update({Count.COST_CENTS: 0})  # known, even if it is nothing
    return found


def in_parts(costs: Iterable[DayCost], work: WorkOfGroups) -> Iterator[tuple[int, DayCost]]:
    """Yield the part of each group in each cost; the parts add up to it.

    Of what is paid by the month the sum until each day is shared, so that the cents that days are
    rounded by do not fall to the same group each day; a part of a day may be a cent below nothing.
    """
    of_period = work.of_collectors()
    until: defaultdict[object, int] = defaultdict(int)
    for one in costs:
        who, at = one.collector_id, (one.collector_id or 0, one.day)
        is_monthly = one.kind in _BY_THE_MONTH
        shares = work.cents if one.kind is CostKind.COMMISSION else work.visits
        weights = of_period.get(who) if is_monthly else shares.get(at)
        weights = weights or Counter({NOBODY: 1})
        key = (one.kind, who, None if is_monthly else one.day)
        before, until[key] = until[key], until[key] + one.cents
        earlier, now = apportioned(before, weights), apportioned(until[key], weights)
        for group, cents in now.items():
            yield group, replace(one, cents=cents - earlier[group])


def _work_of_groups(session: Session, grouping: Grouping, money: OneCurrency) -> WorkOfGroups:
    day = grouping.day_of(Visit.started_at).label("on_day")
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day.element).label(GROUP)
    visits = session.execute(
        select(group, Visit.collector_id.label("who"), day, func.count())
        .where(grouping.holds(Visit.started_at), made_visit())
        .group_by(GROUP, "who", "on_day")
    )
    paid_on = grouping.day_of(Payment.received_at).label("on_day")
    its = grouping.group_of(Payment.collector_id, Payment.client_id, paid_on.element).label(GROUP)
    cents = session.execute(
        select(
            its,
            Payment.collector_id.label("who"),
            paid_on,
            cast(func.sum(Payment.amount_cents), BigInteger),
        )
        .where(
            grouping.holds(Payment.received_at),
            Payment.annulled_at.is_(None),
            Payment.collector_id.is_not(None),
            money.holds_client(Payment.client_id),
        )
        .group_by(GROUP, "who", "on_day")
    )
    return WorkOfGroups(_by_day(visits, grouping), _by_day(cents, grouping))


def _by_day(rows: Iterable[Any], grouping: Grouping) -> dict[DayOf, Counter[int]]:
    found: defaultdict[tuple[int, date], Counter[int]] = defaultdict(Counter)
    for group, who, number, weight in rows:
        day = grouping.period.from_on + timedelta(days=int(number))
        found[who, day][int(group)] += int(weight)
    return found
