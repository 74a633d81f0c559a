"""The moment that experience is asked for: what was known before it, and how old debts were."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.payments.queries import Debt
from collector_app.portfolio.models import Credit, Invoice

HISTORY_DAYS = 183
"""How far back experience reaches: half a year, as broken promises are remembered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The moment before which everything must have been known, and whom to look at."""

    before: datetime
    zone: ZoneInfo
    client_ids: Collection[int] | None = None  # None: everybody

    @property
    def since(self) -> datetime:
        """Return the beginning of what counts."""
        return self.before - timedelta(days=HISTORY_DAYS)

    @property
    def today(self) -> date:
        """Return the local day of the moment."""
        return self.before.astimezone(self.zone).date()

    def of(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that a row is of the clients, when some were asked for."""
        return among(column, self.client_ids)


def is_money(asked: Asked) -> ColumnElement[bool]:
    """Return the condition that a payment was known before the moment and not annulled by then."""
    return and_(
        or_(Payment.annulled_at.is_(None), Payment.annulled_at >= asked.before),
        Payment.received_at < asked.before,
        Payment.recorded_at < asked.before,
        Payment.received_at >= asked.since,
        asked.of(Payment.client_id),
    )


def ages_of(session: Session, asked: Asked, owed: Mapping[int, Debt]) -> dict[int, int]:
    """Return how many days past due each client is today; of who owes nothing, would be.

    For those the last invoice counts, as which older ones were open at a visit is not known.
    """
    found = session.execute(
        select(Credit.client_id, func.max(Invoice.due_on))
        .join(Invoice, Invoice.credit_id == Credit.id)
        .where(asked.of(Credit.client_id))
        .group_by(Credit.client_id)
    )
    ages = {client: max(0, (asked.today - due_on).days) for client, due_on in found}
    return ages | {client: debt.days_past_due for client, debt in owed.items()}
