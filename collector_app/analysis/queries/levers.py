"""The levers as they stand: what the last weeks of field work yielded."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.analysis.rules import Levers
from collector_app.core.actor import Role
from collector_app.indicators.queries import Grouping, whole_tally
from collector_app.indicators.rules import Count, Period
from collector_app.payments.models import Payment
from collector_app.payments.queries import OneCurrency, one_currency
from collector_app.promises.models import Promise

WORKDAYS_A_MONTH = 22.0  # of somebody who begins, when nobody has worked yet
DAYS_A_MONTH = 365 / 12


def levers_now(session: Session, grouping: Grouping) -> Levers:
    """Return the levers of a period; what never happened in it is 0, and so are the costs."""
    money = one_currency(session, grouping.currency)
    tally = Counter(whole_tally(session, grouping))  # what never happened is 0
    paid, paid_cents = session.execute(
        select(func.count(), func.coalesce(func.sum(Payment.amount_cents), 0)).where(
            Payment.visit_id.is_not(None),
            Payment.annulled_at.is_(None),
            grouping.holds(Payment.received_at),
            money.holds_client(Payment.client_id),
        )
    ).one()
    promised, promised_cents, lag_days = _promised(session, grouping, money)
    collectors = session.scalar(
        select(func.count()).where(User.role == Role.COLLECTOR, User.active)
    )
    return Levers(
        collectors=collectors or 0,
        days_a_month=_days_a_month(tally[Count.WORKDAYS], collectors or 0, grouping.period),
        visits_a_day=_share(tally[Count.VISITS], tally[Count.WORKDAYS]),
        contact_rate=_share(tally[Count.CONTACTS], tally[Count.VISITS]),
        pays_now_rate=min(1.0, _share(paid, tally[Count.CONTACTS])),
        payment_cents=round(_share(int(paid_cents), paid)),
        promise_rate=_share(tally[Count.PROMISES], tally[Count.CONTACTS]),
        kept_rate=_share(tally[Count.KEPT_CENTS], tally[Count.DUE_CENTS]),
        promise_cents=round(_share(promised_cents, promised)),
        promise_lag_weeks=round(lag_days / 7),
        day_cost_cents=0,
        km_a_visit=_share(tally[Count.PLANNED_M], tally[Count.PLANNED]) / 1000,
        km_cost_cents=0,
    )


def _days_a_month(workdays: int, collectors: int, period: Period) -> float:
    """Return how many days a month each collector was out, by what all of them were in a period.

    A full month for everybody would tell of more money than comes in as things stand.
    """
    if not workdays or not collectors:
        return WORKDAYS_A_MONTH
    return round(workdays / collectors * DAYS_A_MONTH / period.days, 1)


def _promised(session: Session, grouping: Grouping, money: OneCurrency) -> tuple[int, int, float]:
    """Return how many promises were made, their money, and how many days ahead on the average."""
    made: list[Any] = list(
        session.execute(
            select(Promise.amount_cents, Promise.due_on, Promise.made_at).where(
                Promise.cancelled_at.is_(None),
                grouping.holds(Promise.made_at),
                money.holds_client(Promise.client_id),
            )
        )
    )
    ahead = sum((row.due_on - row.made_at.astimezone(grouping.zone).date()).days for row in made)
    return len(made), sum(row.amount_cents for row in made), _share(ahead, len(made))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
