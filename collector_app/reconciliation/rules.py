"""Pairs the creditor's payments with ours: the same, new to us, or doubtful."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    REPEATED = "repeated"  # this file or one before told it already: a person decides
    UNKNOWN_CLIENT = "unknown_client"


ON_REQUEST = frozenset({Verdict.DOUBTFUL, Verdict.REPEATED})  # recorded when a person says so


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
    """A payment of ours; ``was_told`` when we know it from a file, and so its day is the file's."""

    id: int
    client_id: int
    paid_on: date
    amount_cents: int
    reference: str | None
    method: PaymentMethod
    was_told: bool = False


@dataclass(frozen=True, slots=True)
class Pairing:
    """A line of the file with what it is; ``payment`` is ours, where there is one like it."""

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
    confirmed: Iterable[OwnPayment] = (),
) -> Reconciliation:
    """Pair the lines of a file with our payments, each of ours with one line at most.

    First those with the same reference and amount, then those with the same amount within
    `MOST_DAYS_APART` days unless both have references that differ, nearest days first; what shares
    a reference with another amount, or an amount with another reference, is doubtful.

    Lists of a creditor overlap: a line that a file before has told, and one that says just what
    another line of this file says, is repeated. Of what a file told us the day is known; what we
    had ourselves may have been told some days off.

    Parameters
    ----------
    movements : sequence of Movement
        The file.
    payments : iterable of OwnPayment
        Ours that are not annulled and not confirmed by another file.
    clients : mapping of str to int
        Our client for each client number and each credit number of the file; see `number_keys`.
    confirmed : iterable of OwnPayment
        Ours that another file has confirmed or told.
    """
    ours, told = _by_client(payments), _by_client(confirmed)
    owners = [_owner(one, clients) for one in movements]
    found: dict[int, Pairing] = {}
    _pair(movements, owners, told, found, _same_day, Verdict.REPEATED)
    for fits in (_same_reference, _same_amount):
        _pair(movements, owners, ours, found, fits, Verdict.MATCHED)
    _pair(movements, owners, told, found, _told_days_off, Verdict.REPEATED)
    for fits in (_near_reference, _near_amount):
        _pair(movements, owners, ours, found, fits, Verdict.DOUBTFUL)
    pairings = tuple(
        found.get(n) or Pairing(one, verdict, owners[n])
        for n, (one, verdict) in enumerate(zip(movements, _alone(movements, owners), strict=True))
    )
    return Reconciliation(pairings, _unconfirmed(movements, ours))


def number_keys(movement: Movement) -> tuple[str, ...]:
    """Return what the client of a line may be looked up by, the most telling first."""
    numbers = (("client", movement.client_number), ("credit", movement.credit_number))
    return tuple(f"{kind}:{number}" for kind, number in numbers if number)


def _by_client(payments: Iterable[OwnPayment]) -> defaultdict[int, list[OwnPayment]]:
    found: defaultdict[int, list[OwnPayment]] = defaultdict(list)
    for payment in payments:
        found[payment.client_id].append(payment)
    return found


def _alone(movements: Sequence[Movement], owners: Sequence[int | None]) -> Iterator[Verdict]:
    """Yield what each line is when no payment of ours is like it."""
    seen = set[tuple[object, ...]]()
    for one, owner in zip(movements, owners, strict=True):
        says = (owner, one.paid_on, one.amount_cents, _reduced(one.reference))
        if owner is None:
            yield Verdict.UNKNOWN_CLIENT
        else:
            yield Verdict.REPEATED if says in seen else Verdict.NEW
        seen.add(says)


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


def _same_day(movement: Movement, payment: OwnPayment) -> bool:
    is_like = movement.amount_cents == payment.amount_cents and movement.paid_on == payment.paid_on
    return is_like and _refers(movement, payment) is not False


def _told_days_off(movement: Movement, payment: OwnPayment) -> bool:
    is_near = _near_amount(movement, payment) and _refers(movement, payment) is not False
    return is_near and not payment.was_told


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
