"""Money that came in, and how much of it soon after a contact."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Double, case, cast, exists, extract, func, select
from sqlalchemy.orm import Session, aliased

from collector_app.indicators.queries.counting import GROUP, Tallies, tell_spread
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.rules import ATTRIBUTION_DAYS, Count, Indicator, Moments
from collector_app.payments.models import Payment
from collector_app.payments.queries import OneCurrency
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition


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


def payments(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Add up payments; whether a contact came before is asked once for each of them."""
    day = grouping.day_of(Payment.received_at)
    group = grouping.group_of(Payment.collector_id, Payment.client_id, day).label(GROUP)
    cents = cast(Payment.amount_cents, Double)
    rows: Iterable[Any] = session.execute(
        select(
            group,
            case((soon_after_contact(), 1), else_=0).label("is_attributed"),
            func.count(),
            cast(func.sum(Payment.amount_cents), BigInteger),
            func.sum(cents * cents),
        )
        .where(
            grouping.holds(Payment.received_at),
            Payment.annulled_at.is_(None),
            money.holds_client(Payment.client_id),
        )
        .group_by(GROUP, "is_attributed")
    )
    halves: defaultdict[int, dict[int, tuple[int, int, float]]] = defaultdict(dict)
    for in_group, is_attributed, count, amount, squares in rows:
        halves[int(in_group)][is_attributed] = (count, int(amount), float(squares))
    return {in_group: _tally(half) for in_group, half in halves.items()}


def _tally(halves: dict[int, tuple[int, int, float]]) -> Counter[Count]:
    nothing = (0, 0, 0.0)
    (others, rest, of_rest), (ours, part, of_part) = halves.get(0, nothing), halves.get(1, nothing)
    tally = Counter({Count.RECOVERED_CENTS: part + rest, Count.ATTRIBUTED_CENTS: part})
    sums = Moments(ours + others, part, part + rest, of_part, of_part, of_part + of_rest)
    tell_spread(tally, Indicator.ATTRIBUTED_RATE, sums)
    return tally
