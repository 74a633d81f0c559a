"""What may be agreed, who may grant a discount, and what the law wants on the paper.

DRAFT ──all content──> PROPOSED ──authority──> APPROVED ──signature──> ACTIVE ──> KEPT or BROKEN
  └──────────── CANCELLED by a person, unless it was kept ────────────────┘
"""

from dataclasses import dataclass
from datetime import date, timedelta

from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.schedules.rules import WHOLE, Terms
from collector_app.strategy.rules import HUNDREDTHS, Treatment

# In hundredths of a percent of the debt. Source: company policy, the ladder that offices teach.
AUTHORITY = ((Role.COLLECTOR, 1_000), (Role.SUPERVISOR, 2_500), (Role.ADMIN, 10_000))
MOST_INSTALMENTS = 36
LEAST_DOWN_BASIS = 500  # 5 % of what is to be paid, so that an agreement begins with money
PERIODS_DAYS = (7, 14, 15, 30)
LATEST_START = timedelta(days=90)  # company policy: later it is no agreement but a wish


class BadTerms(InvalidInput):
    """Terms from which no schedule can be made; the field is named."""

    code = "bad_agreement_terms"


class ContentMissing(InvalidInput):
    """The law wants something on the paper that is not there."""

    code = "agreement_content_missing"


class DebtUnderstated(InvalidInput):
    """The paper settles less than is due: the rest would be let go of on nobody's authority."""

    code = "agreement_debt_understated"


class BeyondAuthority(RuleBroken):
    """Nobody with that role may grant such a discount."""

    code = "beyond_authority"


class BeyondTreatment(RuleBroken):
    """The treatment of the client's segment does not let a collector offer so much."""

    code = "beyond_treatment"


class AgreementKept(RuleBroken):
    """All of it was paid: what it let go of is not owed again by anybody's decision."""

    code = "agreement_kept"


class DebtNotSettled(RuleBroken):
    """Something is still owed: there is nothing to confirm yet."""

    code = "debt_not_settled"


class WrongState(RuleBroken):
    """The agreement is not at the step that was asked for."""

    code = "agreement_wrong_state"


class AgreementInForce(WrongState):
    """The client signed another that is being kept: the same money would keep both."""

    code = "agreement_in_force"


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
        (terms.first_on <= today + LATEST_START, "first_on", "within 90 days"),
        (least_down <= terms.down_cents < terms.total_cents, "down", "5 % or more, not all"),
        (terms.step_cents >= 0 and rest - ramp >= terms.count, "step", "less"),
    )
    for holds, field, expected in checks:
        if not holds:
            raise BadTerms(field, expected)


def may_grant(role: Role, discount_basis: int) -> bool:
    """Tell whether a role may grant a discount by itself; the limits belong to it."""
    return any(one is role and discount_basis <= most for one, most in AUTHORITY)


def grantors(discount_basis: int) -> tuple[Role, ...]:
    """Return the roles that may grant a discount, the one of least authority first."""
    return tuple(role for role, _most in AUTHORITY if may_grant(role, discount_basis))


def own_discount_basis(treatment: Treatment | None) -> int:
    """Return the most that a collector may offer a client alone, hundredths of a percent.

    The treatment of the client's segment binds them more tightly than the house does.
    """
    of_house = dict(AUTHORITY)[Role.COLLECTOR]
    return (
        of_house
        if treatment is None
        else min(of_house, treatment.most_discount_percent * HUNDREDTHS)
    )


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
