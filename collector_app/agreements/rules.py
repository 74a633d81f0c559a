"""Schedules that add up, who may grant a discount, and what the law wants on the paper.

DRAFT ──all content──> PROPOSED ──authority──> APPROVED ──signature──> ACTIVE ──> KEPT or BROKEN
  └──────────────────────────── CANCELLED by a person ────────────────────┘
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.core.money import Cents, split_evenly
from collector_app.promises.rules import PromisePolicy, Receipt, last_day

# In hundredths of a percent of the debt. Source: company policy, the ladder that offices teach.
AUTHORITY = ((Role.COLLECTOR, 1_000), (Role.SUPERVISOR, 2_500), (Role.ADMIN, 10_000))
WHOLE = 10_000
MOST_INSTALMENTS = 36
LEAST_DOWN_BASIS = 500  # 5 % of what is to be paid, so that an agreement begins with money
PERIODS_DAYS = (7, 14, 15, 30)


class AgreementState(StrEnum):
    """How an agreement stands; from the signature on derived from payments."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class BadTerms(InvalidInput):
    """Terms from which no schedule can be made; the field is named."""

    code = "bad_agreement_terms"


class ContentMissing(InvalidInput):
    """The law wants something on the paper that is not there."""

    code = "agreement_content_missing"


class BeyondAuthority(RuleBroken):
    """Nobody with that role may grant such a discount."""

    code = "beyond_authority"


class BeyondTreatment(RuleBroken):
    """The treatment of the client's segment does not let a collector offer so much."""

    code = "beyond_treatment"


class DebtNotSettled(RuleBroken):
    """Something is still owed: there is nothing to confirm yet."""

    code = "debt_not_settled"


class WrongState(RuleBroken):
    """The agreement is not at the step that was asked for."""

    code = "agreement_wrong_state"


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
class Content:
    """What has to stand on the paper.

    Source: CONDUSEF's Disposiciones (DOF 7 October 2014): the agreement in writing, the amount
    broken down, the creditor's account and reference, whether it settles the debt.
    """

    principal_cents: int
    interest_cents: int
    default_interest_cents: int
    costs_cents: int
    creditor: str
    creditor_account: str
    reference: str
    settles_debt: bool


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of the schedule; number 0 is the down payment."""

    number: int
    due_on: date
    amount_cents: int


def check_terms(terms: Terms, today: date) -> None:
    """Raise `BadTerms` with the first field from which no schedule can be made."""
    least_down = terms.total_cents * LEAST_DOWN_BASIS // WHOLE
    ramp = terms.step_cents * terms.count * (terms.count - 1) // 2
    rest = terms.total_cents - terms.down_cents
    checks = (
        (terms.debt_cents > 0, "debt", "a debt"),
        (0 <= terms.discount_basis < WHOLE, "discount", "0 to less than 100 %"),
        (1 <= terms.count <= MOST_INSTALMENTS, "count", f"1 to {MOST_INSTALMENTS}"),
        (terms.every_days in PERIODS_DAYS, "every_days", "a known period"),
        (terms.first_on >= today, "first_on", "today or later"),
        (least_down <= terms.down_cents < terms.total_cents, "down", "5 % or more, not all"),
        (terms.step_cents >= 0 and rest - ramp >= terms.count, "step", "less"),
    )
    for holds, field, expected in checks:
        if not holds:
            raise BadTerms(field, expected)


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


def may_grant(role: Role, discount_basis: int) -> bool:
    """Tell whether a role may grant a discount by itself; the limits belong to it."""
    return any(one is role and discount_basis <= most for one, most in AUTHORITY)


def check_content(content: Content, debt_cents: int) -> None:
    """Raise `ContentMissing` with the first thing that the paper lacks."""
    parts = (
        content.principal_cents,
        content.interest_cents,
        content.default_interest_cents,
        content.costs_cents,
    )
    checks = (
        (
            min(parts) >= 0 and sum(parts) == debt_cents,
            "principal",
            "parts that add up to the debt",
        ),
        (bool(content.creditor.strip()), "creditor", "the creditor's name"),
        (bool(content.creditor_account.strip()), "creditor_account", "the creditor's account"),
        (bool(content.reference.strip()), "reference", "the reference of the payment"),
    )
    for holds, field, expected in checks:
        if not holds:
            raise ContentMissing(field, expected)


def paid_state(
    instalments: Sequence[Instalment],
    receipts: Sequence[Receipt],
    today: date,
    policy: PromisePolicy,
) -> AgreementState:
    """Return how a signed agreement stands: broken once an instalment is not covered in time.

    Money counts in the order in which it comes; what is paid ahead covers the next instalments.
    """
    due_cents = 0
    for one in instalments:
        due_cents += one.amount_cents
        limit = last_day(one.due_on, policy)
        in_time = sum(money.amount_cents for money in receipts if money.on <= limit)
        if in_time < due_cents - policy.tolerance_cents and limit < today:
            return AgreementState.BROKEN
    paid = sum(money.amount_cents for money in receipts)
    is_paid = paid >= due_cents - policy.tolerance_cents
    return AgreementState.KEPT if is_paid else AgreementState.ACTIVE
