"""What is owed today, and how much of it is late."""

from datetime import timedelta

from sqlalchemy import BigInteger, case, cast, func, select
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.indicators.queries.counting import GROUP, Tallies, moments, named
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.rules import Count, Dimension, Indicator
from collector_app.payments.queries import OneCurrency, unpaid_by_client


def cartera(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Return what is owed today, by the zone or the collector that answers for the client."""
    if grouping.by is Dimension.WEEK:
        return {}
    today = clock.today(grouping.zone)
    owed = unpaid_by_client(session, today, grouping.zone, money=money).subquery()
    group = grouping.group_of_debtor(owed.c.client_id).label(GROUP)
    balance, overdue = owed.c.balance_cents, owed.c.overdue_cents
    at_risk = [
        case((owed.c.oldest_due_on < today - timedelta(days=days), balance), else_=0)
        for days in (30, 60, 90)
    ]
    rows = session.execute(
        select(
            group,
            *(cast(func.sum(one), BigInteger) for one in (balance, overdue, *at_risk)),
            *(column for one in (overdue, *at_risk) for column in moments(one, balance)),
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
        (Indicator.DELINQUENCY_RATIO, Indicator.RISK_30, Indicator.RISK_60, Indicator.RISK_90),
    )
