"""How long cash stays in the hands of collectors, payment by payment."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from collector_app.cash.models import CashDeposit, CashSession
from collector_app.cash.rules import COUNTED_CURRENCY, left_hands_at
from collector_app.payments.models import Payment
from collector_app.payments.queries import one_currency
from collector_app.payments.rules import PaymentMethod


@dataclass(frozen=True, slots=True)
class Carried:
    """Cash that a collector took, and when it was deposited or handed in; None: not yet."""

    payment_id: int
    client_id: int
    collector_id: int
    received_at: datetime
    amount_cents: int
    left_at: datetime | None

    def seconds(self, now: datetime) -> int:
        """Return for how long it was, or is, in their hands."""
        return max(0, round(((self.left_at or now) - self.received_at).total_seconds()))


def carried_cash(session: Session, starts_at: datetime, ends_at: datetime) -> list[Carried]:
    """Return the cash taken between two instants by collectors who have had a session of cash.

    Of the currency whose notes are counted; four statements whatever the size.
    """
    counted = (
        select(CashSession.collector_id, func.max(CashSession.closed_at).label("closed_at"))
        .where(CashSession.closed_at < starts_at)
        .group_by(CashSession.collector_id)
        .subquery()
    )
    sessions: defaultdict[int, list[CashSession]] = defaultdict(list)
    is_after = or_(CashSession.closed_at.is_(None), CashSession.closed_at >= starts_at)
    for one in session.scalars(select(CashSession).where(is_after).order_by(CashSession.id)):
        sessions[one.collector_id].append(one)
    deposits: defaultdict[int | None, list[tuple[datetime, int]]] = defaultdict(list)
    for session_id, made_at, cents in session.execute(
        select(CashDeposit.session_id, CashDeposit.made_at, CashDeposit.amount_cents)
        .join(CashSession, CashSession.id == CashDeposit.session_id)
        .where(is_after)
        .order_by(CashDeposit.made_at, CashDeposit.id)
    ):
        deposits[session_id].append((made_at, cents))
    taken = session.scalars(
        select(Payment)
        .outerjoin(counted, counted.c.collector_id == Payment.collector_id)
        .where(
            Payment.collector_id.in_(select(CashSession.collector_id)),
            Payment.method == PaymentMethod.CASH,
            Payment.annulled_at.is_(None),
            one_currency(session, COUNTED_CURRENCY).holds_client(Payment.client_id),
            or_(counted.c.closed_at.is_(None), Payment.recorded_at > counted.c.closed_at),
        )
        .order_by(Payment.recorded_at, Payment.id)
    )
    by_session: defaultdict[tuple[int, int | None], list[Payment]] = defaultdict(list)
    handed_in: dict[int | None, datetime | None] = {None: None}
    for payment in taken:
        if payment.collector_id is None:
            continue
        its = _session_of(sessions[payment.collector_id], payment.recorded_at)
        its_id = None if its is None else its.id
        handed_in[its_id] = None if its is None else its.confirmed_at
        by_session[payment.collector_id, its_id].append(payment)
    return [
        Carried(one.id, one.client_id, collector_id, one.received_at, one.amount_cents, left_at)
        for (collector_id, its_id), members in by_session.items()
        for one, left_at in zip(
            members,
            left_hands_at(
                [(one.recorded_at, one.amount_cents) for one in members],
                deposits[its_id],
                handed_in[its_id],
            ),
            strict=True,
        )
        if starts_at <= one.received_at < ends_at
    ]


def _session_of(sessions: list[CashSession], recorded_at: datetime) -> CashSession | None:
    """Return the session that cash belongs to: the first one that was counted after it came."""
    closed = [one.closed_at for one in sessions if one.closed_at is not None]
    n = bisect_left(closed, recorded_at)
    return sessions[n] if n < len(sessions) else None
