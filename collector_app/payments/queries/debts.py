"""What clients owe: the creditor's word minus money since and what agreements let go of."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    case,
    cast,
    func,
    join,
    select,
    true,
)
from sqlalchemy.orm import Session

from collector_app.core.selection import among, among_told
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.queries.beside import Beside, owed_beside
from collector_app.payments.queries.currencies import OneCurrency, currencies
from collector_app.payments.rules import DatedInvoice
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import AgingBucket, bucket, days_past_due


@dataclass(frozen=True, slots=True)
class Debt:
    """What a client owes on a day; ``oldest_due_on`` is of the oldest unpaid invoice.

    ``currency`` is that of the client's credits; of several the first by letters.
    """

    balance_cents: int
    overdue_cents: int
    oldest_due_on: date | None
    days_past_due: int
    bucket: AgingBucket
    currency: str = "MXN"


@dataclass(frozen=True, slots=True)
class OwedIn:
    """What clients owe in one currency, and how many of them."""

    currency: str
    clients: int
    balance_cents: int


Only = Callable[[Any], ColumnElement[bool]]  # a condition on a column of clients' ids
NO_DEBT = Debt(0, 0, None, 0, AgingBucket.CURRENT)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice with what is still owed on it."""

    id: int
    number: str
    product: str | None
    due_on: date
    amount_cents: int
    outstanding_cents: int


def debts(
    session: Session,
    day: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
    money: OneCurrency | None = None,
) -> dict[int, Debt]:
    """Return what each client owes, counting every payment known now.

    Clients who owe nothing are absent, and so are those whose debt was settled by an agreement that
    they kept. An invoice is overdue from the day after it was due. Two statements, and six where
    somebody kept an agreement, whatever the number of clients.

    Parameters
    ----------
    money : OneCurrency, optional
        Only what is owed in it, for whoever adds clients up.
    """
    found = session.execute(unpaid_by_client(session, day, zone, client_ids, money))
    return {
        client_id: _debt(int(balance), int(overdue), oldest, currency, day)
        for client_id, balance, overdue, oldest, currency in found
    }


def oldest_due_by_credit(
    session: Session,
    beside: Beside,
    client_ids: Collection[int] | None = None,
) -> dict[int, dict[int, date]]:
    """Return client -> credit -> when the oldest invoice that is still owed was due.

    Parameters
    ----------
    beside : Beside
        Who settled a debt by an agreement, and what they owe beside it.
    """
    invoices = _invoices(client_ids, beside)
    owed = select(invoices.c.client_id, invoices.c.credit_id, func.min(invoices.c.due_on)).where(
        invoices.c.outstanding_cents > 0
    )
    by_client: dict[int, dict[int, date]] = {}
    for client_id, credit_id, due_on in session.execute(
        owed.group_by(invoices.c.client_id, invoices.c.credit_id)
    ):
        by_client.setdefault(client_id, {})[credit_id] = due_on
    return by_client


def unpaid_by_client(
    session: Session,
    day: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
    money: OneCurrency | None = None,
) -> Select[int, int, int, date, str]:
    """Return the statement of what each client owes: id, balance, overdue, oldest due, currency.

    Parameters
    ----------
    money : OneCurrency, optional
        Only what is owed in it.
    """
    invoices = _invoices(client_ids, owed_beside(session, day, zone, client_ids))
    owed = invoices.c.outstanding_cents
    return (
        select(
            invoices.c.client_id,
            func.sum(owed).label("balance_cents"),
            func.sum(case((invoices.c.due_on < day, owed), else_=0)).label("overdue_cents"),
            func.min(invoices.c.due_on).label("oldest_due_on"),
            func.min(invoices.c.currency).label("currency"),
        )
        .where(owed > 0, money.holds_credit(invoices.c.currency) if money else true())
        .group_by(invoices.c.client_id)
    )


