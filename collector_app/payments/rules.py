"""How money comes in and which debts it settles first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from collector_app.core.errors import RuleBroken


class PaymentMethod(StrEnum):
    """How the client paid."""

    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"
    DEPOSIT = "deposit"  # at a bank or shop, with a slip
    CHEQUE = "cheque"


# Money that passes through the hands of the collector; the rest goes to the creditor's account.
IN_HAND = frozenset({PaymentMethod.CASH, PaymentMethod.CHEQUE})


@dataclass(frozen=True, slots=True)
class GivenReceipt:
    """A receipt that a phone gave out by itself, without asking the office for a folio.

    ``may_repeat``: a person saw that its folio stands on another receipt, too, and lets it in.
    """

    series: str
    number: int
    code: str
    may_repeat: bool = False


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """Money received, as the phone or the desk tells it; ``received_at`` is of their clock.

    Without a ``receipt`` the office gives the next folio of the series of whoever received it.
    """

    uuid: str
    client_id: int
    visit_id: int | None
    method: PaymentMethod
    amount_cents: int
    received_at: datetime
    reference: str | None = None
    receipt: GivenReceipt | None = None


class FolioTaken(RuleBroken):
    """The folio of a phone's receipt stands on another: two copies of the phone are at work."""

    code = "folio_taken"


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """What is still owed on an invoice."""

    id: int
    due_on: date
    outstanding_cents: int


@dataclass(slots=True)
class DatedInvoice:
    """An open invoice whose balance the creditor told at an instant; money settles it in turn."""

    id: int
    due_on: date
    outstanding_cents: int
    balance_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a payment that goes to one invoice."""

    invoice_id: int
    amount_cents: int


class OrderKey(StrEnum):
    """By what the invoices of a client are ordered when a payment settles them."""

    OLDEST_DUE = "oldest_due"
    NEWEST_DUE = "newest_due"
    SMALLEST = "smallest"
    LARGEST = "largest"


_KEYS: dict[OrderKey, Callable[[OpenInvoice], int]] = {
    OrderKey.OLDEST_DUE: lambda one: one.due_on.toordinal(),
    OrderKey.NEWEST_DUE: lambda one: -one.due_on.toordinal(),
    OrderKey.SMALLEST: lambda one: one.outstanding_cents,
    OrderKey.LARGEST: lambda one: -one.outstanding_cents,
}
OLDEST_FIRST = (OrderKey.OLDEST_DUE,)


def allocate(
    amount_cents: int,
    invoices: Sequence[OpenInvoice],
    order: Sequence[OrderKey] = OLDEST_FIRST,
) -> tuple[Share, ...]:
    """Share a payment out among invoices, one after the other in an order that is data.

    Parameters
    ----------
    order : sequence of OrderKey
        The first key decides, the next ones break ties (see `allocation_order`).

    Returns
    -------
    tuple of Share
        Each more than zero and at most what its invoice owes. Their sum is the payment, or all
        that is owed when the payment is more: what exceeds stays unallocated.
    """
    shares: list[Share] = []
    left = amount_cents
    for invoice in sorted(invoices, key=lambda one: (*(_KEYS[key](one) for key in order), one.id)):
        part = min(left, invoice.outstanding_cents)
        if part > 0:
            shares.append(Share(invoice.id, part))
            left -= part
    return tuple(shares)


def settle_open(
    invoices: Sequence[DatedInvoice], cents: int, at: datetime, order: Sequence[OrderKey]
) -> tuple[Share, ...]:
    """Share money received at an instant out among invoices, and take it off what they owe.

    Invoices whose balance the creditor told then or later are left out: it already counts it.
    """
    open_then = {
        one.id: one for one in invoices if one.balance_at < at and one.outstanding_cents > 0
    }
    waiting = [OpenInvoice(one.id, one.due_on, one.outstanding_cents) for one in open_then.values()]
    shares = allocate(cents, waiting, order)
    for share in shares:
        open_then[share.invoice_id].outstanding_cents -= share.amount_cents
    return shares


OFFICE_SERIES = "OF"
# Nothing that reads like something else. The T tells a phone's series from those of the office.
SERIES_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
SERIES_LENGTH = 4
_PHONE_SERIES = re.compile(f"T[{SERIES_LETTERS}]{{{SERIES_LENGTH}}}")
# 16 of these are 79 bits, too many to guess.
CODE_LETTERS = SERIES_LETTERS.lower()
CODE_LENGTH = 16
_CODE = re.compile(f"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")


def receipt_series(collector_id: int | None) -> str:
    """Return the series of what the office gives out: one for each collector, and its own."""
    return OFFICE_SERIES if collector_id is None else f"G{collector_id}"


def is_phone_series(text: object) -> bool:
    """Tell whether this can be the series of a phone, such as ``TK7QM``."""
    return isinstance(text, str) and _PHONE_SERIES.fullmatch(text) is not None


def is_receipt_code(text: object) -> bool:
    """Tell whether this can be what a receipt is verified with: 16 small letters and digits."""
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def folio(series: str, number: int) -> str:
    """Return a folio as people read it: ``G12-000345``."""
    return f"{series}-{number:06d}"


def missing_numbers(numbers: Sequence[int], last: int = 0) -> list[int]:
    """Return the numbers that a series lacks from 1 to its last; none when it is unbroken.

    Parameters
    ----------
    last : int
        The last number that is known to have been given out, whether it is there or not.
    """
    return sorted(set(range(1, max([last, *numbers]) + 1)) - set(numbers))
