"""Reads the facts that a client's movements are told from; a fixed number of statements."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from collector_app.core import clock
from collector_app.payments.allocation_order import house_order
from collector_app.payments.models import Payment
from collector_app.payments.movements.replay import (
    Charge,
    Movement,
    Receipt,
    ToldBalance,
    owed_after,
    replay,
)
from collector_app.portfolio.models import Credit, Invoice, PastBalance


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One thing that is owed of a credit: an invoice, a delivery note or an instalment."""

    invoice_id: int
    credit_id: int
    number: str
    due_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """The movements of all debts of a client, in the order of time."""

    lines: tuple[CreditLine, ...]
    movements: tuple[Movement, ...]
    zone: ZoneInfo

    def owed_on(self, day: date) -> dict[int, int]:
        """Return what is owed on each invoice when a local day ends; unknown ones are absent."""
        return owed_after(self.movements, clock.local_midnight(day + timedelta(days=1), self.zone))

    def movements_of(self, credit_id: int, until: date) -> list[tuple[CreditLine, Movement]]:
        """Return what moved of a credit until a local day ends, each with what it moved."""
        lines = {one.invoice_id: one for one in self.lines if one.credit_id == credit_id}
        end = clock.local_midnight(until + timedelta(days=1), self.zone)
        return [
            (lines[one.invoice_id], one)
            for one in self.movements
            if one.at < end and one.invoice_id in lines
        ]

    def days_of_change(self, credit_id: int) -> list[date]:
        """Return the local days on which something of a credit moved."""
        own = {line.invoice_id for line in self.lines if line.credit_id == credit_id}
        moved = (one.at for one in self.movements if one.invoice_id in own)
        return sorted({at.astimezone(self.zone).date() for at in moved})

    def oldest_due_on(self, credit_id: int, day: date) -> date | None:
        """Return when the oldest line of a credit was due that is not paid when a day ends."""
        owed = self.owed_on(day)
        unpaid = (
            line.due_on
            for line in self.lines
            if line.credit_id == credit_id and owed.get(line.invoice_id, 0) > 0
        )
        return min(unpaid, default=None)


def ledger_of(session: Session, client_id: int, zone: ZoneInfo) -> Ledger:
    """Return the movements of a client's debts, with every fact that is known now.

    An invoice is owed from when it was issued, or else due, and at the latest from when the
    creditor first told of it. Annulled payments are as if they had never been.
    """
    credits = session.scalars(
        select(Credit)
        .where(Credit.client_id == client_id)
        .options(selectinload(Credit.invoices).selectinload(Invoice.past_balances))
        .order_by(Credit.id)
    ).all()
    invoices = [invoice for credit in credits for invoice in credit.invoices]
    received = session.execute(
        select(Payment.id, Payment.amount_cents, Payment.received_at).where(
            Payment.client_id == client_id, Payment.annulled_at.is_(None)
        )
    )
    movements = replay(
        [_charge(one, zone) for one in invoices],
        [told for one in invoices for told in _told(one)],
        [Receipt(*row) for row in received],
        house_order(),
    )
    lines = tuple(
        CreditLine(one.id, one.credit_id, one.number, one.due_on, one.amount_cents)
        for one in sorted(invoices, key=lambda one: (one.due_on, one.number))
    )
    return Ledger(lines, movements, zone)


def _charge(invoice: Invoice, zone: ZoneInfo) -> Charge:
    day = invoice.issued_on or invoice.due_on
    first_told = min(one.at for one in _told(invoice))
    at = min(clock.local_midnight(day, zone), first_told)
    return Charge(invoice.id, invoice.due_on, invoice.amount_cents, at)


def _told(invoice: Invoice) -> Iterator[ToldBalance]:
    past: list[PastBalance] = invoice.past_balances
    for one in past:
        yield ToldBalance(invoice.id, one.balance_cents, one.balance_at)
    yield ToldBalance(invoice.id, invoice.balance_cents, invoice.balance_at)
