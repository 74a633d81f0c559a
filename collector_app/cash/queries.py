"""What each collector carries, and the counts that wait for a second person."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.cash.models import CashDeposit, CashSession
from collector_app.cash.rules import COUNTED_CURRENCY, CashLevel, cash_level, expected_cents
from collector_app.payments.models import Payment
from collector_app.payments.queries import payment_currency, sums_of_payments
from collector_app.payments.rules import PaymentMethod


@dataclass(frozen=True, slots=True)
class DepositRow:
    """A deposit of a session."""

    amount_cents: int
    reference: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCash:
    """What a collector with an open session carries.

    Sums are of the currency whose notes are counted; ``others`` is cash of any other, by currency,
    which is handed over beside the count.
    """

    session_id: int
    opened_at: datetime
    float_cents: int
    received_cents: int
    others: Mapping[str, int]
    deposits: tuple[DepositRow, ...]

    @property
    def expected_cents(self) -> int:
        """Return what should be in their hands."""
        deposited = sum(one.amount_cents for one in self.deposits)
        return expected_cents(self.float_cents, self.received_cents, deposited)

    @property
    def level(self) -> CashLevel:
        """Return how that stands against the cap."""
        return cash_level(self.expected_cents)


@dataclass(frozen=True, slots=True)
class CountRow:
    """A session that was counted; ``others`` is the cash of other currencies that belongs to it."""

    id: int
    collector_id: int
    collector_name: str
    closed_at: datetime
    expected_cents: int
    counted_cents: int
    explanation: str | None
    confirmed_by: str | None
    confirmed_cents: int | None
    others: Mapping[str, int]

    @property
    def difference_cents(self) -> int:
        """Return what the count had more (or, negative, less) than it should."""
        return self.counted_cents - self.expected_cents


def open_session(session: Session, collector_id: int) -> CashSession | None:
    """Return the collector's session that was not counted yet."""
    return session.scalar(
        select(CashSession).where(
            CashSession.collector_id == collector_id, CashSession.closed_at.is_(None)
        )
    )


def open_cash(session: Session, collector_id: int) -> OpenCash | None:
    """Return what a collector carries; None without an open session."""
    found = open_session(session, collector_id)
    if found is None:
        return None
    deposits = session.scalars(
        select(CashDeposit).where(CashDeposit.session_id == found.id).order_by(CashDeposit.id)
    )
    received = dict(received_since_count(session, collector_id))
    return OpenCash(
        found.id,
        found.opened_at,
        found.float_cents,
        received.pop(COUNTED_CURRENCY, 0),
        received,
        tuple(DepositRow(one.amount_cents, one.reference, one.made_at) for one in deposits),
    )


def received_since_count(session: Session, collector_id: int) -> dict[str, int]:
    """Return the cash taken since the collector's last count, by our clock and by currency.

    Also what was taken while no session was open: no cash falls between two sessions.
    """
    counted_at = session.scalar(
        select(func.max(CashSession.closed_at)).where(CashSession.collector_id == collector_id)
    )
    since = [] if counted_at is None else [Payment.recorded_at > counted_at]
    return sums_of_payments(
        session, Payment.collector_id == collector_id, Payment.method == PaymentMethod.CASH, *since
    )


def counts(session: Session, limit: int = 50) -> list[CountRow]:
    """Return the counted sessions, those that wait for confirmation first, then the newest."""
    confirmer = User.__table__.alias("confirmer")
    before = aliased(CashSession)
    begins = select(func.max(before.closed_at)).where(
        before.collector_id == CashSession.collector_id, before.closed_at < CashSession.closed_at
    )
    found = session.execute(
        select(CashSession, User.full_name, confirmer.c.full_name, begins.scalar_subquery())
        .join(User, User.id == CashSession.collector_id)
        .outerjoin(confirmer, confirmer.c.id == CashSession.confirmed_by)
        .where(CashSession.closed_at.is_not(None))
        .order_by(CashSession.confirmed_at.is_not(None), CashSession.closed_at.desc())
        .limit(limit)
    ).all()
    beside = _beside_the_notes(session, {one.collector_id for one, *_rest in found})
    return [
        CountRow(
            one.id,
            one.collector_id,
            name,
            one.closed_at,
            one.expected_cents,
            one.counted_cents,
            one.explanation,
            confirmer_name,
            one.confirmed_cents,
            _of_session(beside, one, begins_at),
        )
        for one, name, confirmer_name, begins_at in found
    ]


def _beside_the_notes(session: Session, collectors: Collection[int]) -> list[Row[Any]]:
    """Return the cash of these collectors in other currencies: who, when, currency, cents."""
    each = (
        select(
            Payment.collector_id,
            Payment.recorded_at,
            payment_currency().label("currency"),
            Payment.amount_cents,
        )
        .where(
            Payment.collector_id.in_(collectors),
            Payment.method == PaymentMethod.CASH,
            Payment.annulled_at.is_(None),
        )
        .subquery()
    )
    return list(session.execute(select(each).where(each.c.currency != COUNTED_CURRENCY)))


def _of_session(
    beside: Iterable[Row[Any]], counted: CashSession, begins_at: datetime | None
) -> dict[str, int]:
    """Return the sums, by currency, of what came between the count before and this one."""
    sums: Counter[str] = Counter()
    for one in beside:
        is_after = begins_at is None or one.recorded_at > begins_at
        is_own = one.collector_id == counted.collector_id
        if is_own and is_after and one.recorded_at <= counted.closed_at:
            sums[one.currency] += one.amount_cents
    return dict(sums)
