"""Money received, by client and by collector."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.payments.models import Payment
from collector_app.payments.rules import PaymentMethod


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money received from a client."""

    id: int
    amount_cents: int
    method: PaymentMethod
    reference: str | None
    received_at: datetime
    is_annulled: bool


def payments_of(session: Session, client_id: int, limit: int = 20) -> list[PaymentRow]:
    """Return the last payments of a client, newest first, annulled ones included."""
    found = session.scalars(
        select(Payment)
        .where(Payment.client_id == client_id)
        .order_by(Payment.received_at.desc(), Payment.id.desc())
        .limit(limit)
    )
    return [
        PaymentRow(
            one.id,
            one.amount_cents,
            one.method,
            one.reference,
            one.received_at,
            one.annulled_at is not None,
        )
        for one in found
    ]


def collected_cents(session: Session, collector_id: int, start: datetime, end: datetime) -> int:
    """Return what a collector received from `start` until before `end`."""
    total = session.scalar(
        select(func.coalesce(func.sum(Payment.amount_cents), 0)).where(
            Payment.collector_id == collector_id,
            Payment.annulled_at.is_(None),
            Payment.received_at >= start,
            Payment.received_at < end,
        )
    )
    return int(total or 0)
