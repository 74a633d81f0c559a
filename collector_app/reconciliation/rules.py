"""Pairs the creditor's payments with ours: the same, new to us, or doubtful."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collector_app.core.errors import RuleBroken
from collector_app.payments.rules import IN_HAND, PaymentMethod

# A transfer of Friday evening is in the bank on Monday, after a long weekend on Tuesday.
MOST_DAYS_APART = 4


class Verdict(StrEnum):
    """What a line of the creditor's file is to us."""

    MATCHED = "matched"  # we have it already
    NEW = "new"  # paid to the creditor; nobody told us
    DOUBTFUL = "doubtful"  # may be one of ours with another amount or reference: a person decides
    UNKNOWN_CLIENT = "unknown_client"


class AlreadyReconciled(RuleBroken):
    """The payments of a file were recorded already."""

    code = "already_reconciled"


@dataclass(frozen=True, slots=True)
class Movement:
    """A payment as the creditor's file tells it; ``row`` 1 is the first of the sheet."""

    sheet: str
    row: int
    client_number: str | None
    credit_number: str | None
    paid_on: date
    amount_cents: int
    reference: str | None

    @property
    def key(self) -> str:
        """Return what names this line in a form."""
        return f"{self.row}:{self.sheet}"


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """A payment that we recorded and no file has confirmed yet."""

    id: int
    client_id: int
    paid_on: date
    amount_cents: int
    reference: str | None
    method: PaymentMethod


@dataclass(frozen=True, slots=True)
class Pairing:
    """A line of the file with what it is; ``payment`` is ours, for those matched or doubtful."""

    movement: Movement
    verdict: Verdict
    client_id: int | None
    payment: OwnPayment | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every line of a file, and our payments of its days that it does not confirm."""

    pairings: tuple[Pairing, ...]
    unconfirmed: tuple[OwnPayment, ...]

    def of(self, verdict: Verdict) -> list[Pairing]:
        """Return the lines with one verdict, in the order of the file."""
        return [one for one in self.pairings if one.verdict is verdict]


Fits = Callable[[Movement, OwnPayment], bool]


def reconcile(
    movements: Sequence[Movement],
    payments: Iterable[OwnPayment],
    clients: Mapping[str, int],
) -> Reconciliation:
    """Pair the lines of a file with our payments, each of ours with one line at most.

    First those with the same reference and amount, then those with the same amount within
    `MOST_DAYS_APART` days unless both have references that differ, nearest days first; what shares
    a reference with another amount, or an amount with another reference, is doubtful.

    Parameters
    ----------
    movements : sequence of Movement
        The file.
    payments : iterable of OwnPayment
        Ours that are not annulled and not confirmed by another file.
    clients : mapping of str to int
        Our client for each client number and each credit number of the file; see `number_keys`.
    """
    ours: defaultdict[int, list[OwnPayment]] = defaultdict(list)
    for payment in payments:
        ours[payment.client_id].append(payment)
    owners = [_owner(one, clients) for one in movements]
    found: dict[int, Pairing] = {}
    for fits in (_same_reference, _same_amount):
        _pair(movements, owners, ours, found, fits, Verdict.MATCHED)
    for fits in (_near_reference, _near_amount):
        _pair(movements, owners, ours, found, fits, Verdict.DOUBTFUL)
    pairings = tuple(
        found.get(n)
        or Pairing(one, Verdict.UNKNOWN_CLIENT if owners[n] is None else Verdict.NEW, owners[n])
        for n, one in enumerate(movements)
    )
    return Reconciliation(pairings, _unconfirmed(movements, ours))


def number_keys(movement: Movement) -> tuple[str, ...]:
    """Return what the client of a line may be looked up by, the most telling first."""
    numbers = (("client", movement.client_number), ("credit", movement.credit_number))
    return tuple(f"{kind}:{number}" for kind, number in numbers if number)


def _owner(movement: Movement, clients: Mapping[str, int]) -> int | None:
    return next((clients[key] for key in number_keys(movement) if key in clients), None)


def _pair(
    movements: Sequence[Movement],
    owners: Sequence[int | None],
    ours: Mapping[int, list[OwnPayment]],
    found: dict[int, Pairing],
    fits: Fits,
    verdict: Verdict,
) -> None:
    """Pair what fits, days that are nearest first, and take the paired payments out of `ours`."""
    candidates = [
        (abs((payment.paid_on - one.paid_on).days), n, payment)
        for n, one in enumerate(movements)
        if n not in found and (owner := owners[n]) is not None
        for payment in ours.get(owner, ())
        if fits(one, payment)
    ]
    for _days, n, payment in sorted(candidates, key=lambda one: (*one[:2], one[2].id)):
        mine = ours[payment.client_id]
        if n not in found and payment in mine:
            mine.remove(payment)
            found[n] = Pairing(movements[n], verdict, payment.client_id, payment)


def _same_reference(movement: Movement, payment: OwnPayment) -> bool:
    return movement.amount_cents == payment.amount_cents and _refers(movement, payment) is True


def _same_amount(movement: Movement, payment: OwnPayment) -> bool:
    return _near_amount(movement, payment) and _refers(movement, payment) is None


def _near_reference(movement: Movement, payment: OwnPayment) -> bool:
    return _refers(movement, payment) is True


def _near_amount(movement: Movement, payment: OwnPayment) -> bool:
    days = abs((payment.paid_on - movement.paid_on).days)
    return movement.amount_cents == payment.amount_cents and days <= MOST_DAYS_APART


def _refers(movement: Movement, payment: OwnPayment) -> bool | None:
    """Tell whether two references are the same; None when one is missing."""
    told, kept = _reduced(movement.reference), _reduced(payment.reference)
    return told == kept if told and kept else None


def _reduced(reference: str | None) -> str:
    """Return the letters and digits of a reference, without leading zeros."""
    return re.sub(r"[^0-9a-z]", "", (reference or "").casefold()).lstrip("0")


def _unconfirmed(
    movements: Sequence[Movement], ours: Mapping[int, list[OwnPayment]]
) -> tuple[OwnPayment, ...]:
    """Return what we say was paid to the creditor on the days of the file, and it does not list."""
    if not movements:
        return ()
    first, last = min(one.paid_on for one in movements), max(one.paid_on for one in movements)
    return tuple(
        sorted(
            (
                payment
                for of_client in ours.values()
                for payment in of_client
                if first <= payment.paid_on <= last and payment.method not in IN_HAND
            ),
            key=lambda one: (one.paid_on, one.id),
        )
    )