def owed_by_currency(session: Session, day: date, zone: ZoneInfo) -> list[OwedIn]:
    """Return what the cartera owes in each currency, that of most clients first.

    Nothing where it knows but one: nobody has to be told of others then, and the sum is long.
    """
    if len(currencies(session)) == 1:
        return []
    invoices = _invoices(None, owed_beside(session, day, zone))
    owed = invoices.c.outstanding_cents
    found = session.execute(
        select(
            invoices.c.currency,
            func.count(invoices.c.client_id.distinct()),
            cast(func.sum(owed), BigInteger),
        )
        .where(owed > 0)
        .group_by(invoices.c.currency)
    )
    return sorted((OwedIn(*row) for row in found), key=lambda one: (-one.clients, one.currency))


def invoices_of(session: Session, client_id: int, day: date, zone: ZoneInfo) -> list[InvoiceRow]:
    """Return the invoices of a client on which something is owed, oldest due date first."""
    invoices = _invoices([client_id], owed_beside(session, day, zone, [client_id]))
    found = session.execute(
        select(
            invoices.c.id,
            invoices.c.number,
            invoices.c.product,
            invoices.c.due_on,
            invoices.c.amount_cents,
            invoices.c.outstanding_cents,
        )
        .where(invoices.c.outstanding_cents > 0)
        .order_by(invoices.c.due_on, invoices.c.id)
    )
    return [InvoiceRow(*row) for row in found]


def open_invoices(session: Session, client_ids: Collection[int]) -> dict[int, list[DatedInvoice]]:
    """Return client -> invoices that neither money nor the creditor's word settled.

    Each with when its balance was told. What agreements let go of is among them: it is what the
    creditor still has in the books.
    """
    found = session.execute(_open_invoices(), {"client_ids": list(client_ids)})
    by_client: dict[int, list[DatedInvoice]] = {}
    for row in found:
        by_client.setdefault(row.client_id, []).append(DatedInvoice(*row[1:]))
    return by_client


@cache
def _open_invoices() -> Select[int, int, date, int, datetime]:
    """Return the statement of `open_invoices`, which every payment asks."""
    invoices = _invoices_where(lambda client_id: among_told(client_id, "client_ids"), Beside())
    return select(
        invoices.c.client_id,
        invoices.c.id,
        invoices.c.due_on,
        invoices.c.outstanding_cents,
        invoices.c.balance_at,
    ).where(invoices.c.outstanding_cents > 0)


def _invoices(client_ids: Collection[int] | None, beside: Beside) -> Subquery:
    """Return the invoices of some clients, or of all, with what is owed on each now."""
    return _invoices_where(lambda client_id: among(client_id, client_ids), beside)


def _invoices_where(only: Only, beside: Beside) -> Subquery:
    paid = _paid(only).subquery()
    owed = Invoice.balance_cents - func.coalesce(paid.c.cents, 0)
    outstanding, source = beside.outstanding(
        Credit.client_id,
        Invoice.id,
        case((owed > 0, owed), else_=0),
        join(Invoice, Credit, Credit.id == Invoice.credit_id).outerjoin(
            paid, paid.c.invoice_id == Invoice.id
        ),
    )
    return (
        select(
            Invoice.id,
            Invoice.credit_id,
            Credit.client_id,
            Credit.product,
            Credit.currency,
            Invoice.number,
            Invoice.due_on,
            Invoice.balance_at,
            Invoice.amount_cents,
            outstanding.label("outstanding_cents"),
        )
        .select_from(source)
        .where(only(Credit.client_id))
        .subquery()
    )


def _paid(only: Only) -> Select[int, int]:
    """Return what payments settled of each invoice since the creditor last told its balance.

    The clients are named here again, so that one stop of a phone does not add up the payments of
    a whole cartera. The cast is for PostgreSQL, where a sum of integers is no integer.
    """
    paid = cast(func.sum(Allocation.amount_cents), BigInteger)
    return (
        select(Allocation.invoice_id, paid.label("cents"))
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .where(
            Payment.annulled_at.is_(None),
            Payment.received_at > Invoice.balance_at,
            only(Payment.client_id),
        )
        .group_by(Allocation.invoice_id)
    )


def _debt(
    balance_cents: int, overdue_cents: int, oldest_due_on: date, currency: str, day: date
) -> Debt:
    days = days_past_due(oldest_due_on, day)
    return Debt(balance_cents, overdue_cents, oldest_due_on, days, bucket(days), currency)
