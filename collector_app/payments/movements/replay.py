"""From charges, told balances and money received to the movements of each debt; pure.

What comes out depends on the facts alone and not on when we heard of them: money that is recorded
late stands where it belongs in time, and all that follows is worked out anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from collector_app.payments.rules import OLDEST_FIRST, OpenInvoice, OrderKey, allocate


class MovementKind(StrEnum):
    """What changes a debt."""

    CHARGE = "charge"  # an invoice begins to be owed
    PAYMENT = "payment"  # money received settles a part
    TOLD = "told"  # the creditor says another balance than we had worked out
    LET_GO = "let_go"  # an agreement was kept that settles what was due when it was signed
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
class Settlement:
    """A kept agreement: from an instant on nothing is owed of what it was about.

    That is what was due by a day, that of its signature; and all that was owed at that instant, due
    or not, when the debt on its paper is no less than that. It holds against whatever the creditor
    tells of that debt afterwards.
    """

    due_until: date
    at: datetime
    signed_at: datetime
    debt_cents: int


@dataclass(frozen=True, slots=True)
class _Signature:
    """The instant at which it shows what an agreement is about."""

    of: Settlement
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


_Event = Charge | _Signature | Receipt | Settlement | ToldBalance
# At one instant: what is owed comes first, then the money, then what it let go of; a
# balance that is told knows of all of it.
_RANK: dict[type[_Event], int] = {
    Charge: 0,
    _Signature: 1,
    Receipt: 2,
    Settlement: 3,
    ToldBalance: 4,
}


def replay(
    charges: Sequence[Charge],
    told: Iterable[ToldBalance],
    receipts: Iterable[Receipt],
    order: Sequence[OrderKey] = OLDEST_FIRST,
    settlements: Iterable[Settlement] = (),
) -> tuple[Movement, ...]:
    """Return every movement in the order of time, whatever the order of the facts.

    The movements of each payment sum to its amount. The debts after all of them are what
    `payments.queries.debts` says, as long as balances of one client are told together.
    """
    due_on = {one.invoice_id: one.due_on for one in charges}
    owed: dict[int, int] = {}
    let_go = _LetGo(due_on)
    movements: list[Movement] = []
    agreed = list(settlements)
    signatures = [_Signature(one, one.signed_at) for one in agreed]
    facts: list[_Event] = [*charges, *told, *receipts, *signatures, *agreed]
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
            case _Signature() | Settlement():
                let_go.note(event, owed)
        if not isinstance(event, Receipt):
            movements.extend(let_go.taken_off(event.at, owed))
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


class _LetGo:
    """What agreements that were kept settled, as their facts come by."""

    def __init__(self, due_on: Mapping[int, date]) -> None:
        self._due_on = due_on
        self._until = date.min
        self._covered: dict[Settlement, set[int]] = {}
        self._gone: set[int] = set()

    def note(self, event: _Signature | Settlement, owed: Mapping[int, int]) -> None:
        """Keep what an agreement is about when it is signed, and let go of it when it is kept."""
        if isinstance(event, Settlement):
            self._until = max(self._until, event.due_until)
            self._gone |= self._covered.get(event, set())
        elif event.of.debt_cents >= sum(owed.values()):
            self._covered[event.of] = {id_ for id_, cents in owed.items() if cents > 0}

    def taken_off(self, at: datetime, owed: dict[int, int]) -> Iterable[Movement]:
        """Take off all that is still owed of what was let go of."""
        for id_, cents in owed.items():
            if cents > 0 and (id_ in self._gone or self._due_on[id_] <= self._until):
                owed[id_] = 0
                yield Movement(MovementKind.LET_GO, at, -cents, id_)


def _place(event: _Event) -> tuple[datetime, int, int]:
    match event:
        case Receipt():
            number = event.payment_id
        case Settlement():
            number = event.due_until.toordinal()
        case _Signature():
            number = event.of.due_until.toordinal()
        case _:
            number = event.invoice_id
    return event.at, _RANK[type(event)], number
