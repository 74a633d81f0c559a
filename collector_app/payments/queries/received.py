"""Money received, by client and by collector."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector_app.payments.models import Payment
from collector_app.payments.queries.debts import NO_DEBT
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.models import Credit


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


def payment_currency() -> ColumnElement[str]:
    """Return the currency of a payment: that of its client's credits, as `Debt` has it.

    For a select that has `Payment` among its tables.
    """
    first = select(func.min(Credit.currency)).where(Credit.client_id == Payment.client_id)
    return func.coalesce(first.correlate(Payment).scalar_subquery(), NO_DEBT.currency)


def sums_of_payments(session: Session, *conditions: ColumnElement[bool]) -> dict[str, int]:
    """Return the cents of the payments that count, by currency; one never adds up with another."""
    each = (
        select(payment_currency().label("currency"), Payment.amount_cents)
        .where(Payment.annulled_at.is_(None), *conditions)
        .subquery()
    )
    found = session.execute(
        select(each.c.currency, func.sum(each.c.amount_cents))
        .group_by(each.c.currency)
        .order_by(each.c.currency)
    )
    return {currency: int(cents) for currency, cents in found}


def collected_cents(
    session: Session, collector_id: int, start: datetime, end: datetime
) -> dict[str, int]:
    """Return what a collector received from `start` until before `end`, by currency."""
    return sums_of_payments(
        session,
        Payment.collector_id == collector_id,
        Payment.received_at >= start,
        Payment.received_at < end,
    )
