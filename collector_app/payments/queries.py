"""What clients owe now: the creditor's word minus the money received since."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Select, Subquery, case, cast, func, select
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.rules import OpenInvoice, PaymentMethod
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import AgingBucket, bucket, days_past_due
from collector_app.promises.models import Promise
from collector_app.promises.rules import (
    PromisePolicy,
    PromiseState,
    PromiseTerms,
    Receipt,
    paid_shares,
    promise_state,
)


@dataclass(frozen=True, slots=True)
class Debt:
    """What a client owes on a day; ``oldest_due_on`` is of the oldest unpaid invoice."""

    balance_cents: int
    overdue_cents: int
    oldest_due_on: date | None
    days_past_due: int
    bucket: AgingBucket


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


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money received from a client."""

    id: int
    amount_cents: int
    method: PaymentMethod
    reference: str | None
    received_at: datetime
    is_annulled: bool


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise and how it stands."""

    id: int
    amount_cents: int
    due_on: date
    paid_cents: int
    state: PromiseState
    made_at: datetime


def debts(
    session: Session, day: date, client_ids: Collection[int] | None = None
) -> dict[int, Debt]:
    """Return what each client owes, counting every payment known now; one statement for all.

    Clients who owe nothing are absent. An invoice is overdue from the day after it was due.
    """
    found = session.execute(unpaid_by_client(day, client_ids))
    return {
        client_id: _debt(int(balance), int(overdue), oldest, day)
        for client_id, balance, overdue, oldest in found
    }


def unpaid_by_client(
    day: date, client_ids: Collection[int] | None = None
) -> Select[int, int, int, date]:
    """Return the statement of what each client owes: id, balance, overdue, oldest due date."""
    invoices = _invoices(client_ids)
    owed = invoices.c.outstanding_cents
    return (
        select(
            invoices.c.client_id,
            func.sum(owed).label("balance_cents"),
            func.sum(case((invoices.c.due_on < day, owed), else_=0)).label("overdue_cents"),
            func.min(invoices.c.due_on).label("oldest_due_on"),
        )
        .where(owed > 0)
        .group_by(invoices.c.client_id)
    )


def invoices_of(session: Session, client_id: int) -> list[InvoiceRow]:
    """Return the invoices of a client on which something is owed, oldest due date first."""
    invoices = _invoices([client_id])
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


def open_invoices(session: Session, client_id: int, at: datetime) -> list[OpenInvoice]:
    """Return the invoices that money received at an instant can settle.

    Invoices whose balance the creditor told later are left out: that balance already counts it.
    """
    invoices = _invoices([client_id])
    found = session.execute(
        select(invoices.c.id, invoices.c.due_on, invoices.c.outstanding_cents).where(
            invoices.c.outstanding_cents > 0, invoices.c.balance_at < at
        )
    )
    return [OpenInvoice(*row) for row in found]


def promise_states(
    session: Session,
    day: date,
    client_ids: Collection[int] | None = None,
    *,
    zone: ZoneInfo,
    policy: PromisePolicy | None = None,
) -> dict[int, list[PromiseRow]]:
    """Return the promises of each client as they stand on a day, the last made first.

    Parameters
    ----------
    day : date
        The day from which overdue promises are looked back on.
    client_ids : collection of int, optional
        Only these clients.
    zone : ZoneInfo
        Time zone of the business; tells on which local day money came in.
    policy : PromisePolicy, optional
        Days of grace and tolerance.
    """
    policy = policy or PromisePolicy()
    terms = _terms(session, client_ids)
    receipts = _receipts(session, client_ids, zone)
    return {
        client_id: _promise_rows(promises, receipts.get(client_id, []), day, policy)
        for client_id, promises in terms.items()
    }


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


def _invoices(client_ids: Collection[int] | None) -> Subquery:
    """Return the invoices of some clients, or of all, with what is owed on each now."""
    settled = _settled(client_ids).subquery()
    owed = Invoice.balance_cents - func.coalesce(settled.c.cents, 0)
    return (
        select(
            Invoice.id,
            Credit.client_id,
            Credit.product,
            Invoice.number,
            Invoice.due_on,
            Invoice.balance_at,
            Invoice.amount_cents,
            case((owed > 0, owed), else_=0).label("outstanding_cents"),
        )
        .join(Credit, Credit.id == Invoice.credit_id)
        .outerjoin(settled, settled.c.invoice_id == Invoice.id)
        .where(among(Credit.client_id, client_ids))
        .subquery()
    )


def _settled(client_ids: Collection[int] | None) -> Select[int, int]:
    """Return what payments settled of each invoice since the creditor last told its balance.

    The clients are named here again, so that one stop of a phone does not add up the payments of
    a whole cartera. The cast is for PostgreSQL, where a sum of integers is no integer.
    """
    settled = cast(func.sum(Allocation.amount_cents), BigInteger)
    return (
        select(Allocation.invoice_id, settled.label("cents"))
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .where(
            Payment.annulled_at.is_(None),
            Payment.received_at > Invoice.balance_at,
            among(Payment.client_id, client_ids),
        )
        .group_by(Allocation.invoice_id)
    )


def _debt(balance_cents: int, overdue_cents: int, oldest_due_on: date, day: date) -> Debt:
    days = days_past_due(oldest_due_on, day)
    return Debt(balance_cents, overdue_cents, oldest_due_on, days, bucket(days))


def _terms(session: Session, client_ids: Collection[int] | None) -> dict[int, list[PromiseTerms]]:
    by_client: defaultdict[int, list[PromiseTerms]] = defaultdict(list)
    for one in session.scalars(select(Promise).where(among(Promise.client_id, client_ids))):
        by_client[one.client_id].append(
            PromiseTerms(
                one.id, one.amount_cents, one.due_on, one.made_at, one.cancelled_at is not None
            )
        )
    return by_client


def _receipts(
    session: Session, client_ids: Collection[int] | None, zone: ZoneInfo
) -> dict[int, list[Receipt]]:
    """Return the money of the clients who promised something."""
    found = session.execute(
        select(Payment.client_id, Payment.received_at, Payment.amount_cents).where(
            Payment.annulled_at.is_(None),
            among(Payment.client_id, client_ids),
            Payment.client_id.in_(select(Promise.client_id)),
        )
    )
    by_client: defaultdict[int, list[Receipt]] = defaultdict(list)
    for client_id, at, cents in found:
        by_client[client_id].append(Receipt(at, at.astimezone(zone).date(), cents))
    return by_client


def _promise_rows(
    promises: list[PromiseTerms], receipts: list[Receipt], day: date, policy: PromisePolicy
) -> list[PromiseRow]:
    paid = paid_shares(promises, receipts, policy)
    return [
        PromiseRow(
            one.id,
            one.amount_cents,
            one.due_on,
            paid[one.id],
            promise_state(one, paid[one.id], day, policy),
            one.made_at,
        )
        for one in sorted(promises, key=lambda one: (one.made_at, one.id), reverse=True)
    ]
