"""From charges, told balances and money received to the movements of each debt; pure.

What comes out depends on the facts alone and not on when we heard of them: money that is recorded
late stands where it belongs in time, and all that follows is worked out anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from collector_app.payments.rules import OLDEST_FIRST, OpenInvoice, OrderKey, allocate


class MovementKind(StrEnum):
    """What changes a debt."""

    CHARGE = "charge"  # an invoice begins to be owed
    PAYMENT = "payment"  # money received settles a part
    TOLD = "told"  # the creditor says another balance than we had worked out
    UNALLOCATED = "unallocated"  # money that found nothing to settle; changes no debt


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount that is owed from an instant on."""

    invoice_id: int
    due_on: date
    amount_cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ToldBalance:
    """What the creditor said is owed on an invoice; money received until then is counted in it."""

    invoice_id: int
    balance_cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money received that still counts."""

    payment_id: int
    amount_cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """One change: `cents` is what the debt grows by, negative when it shrinks.

    Unallocated money has no invoice, and its `cents` are what was left of the payment, negative.
    """

    kind: MovementKind
    at: datetime
    cents: int
    invoice_id: int | None
    payment_id: int | None = None


_Event = Charge | Receipt | ToldBalance
# At one instant: what is owed comes first, and a balance that is told knows of what was paid.
_RANK: dict[type[_Event], int] = {Charge: 0, Receipt: 1, ToldBalance: 2}


def replay(
    charges: Sequence[Charge],
    told: Iterable[ToldBalance],
    receipts: Iterable[Receipt],
    order: Sequence[OrderKey] = OLDEST_FIRST,
) -> tuple[Movement, ...]:
    """Return every movement in the order of time, whatever the order of the facts.

    The movements of each payment sum to its amount. The debts after all of them are what
    `payments.queries.debts` says, as long as balances of one client are told together.
    """
    due_on = {one.invoice_id: one.due_on for one in charges}
    owed: dict[int, int] = {}
    movements: list[Movement] = []
    facts: list[_Event] = [*charges, *told, *receipts]
    for event in sorted(facts, key=_place):
        match event:
            case Charge():
                owed[event.invoice_id] = event.amount_cents
                movements.append(
                    Movement(MovementKind.CHARGE, event.at, event.amount_cents, event.invoice_id)
                )
            case ToldBalance():
                change = event.balance_cents - owed.get(event.invoice_id, 0)
                owed[event.invoice_id] = event.balance_cents
                if change:
                    movements.append(
                        Movement(MovementKind.TOLD, event.at, change, event.invoice_id)
                    )
            case Receipt():
                movements.extend(_settle(event, owed, due_on, order))
    return tuple(movements)


def owed_after(movements: Iterable[Movement], before: datetime) -> dict[int, int]:
    """Return what is owed on each invoice after all that happened before an instant."""
    owed: dict[int, int] = {}
    for one in movements:
        if one.at < before and one.invoice_id is not None:
            owed[one.invoice_id] = owed.get(one.invoice_id, 0) + one.cents
    return owed


def _settle(
    receipt: Receipt, owed: dict[int, int], due_on: dict[int, date], order: Sequence[OrderKey]
) -> Iterable[Movement]:
    """Settle what is owed at that moment, and yield what is left over as unallocated."""
    waiting = [OpenInvoice(id_, due_on[id_], cents) for id_, cents in owed.items() if cents > 0]
    left = receipt.amount_cents
    for share in allocate(receipt.amount_cents, waiting, order):
        owed[share.invoice_id] -= share.amount_cents
        left -= share.amount_cents
        yield Movement(
            MovementKind.PAYMENT,
            receipt.at,
            -share.amount_cents,
            share.invoice_id,
            receipt.payment_id,
        )
    if left:
        yield Movement(MovementKind.UNALLOCATED, receipt.at, -left, None, receipt.payment_id)


def _place(event: _Event) -> tuple[datetime, int, int]:
    number = event.payment_id if isinstance(event, Receipt) else event.invoice_id
    return event.at, _RANK[type(event)], number
