"""Balances as of a day.

The creditor tells balances, not movements: between two imports only the payments received in the
field are known. A balance of before the last import is that balance plus what was paid in between,
at most the amount of the invoice; what clients paid to the creditor directly is missing from it.
"""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    func,
    join,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.queries.beside import owed_beside
from collector_app.payments.queries.currencies import OneCurrency
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import AgingBucket

# The first due date that is no longer so old, counted back from the day.
LIMITS = (
    (0, AgingBucket.CURRENT),
    (30, AgingBucket.D1_30),
    (60, AgingBucket.D31_60),
    (90, AgingBucket.D61_90),
)


def owed_by_client(session: Session, day: date, zone: ZoneInfo, money: OneCurrency) -> Subquery:
    """Return what each client who owed anything at the end of a day owed, and since when."""
    invoices = outstanding_as_of(session, day, zone, money).subquery()
    owed = invoices.c.outstanding_cents
    return (
        select(
            Credit.client_id,
            func.sum(owed).label("balance_cents"),
            func.min(invoices.c.due_on).label("oldest_due_on"),
            func.sum(case((invoices.c.due_on >= day, owed), else_=0)).label("not_due_cents"),
        )
        .join(Credit, Credit.id == invoices.c.credit_id)
        .where(owed > 0)
        .group_by(Credit.client_id)
        .subquery()
    )


def outstanding_as_of(session: Session, day: date, zone: ZoneInfo, money: OneCurrency) -> Any:
    """Return the statement of what was owed on each invoice at the end of a day."""
    ends_at = clock.local_midnight(day + timedelta(days=1), zone)
    settled = settled_around(Payment.received_at < ends_at, Payment.received_at >= ends_at)
    known = func.coalesce(Invoice.issued_on, Credit.opened_on)
    outstanding, source = owed_beside(session, day, zone, before=ends_at).outstanding(
        Credit.client_id,
        Invoice.id,
        held(settled),
        join(Invoice, Credit, Credit.id == Invoice.credit_id).outerjoin(
            settled, settled.c.invoice_id == Invoice.id
        ),
    )
    return (
        select(Invoice.credit_id, Invoice.due_on, outstanding.label("outstanding_cents"))
        .select_from(source)
        .where(or_(known.is_(None), known <= day), money.holds_credit(Credit.currency))
    )


def settled_around(
    is_before: ColumnElement[bool],
    is_after: ColumnElement[bool],
    only: ColumnElement[bool] | None = None,
) -> Subquery:
    """Return by invoice what payments took off its told balance before an instant, or give back.

    Payments after the balance was told and before the instant come off; payments that the balance
    already counts but that came after the instant are added again.

    Parameters
    ----------
    only : condition on `Invoice`, optional
        Which invoices are asked for: a few cost a small part of all.
    """
    told = Invoice.balance_at
    signed = case(
        (and_(Payment.received_at > told, is_before), Allocation.amount_cents),
        (and_(Payment.received_at <= told, is_after), -Allocation.amount_cents),
        else_=0,
    )
    return (
        select(Allocation.invoice_id, cast(func.sum(signed), BigInteger).label("cents"))
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .where(Payment.annulled_at.is_(None), true() if only is None else only)
        .group_by(Allocation.invoice_id)
        .subquery()
    )


def held(settled: Subquery) -> ColumnElement[int]:
    """Return what is owed after `settled`: never below 0, and never above what was ever owed."""
    owed = Invoice.balance_cents - func.coalesce(settled.c.cents, 0)
    most = case(
        (Invoice.amount_cents > Invoice.balance_cents, Invoice.amount_cents),
        else_=Invoice.balance_cents,
    )
    return case((owed < 0, 0), (owed > most, most), else_=owed)


def bucket_as_of(owed: Subquery, day: date) -> ColumnElement[str]:
    """Return the aging bucket of each row of `owed_by_client`."""
    return case(
        *((owed.c.oldest_due_on >= day - timedelta(days=days), one.value) for days, one in LIMITS),
        else_=AgingBucket.D90_PLUS.value,
    )
