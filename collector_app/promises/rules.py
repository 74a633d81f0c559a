"""When a promise counts as kept; states are derived from payments and never stored.

OPEN ──paid in time──> KEPT        OPEN ──cancelled by a person──> CANCELLED
  └── last day of grace over ──> PARTIAL (something was paid) or BROKEN (nothing was)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from collector_app.core.errors import InvalidInput, RuleBroken


class PromiseState(StrEnum):
    """How a promise stands."""

    OPEN = "open"
    KEPT = "kept"
    PARTIAL = "partial"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class PromiseFlag(StrEnum):
    """What makes a promise worth a second look when it is taken."""

    MORE_THAN_DEBT = "more_than_debt"
    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_SMALL = "too_small"
    SECOND_OPEN = "second_open"  # another promise is still open
    TOO_MANY_BROKEN = "too_many_broken"  # a supervisor should look before another is taken


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """The house's numbers for promises; those of each stage are data (see `policy_file`)."""

    max_days_ahead: int = 15
    min_share: float = 0.10  # of the debt
    grace_days: int = 1  # transfers of the last evening arrive the next day
    tolerance_cents: int = 100  # a promise is kept when only coins are missing
    most_open: int = 1
    most_broken: int = 2  # from the third on a supervisor decides


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """A promise as the phone or the desk tells it; ``made_at`` is of their clock."""

    uuid: str
    client_id: int
    visit_id: int | None
    amount_cents: int
    due_on: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """What was promised, as far as its state depends on it."""

    id: int
    amount_cents: int
    due_on: date
    made_at: datetime
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in: the instant, its local day, cents."""

    at: datetime
    on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Filling:
    """The part of a receipt that counts for a promise, in cents."""

    promise: PromiseTerms
    receipt: Receipt
    amount_cents: int


@dataclass(frozen=True, slots=True)
class AllowedTerms:
    """What the house takes as a promise from a client on a day."""

    last_on: date
    least_cents: int


class AmountNotPositive(InvalidInput):
    """An amount of money must be more than zero."""

    code = "amount_not_positive"


class PromiseInPast(InvalidInput):
    """A promise was made for a day before the day on which it was made."""

    code = "promise_in_past"


class PromiseNotFromThem(RuleBroken):
    """Only the holder or the guarantor can promise; see `visits.rules.may_promise`."""

    code = "promise_not_from_them"


class PromiseBeyondPolicy(RuleBroken):
    """The desk may not take such a promise; ``flags`` say why, ``allowed`` what would be taken."""

    code = "promise_beyond_policy"

    def __init__(self, flags: tuple[PromiseFlag, ...], allowed: AllowedTerms) -> None:
        """Keep both, so that the page can say what to agree instead."""
        super().__init__(", ".join(flags))
        self.flags = flags
        self.allowed = allowed


class ReasonMissing(InvalidInput):
    """Taking something back needs a reason in words."""

    code = "reason_missing"


def last_day(due_on: date, policy: PromisePolicy) -> date:
    """Return the last day on which money still counts for a promise."""
    return due_on + min(timedelta(days=policy.grace_days), date.max - due_on)


def fillings(
    promises: Sequence[PromiseTerms], receipts: Sequence[Receipt], policy: PromisePolicy
) -> list[Filling]:
    """Share out the money of one client among their promises; no cent counts twice.

    Money counts for a promise when it came after the promise was made (what was paid at the same
    visit is no part of it) and not later than the last day of grace. Each receipt, oldest first,
    fills the promises that it counts for, the one due first before the others; cancelled promises
    get nothing.
    """
    left_of = {one.id: one.amount_cents for one in promises}
    by_due_date = sorted(
        (one for one in promises if not one.is_cancelled), key=lambda one: (one.due_on, one.id)
    )
    found = []
    for receipt in sorted(receipts, key=lambda one: one.at):
        left = receipt.amount_cents
        for promise in by_due_date:
            if promise.made_at < receipt.at and receipt.on <= last_day(promise.due_on, policy):
                share = min(left, left_of[promise.id])
                if share:
                    found.append(Filling(promise, receipt, share))
                left_of[promise.id] -= share
                left -= share
    return found


def paid_shares(
    promises: Sequence[PromiseTerms], receipts: Sequence[Receipt], policy: PromisePolicy
) -> dict[int, int]:
    """Return what was paid of each promise of one client, as `fillings` shares their money out.

    Returns
    -------
    dict of int to int
        Cents by promise id, at most what was promised.
    """
    paid = {one.id: 0 for one in promises}
    for one in fillings(promises, receipts, policy):
        paid[one.promise.id] += one.amount_cents
    return paid


def promise_state(
    promise: PromiseTerms, paid_cents: int, today: date, policy: PromisePolicy
) -> PromiseState:
    """Return how a promise stands on a day, given what `paid_shares` found for it."""
    if promise.is_cancelled:
        return PromiseState.CANCELLED
    if paid_cents > 0 and paid_cents >= promise.amount_cents - policy.tolerance_cents:
        return PromiseState.KEPT
    if today <= last_day(promise.due_on, policy):
        return PromiseState.OPEN
    return PromiseState.PARTIAL if paid_cents else PromiseState.BROKEN


def history_flags(states: Sequence[PromiseState], policy: PromisePolicy) -> tuple[PromiseFlag, ...]:
    """Return what the client's other promises say about taking one more."""
    checks = (
        (PromiseFlag.SECOND_OPEN, states.count(PromiseState.OPEN) >= policy.most_open),
        (PromiseFlag.TOO_MANY_BROKEN, states.count(PromiseState.BROKEN) > policy.most_broken),
    )
    return tuple(flag for flag, applies in checks if applies)


def allowed_terms(debt_cents: int, made_on: date, policy: PromisePolicy) -> AllowedTerms:
    """Return what may be promised: the last day, and the least amount, rounded up to a cent."""
    days = min(timedelta(days=policy.max_days_ahead), date.max - made_on)
    return AllowedTerms(made_on + days, _least_cents(debt_cents, policy))


def is_waited_for(due_on: date, made_on: date, day: date, policy: PromisePolicy) -> bool:
    """Tell whether a client is left alone on a day for what they promised to pay on a later one.

    No longer than the house lets anybody promise ahead: once those days are over, a promise of a
    day beyond them keeps nobody away.
    """
    return day < due_on and day <= allowed_terms(0, made_on, policy).last_on


def promise_flags(
    amount_cents: int, days_ahead: int, debt_cents: int, policy: PromisePolicy
) -> tuple[PromiseFlag, ...]:
    """Return what is unusual in a promise; it is taken all the same.

    Parameters
    ----------
    amount_cents : int
        What was promised.
    days_ahead : int
        From the day it was made to the day it is due.
    debt_cents : int
        What the client owed when it was made.
    policy : PromisePolicy
        From where on something is unusual.
    """
    checks = (
        (PromiseFlag.MORE_THAN_DEBT, amount_cents > debt_cents),
        (PromiseFlag.TOO_FAR_AHEAD, days_ahead > policy.max_days_ahead),
        (PromiseFlag.TOO_SMALL, amount_cents < _least_cents(debt_cents, policy)),
    )
    return tuple(flag for flag, applies in checks if applies)


def _least_cents(debt_cents: int, policy: PromisePolicy) -> int:
    """Return the house's share of a debt, up to a cent: 14 % of 817.50 is 114.45, not a cent more.

    The product of floats is a hair above or below; the rounding before takes that away.
    """
    return ceil(round(policy.min_share * debt_cents, 6))
