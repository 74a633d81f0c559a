"""How what clients owe moved between the beginning and the end of a period.

The beginning is the end of the day before the first one, the end that of the last one, or today.
Clients count with all that they owe, in the bucket of their oldest debt.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.indicators.queries.counting import GROUP, Tallies, moments, named
from collector_app.indicators.queries.grouping import ALL, Grouping
from collector_app.indicators.rules import BUCKETS, CATALOGUE, Count, Dimension, Indicator
from collector_app.payments.models import Payment
from collector_app.payments.queries import OneCurrency
from collector_app.payments.queries.as_of import LIMITS, owed_by_client
from collector_app.portfolio.models import Client, Credit, Invoice
from collector_app.portfolio.rules import AgingBucket
from collector_app.reconciliation.models import PaymentFileLine

_RATIOS = (
    Indicator.CURE_RATE,
    Indicator.ROLL_RATE,
    Indicator.LOSS_FLOW,
    Indicator.EFFECTIVENESS,
    Indicator.CONFIRMED_RATE,
)
_OLDEST = BUCKETS.index(AgingBucket.D90_PLUS)


def ends_of(grouping: Grouping) -> tuple[date, date]:
    """Return the days at whose ends balances are compared."""
    today = clock.today(grouping.zone)
    opening = grouping.period.from_on - timedelta(days=1)
    return opening, max(opening, min(grouping.period.to_on, today))


def movement(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Return what balances came from and went to, by who answers for the client.

    Of a week it is what moved between its own two ends: who got up to date in one week and late in
    another is told in both, and not in the whole. That takes the statements again for each week.
    """
    if grouping.by is Dimension.WEEK:
        return _by_week(session, grouping, money)
    found = _balances(session, grouping, money)
    opening, closing = ends_of(grouping)
    is_told = session.scalar(select(exists(select(PaymentFileLine.id))))
    for tally in found.values():
        if not is_told:
            del tally[Count.CONFIRMED_CENTS]  # nothing is zero once the creditor tells
        tally[Count.PERIOD_DAYS] = (closing - opening).days
    return found


def _by_week(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    today = clock.today(grouping.zone)
    begun = (week for week in grouping.weeks if grouping.first_day_of(week) <= today)
    found = {week: movement(session, grouping.in_week(week), money) for week in begun}
    return {week: one[ALL] for week, one in found.items() if ALL in one}


def _balances(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    opening, closing = ends_of(grouping)
    before = owed_by_client(session, opening, grouping.zone, money)
    after = owed_by_client(session, closing, grouping.zone, money)
    invoiced = invoiced_by_client(opening, closing, money)
    confirmed = _confirmed_by_client(grouping, money)
    group = grouping.group_of_debtor(Client.id).label(GROUP)
    is_open, is_left = (one.c.client_id.is_not(None) for one in (before, after))
    was, now = age_of(before, opening), age_of(after, closing)
    opened, left, not_due, billed, told = (
        func.coalesce(one, 0)
        for one in (
            before.c.balance_cents,
            after.c.balance_cents,
            after.c.not_due_cents,
            invoiced.c.cents,
            confirmed.c.cents,
        )
    )
    overdue = case((and_(is_open, was > 0), opened), else_=0)
    cured = case((and_(is_open, was > 0, or_(~is_left, now == 0)), opened), else_=0)
    younger = case((and_(is_open, was < _OLDEST), opened), else_=0)
    worsened = case((and_(is_open, is_left, now > was), opened), else_=0)
    lost = case((and_(is_open, was < _OLDEST, is_left, now == _OLDEST), opened), else_=0)
    sums = {
        Count.EXPOSED_CENTS: opened,
        Count.OPEN_OVERDUE_CENTS: overdue,
        Count.CURED_CENTS: cured,
        Count.YOUNGER_CENTS: younger,
        Count.WORSENED_CENTS: worsened,
        Count.LOST_CENTS: lost,
        Count.CLOSING_CENTS: left,
        Count.INVOICED_CENTS: billed,
        Count.CONFIRMED_CENTS: told,
        Count.COLLECTED_CENTS: opened + billed - left,
        Count.COLLECTABLE_CENTS: opened + billed - not_due,
    }
    counts = {
        Count.CLIENTS_OVERDUE: overdue > 0,
        Count.CLIENTS_CURED: cured > 0,
    }
    rows = session.execute(
        select(
            group,
            *(_sum(one) for one in sums.values()),
            *(func.count(case((condition, 1))) for condition in counts.values()),
            *(
                column
                for one in _RATIOS
                for column in moments(sums[CATALOGUE[one].part], sums[CATALOGUE[one].whole])
            ),
        )
        .select_from(Client)
        .outerjoin(before, before.c.client_id == Client.id)
        .outerjoin(after, after.c.client_id == Client.id)
        .outerjoin(invoiced, invoiced.c.client_id == Client.id)
        .outerjoin(confirmed, confirmed.c.client_id == Client.id)
        .where(or_(*(one.c.client_id.is_not(None) for one in (before, after, invoiced, confirmed))))
        .group_by(GROUP)
    )
    return named(rows, (*sums, *counts), _RATIOS)


def invoiced_by_client(opening: date, closing: date, money: OneCurrency) -> Subquery:
    """Return what was invoiced to each client after one day and until another."""
    return (
        select(Credit.client_id, func.sum(Invoice.amount_cents).label("cents"))
        .join(Invoice, Invoice.credit_id == Credit.id)
        .where(
            Invoice.issued_on > opening,
            Invoice.issued_on <= closing,
            money.holds_credit(Credit.currency),
        )
        .group_by(Credit.client_id)
        .subquery()
    )


def _confirmed_by_client(grouping: Grouping, money: OneCurrency) -> Subquery:
    return (
        select(Payment.client_id, func.sum(Payment.amount_cents).label("cents"))
        .where(
            grouping.holds(Payment.received_at),
            Payment.annulled_at.is_(None),
            is_confirmed(),
            money.holds_client(Payment.client_id),
        )
        .group_by(Payment.client_id)
        .subquery()
    )


def is_confirmed() -> ColumnElement[bool]:
    """Return the condition that a payment is in a file of the creditor."""
    return exists(select(PaymentFileLine.id).where(PaymentFileLine.payment_id == Payment.id))


def age_of(owed: Subquery, day: date) -> ColumnElement[int]:
    """Return the number of the bucket of each row of `owed_by_client`, 0 for who is up to date."""
    since = owed.c.oldest_due_on
    known = ((since >= day - timedelta(days=days), BUCKETS.index(one)) for days, one in LIMITS)
    return case(*known, else_=_OLDEST)


def _sum(value: Any) -> ColumnElement[int]:
    return cast(func.sum(cast(value, BigInteger)), BigInteger)
