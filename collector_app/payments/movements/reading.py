"""Reads the facts that a client's movements are told from; a fixed number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.payments.agreed import in_force
from collector_app.payments.allocation_order import house_order
from collector_app.payments.models import Payment
from collector_app.payments.movements.replay import (
    Charge,
    Movement,
    Receipt,
    Settlement,
    ToldBalance,
    owed_after,
    replay,
)
from collector_app.portfolio.models import Credit, Invoice, PastBalance


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One thing that is owed of a credit: an invoice, or an instalment of the bill it names."""

    invoice_id: int
    credit_id: int
    number: str
    due_on: date
    amount_cents: int
    issued_on: date | None = None
    bill_number: str | None = None


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
        """Return when the oldest line of a credit was due that is owed when a day ends."""
        owed = self.owed_on(day)
        unpaid = (
            line.due_on
            for line in self.lines
            if line.credit_id == credit_id and owed.get(line.invoice_id, 0) > 0
        )
        return min(unpaid, default=None)


def ledger_of(session: Session, client_id: int, zone: ZoneInfo) -> Ledger:
    """Return the movements of a client's debts; see `ledgers_of`."""
    return ledgers_of(session, [client_id], zone)[client_id]


def ledgers_of(session: Session, client_ids: Collection[int], zone: ZoneInfo) -> dict[int, Ledger]:
    """Return the movements of each client's debts, with every fact that is known now.

    An invoice is owed from when it was issued, or else due, and at the latest from when the
    creditor first told of it. Annulled payments are as if they had never been. A number of
    statements that does not depend on the number of clients.
    """
    invoices: defaultdict[int, list[Invoice]] = defaultdict(list)
    for credit in session.scalars(
        select(Credit)
        .where(among(Credit.client_id, client_ids))
        .options(selectinload(Credit.invoices).selectinload(Invoice.past_balances))
        .order_by(Credit.id)
    ):
        invoices[credit.client_id].extend(credit.invoices)
    received: defaultdict[int, list[Receipt]] = defaultdict(list)
    for client_id, payment_id, cents, at in session.execute(
        select(Payment.client_id, Payment.id, Payment.amount_cents, Payment.received_at).where(
            among(Payment.client_id, client_ids), Payment.annulled_at.is_(None)
        )
    ):
        received[client_id].append(Receipt(payment_id, cents, at))
    settlements = _settlements(session, client_ids, zone)
    return {
        id_: _ledger(invoices[id_], received[id_], settlements[id_], zone) for id_ in client_ids
    }


def _ledger(
    invoices: Sequence[Invoice],
    received: Iterable[Receipt],
    settlements: Iterable[Settlement],
    zone: ZoneInfo,
) -> Ledger:
    movements = replay(
        [_charge(one, zone) for one in invoices],
        [told for one in invoices for told in _told(one)],
        received,
        house_order(),
        settlements,
    )
    lines = tuple(
        CreditLine(
            one.id,
            one.credit_id,
            one.number,
            one.due_on,
            one.amount_cents,
            one.issued_on,
            one.bill_number,
        )
        for one in sorted(invoices, key=lambda one: (one.due_on, one.number))
    )
    return Ledger(lines, movements, zone)


def _settlements(
    session: Session, client_ids: Collection[int], zone: ZoneInfo
) -> defaultdict[int, list[Settlement]]:
    """Return what kept agreements of clients settled, whenever that was.

    Whether one was kept does not change with the day from which one looks back, once it was.
    """
    found: defaultdict[int, list[Settlement]] = defaultdict(list)
    for one in in_force(session, date.max, zone, client_ids):
        if one.settled_at is not None:
            found[one.client_id].append(
                Settlement(one.from_on, one.settled_at, one.signed_at, one.debt_cents)
            )
    return found


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
