"""What each collector carries, and the counts that wait for a second person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.cash.models import CashDeposit, CashSession
from collector_app.cash.rules import CashLevel, cash_level, expected_cents
from collector_app.payments.models import Payment
from collector_app.payments.rules import PaymentMethod


@dataclass(frozen=True, slots=True)
class DepositRow:
    """A deposit of a session."""

    amount_cents: int
    reference: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OpenCash:
    """What a collector with an open session carries."""

    session_id: int
    opened_at: datetime
    float_cents: int
    received_cents: int
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
    """A session that was counted."""

    id: int
    collector_id: int
    collector_name: str
    closed_at: datetime
    expected_cents: int
    counted_cents: int
    explanation: str | None
    confirmed_by: str | None
    confirmed_cents: int | None

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
    return OpenCash(
        found.id,
        found.opened_at,
        found.float_cents,
        received_since_count(session, collector_id),
        tuple(DepositRow(one.amount_cents, one.reference, one.made_at) for one in deposits),
    )


def received_since_count(session: Session, collector_id: int) -> int:
    """Return the cash taken since the collector's last count, by our clock.

    Also what was taken while no session was open: no cash falls between two sessions.
    """
    counted_at = session.scalar(
        select(func.max(CashSession.closed_at)).where(CashSession.collector_id == collector_id)
    )
    cash = select(func.coalesce(func.sum(Payment.amount_cents), 0)).where(
        Payment.collector_id == collector_id,
        Payment.method == PaymentMethod.CASH,
        Payment.annulled_at.is_(None),
    )
    if counted_at is not None:
        cash = cash.where(Payment.recorded_at > counted_at)
    return int(session.scalar(cash) or 0)


def counts(session: Session, limit: int = 50) -> list[CountRow]:
    """Return the counted sessions, those that wait for confirmation first, then the newest."""
    confirmer = User.__table__.alias("confirmer")
    found = session.execute(
        select(CashSession, User.full_name, confirmer.c.full_name)
        .join(User, User.id == CashSession.collector_id)
        .outerjoin(confirmer, confirmer.c.id == CashSession.confirmed_by)
        .where(CashSession.closed_at.is_not(None))
        .order_by(CashSession.confirmed_at.is_not(None), CashSession.closed_at.desc())
        .limit(limit)
    )
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
        )
        for one, name, confirmer_name in found
    ]
