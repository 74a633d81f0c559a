"""Counts of cash that did not come out right, and how long cash stays in people's hands."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import Session

from collector_app.cash.carried import Carried, carried_cash
from collector_app.cash.models import CashSession
from collector_app.cash.rules import COUNTED_CURRENCY
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.indicators.queries.counting import GROUP, Tallies, moments, named
from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.rules import Count, Dimension, Indicator
from collector_app.payments.models import Payment
from collector_app.payments.queries import one_currency

BY = (None, Dimension.COLLECTOR, Dimension.WEEK)  # what is counted is of no one client


def cash(session: Session, grouping: Grouping) -> Tallies:
    """Count what was counted, by collector or week alone, and how long what was taken stayed.

    What was taken is of the client who paid it; what is counted is all that a collector has.
    """
    found = _counts(session, grouping) if grouping.by in BY else defaultdict(Counter)
    if one_currency(session, grouping.currency).code != COUNTED_CURRENCY:
        for tally in found.values():
            for count in (Count.CASH_EXPECTED_CENTS, Count.CASH_OFF_CENTS, Count.CASH_OFF_ERROR):
                del tally[count]  # of a Counter: also where it is not
    now = clock.now()
    carried = carried_cash(session, grouping.starts_at, grouping.ends_at)
    groups = groups_of_cash(session, grouping, carried)
    for one in carried:
        seconds = one.seconds(now)
        found[groups[one.payment_id]].update(
            {
                Count.CASH_PAYMENTS: 1,
                Count.CARRIED_S: seconds,
                Count.CARRIED_SQUARES: seconds**2,
            }
        )
    return found


def _counts(session: Session, grouping: Grouping) -> Tallies:
    day = grouping.day_of(CashSession.closed_at)
    group = grouping.group_of(CashSession.collector_id, NOBODY, day).label(GROUP)
    off = difference_cents()
    rows = session.execute(
        select(
            group,
            func.count(),
            func.count(case((off != 0, 1))),
            cast(func.sum(CashSession.expected_cents), BigInteger),
            cast(func.sum(func.abs(off)), BigInteger),
            *moments(func.abs(off), CashSession.expected_cents),
        )
        .where(grouping.holds(CashSession.closed_at))
        .group_by(GROUP)
    )
    names = (
        Count.CASH_COUNTS,
        Count.CASH_OFF,
        Count.CASH_EXPECTED_CENTS,
        Count.CASH_OFF_CENTS,
    )
    return defaultdict(Counter, named(rows, names, (Indicator.CASH_DIFFERENCE_SHARE,)))


def counted_cents() -> ColumnElement[int]:
    """Return what was counted at last: by the second person, if one has."""
    return func.coalesce(CashSession.confirmed_cents, CashSession.counted_cents)


def difference_cents() -> ColumnElement[int]:
    """Return what a count had more (or, negative, less) than it should."""
    off: ColumnElement[int] = counted_cents() - CashSession.expected_cents
    return off


def groups_of_cash(
    session: Session, grouping: Grouping, carried: Sequence[Carried]
) -> Mapping[int, int]:
    """Return the group of cash that people took, by the id of its payment."""
    if grouping.by in BY:
        return {one.payment_id: _group_of_cash(grouping, one) for one in carried}
    group = grouping.group_of(Payment.collector_id, Payment.client_id, 0)
    ids = [one.payment_id for one in carried]
    return dict(session.execute(select(Payment.id, group).where(among(Payment.id, ids))).all())


def _group_of_cash(grouping: Grouping, one: Carried) -> int:
    if grouping.by is Dimension.COLLECTOR:
        return one.collector_id
    if grouping.by is Dimension.WEEK:
        return grouping.week_of(_local(one.received_at, grouping).date())
    return ALL


def _local(instant: datetime, grouping: Grouping) -> datetime:
    return instant.astimezone(grouping.zone)
