"""Schedules that add up, how a signed one stands by what was paid, and how long it was in force.

Everything is worked out from the terms and from money, so that a payment that is recorded late
changes the past as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from collector_app.core.money import Cents, split_evenly
from collector_app.promises.rules import PromisePolicy, Receipt, last_day

WHOLE = 10_000  # hundredths of a percent


class AgreementState(StrEnum):
    """How an agreement stands; from the signature on derived from payments."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed; cents, days, and the discount in hundredths of a percent of the debt.

    ``step_cents`` is what each instalment has more than the one before; 0 for equal ones.
    """

    debt_cents: int
    discount_basis: int
    down_cents: int
    count: int
    every_days: int
    first_on: date
    step_cents: int = 0

    @property
    def discount_cents(self) -> int:
        """Return what is forgiven, rounded down in the creditor's favour."""
        return self.debt_cents * self.discount_basis // WHOLE

    @property
    def total_cents(self) -> int:
        """Return what is to be paid in all."""
        return self.debt_cents - self.discount_cents


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of the schedule; number 0 is the down payment."""

    number: int
    due_on: date
    amount_cents: int


def schedule(terms: Terms) -> tuple[Instalment, ...]:
    """Return the down payment and the instalments; they add up to `Terms.total_cents` exactly.

    Equal instalments differ by at most a cent; stepped ones grow by `step_cents` on top of that.
    The first instalment is due one period after the down payment.
    """
    ramp = terms.step_cents * terms.count * (terms.count - 1) // 2
    rest = Cents(terms.total_cents - terms.down_cents - ramp)
    # The larger shares last, so that no instalment is below the one before.
    shares = reversed(split_evenly(rest, terms.count))
    later = (
        Instalment(
            n + 1,
            terms.first_on + timedelta(days=terms.every_days * (n + 1)),
            share + terms.step_cents * n,
        )
        for n, share in enumerate(shares)
    )
    return (Instalment(0, terms.first_on, terms.down_cents), *later)


def uncovered(instalments: Sequence[Instalment], paid_cents: int) -> list[Instalment]:
    """Return what is left of a schedule after the money that came in, oldest first."""
    left, open_ = paid_cents, []
    for one in instalments:
        covered = min(left, one.amount_cents)
        left -= covered
        if covered < one.amount_cents:
            open_.append(Instalment(one.number, one.due_on, one.amount_cents - covered))
    return open_


def outcome(
    instalments: Sequence[Instalment],
    receipts: Sequence[Receipt],
    day: date,
    policy: PromisePolicy,
) -> tuple[AgreementState, date | None]:
    """Return how a signed agreement stands on a day, and its last day in force unless it still is.

    It is broken once an instalment is not covered in time: the last day of grace was its last. It
    is kept from the day on which all is paid. Money counts in the order in which it comes; what is
    paid ahead covers the next instalments.
    """
    due_cents = 0
    for one in instalments:
        due_cents += one.amount_cents
        limit = last_day(one.due_on, policy)
        in_time = sum(money.amount_cents for money in receipts if money.on <= limit)
        if in_time < due_cents - policy.tolerance_cents and limit < day:
            return AgreementState.BROKEN, limit
    last = _last_payment(instalments, receipts, policy)
    return (AgreementState.ACTIVE, None) if last is None else (AgreementState.KEPT, last.on)


def kept_at(
    instalments: Sequence[Instalment], receipts: Sequence[Receipt], policy: PromisePolicy
) -> datetime | None:
    """Return the instant of the payment with which all of a schedule was paid; None before."""
    last = _last_payment(instalments, receipts, policy)
    return None if last is None else last.at


def _last_payment(
    instalments: Sequence[Instalment], receipts: Sequence[Receipt], policy: PromisePolicy
) -> Receipt | None:
    """Return the payment with which all of a schedule was paid, if it was."""
    left_cents = sum(one.amount_cents for one in instalments) - policy.tolerance_cents
    for money in sorted(receipts, key=lambda one: one.at):
        left_cents -= money.amount_cents
        if left_cents <= 0:
            return money
    return None


def paid_state(
    instalments: Sequence[Instalment],
    receipts: Sequence[Receipt],
    day: date,
    policy: PromisePolicy,
) -> AgreementState:
    """Return how a signed agreement stands on a day (see `outcome`)."""
    return outcome(instalments, receipts, day, policy)[0]
