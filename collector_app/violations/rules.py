"""Which rules a past visit, contact or payment broke, under the law of its day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from collector_app.compliance.rules import (
    HOUSE_PREFIX,
    WISH_PREFIX,
    Block,
    PenaltyRule,
    Profile,
    UnitValue,
    cash_blocks,
    penalties,
)
from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.payments.rules import IN_HAND, PaymentMethod


class DaysInWrongOrder(InvalidInput):
    """The last day to look at lies before the first."""

    code = "days_in_wrong_order"


class FactKind(StrEnum):
    """What was done outside the rules."""

    VISIT = "visit"
    CONTACT = "contact"
    PAYMENT = "payment"


class CaseState(StrEnum):
    """What people decided about a falta."""

    NEW = "new"  # nobody looked at it yet
    CONFIRMED = "confirmed"
    JUSTIFIED = "justified"  # it happened, with a reason that excuses it
    WITHDRAWN = "withdrawn"  # nobody had decided it, and judging again found no falta


UNDECIDED = frozenset({CaseState.NEW, CaseState.WITHDRAWN})  # judging may change these
COSTLY = frozenset({CaseState.NEW, CaseState.CONFIRMED})


NOT_LAW = (HOUSE_PREFIX, f"{WISH_PREFIX}.")
REVIEW_WITHIN = timedelta(days=2)  # company policy: the client may complain meanwhile


class OwnFault(RuleBroken):
    """Nobody decides about a falta of their own."""

    code = "own_fault"


class ReasonMissing(InvalidInput):
    """A falta is justified by a reason in words."""

    code = "justified_without_reason"


@dataclass(frozen=True, slots=True)
class Violation:
    """A fact outside the law: which, of whom, when, and every rule that it broke."""

    kind: FactKind
    id: int
    client_id: int
    collector_id: int | None
    at: datetime
    profile_id: str
    profile_version: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the law lets an authority ask for the faults found under one penalty.

    ``value`` is what a unit of the penalty is worth; None when nobody wrote it down.
    """

    penalty: PenaltyRule
    count: int
    value: UnitValue | None = None

    @property
    def most(self) -> int:
        """Return the highest sum in its unit, when every fault is punished by itself."""
        return self.count * self.penalty.most

    @property
    def least_cents(self) -> int | None:
        """Return the lowest sum of money for the same."""
        return None if self.value is None else self.count * self.penalty.least * self.value.cents

    @property
    def most_cents(self) -> int | None:
        """Return the highest sum of money."""
        return None if self.value is None else self.most * self.value.cents


def payment_blocks(profile: Profile, method: PaymentMethod) -> tuple[Block, ...]:
    """Return the rules under which the money should not have been taken in hand."""
    return cash_blocks(profile) if method in IN_HAND else ()


def exposure(violations: Iterable[Violation], profiles: Iterable[Profile]) -> list[Exposure]:
    """Return what the faults against the law may cost, by penalty; house rules cost nothing.

    Each fault counts once, however many rules of its law it broke.
    """
    counted: Counter[str] = Counter()
    for one in violations:
        counted.update({_profile_of(block) for block in one.blocks})
    return exposure_of(counted, profiles)


def exposure_of(counts: Mapping[str, int], profiles: Iterable[Profile]) -> list[Exposure]:
    """Return what faults may cost by penalty, from how many broke each profile of law."""
    known = {penalty.id: penalty for profile in profiles for penalty in penalties(profile)}
    found = (Exposure(one, counts.get(one.id.partition(".")[0], 0)) for one in known.values())
    return [one for one in found if one.count]


def law_broken(blocks: Iterable[Block]) -> str | None:
    """Return the profile of law that a fault broke; None when only the house or a ban forbade."""
    found = (_profile_of(block) for block in blocks if "." in block.rule_id)
    return next((one for one in found if f"{one}." not in NOT_LAW), None)


def _profile_of(block: Block) -> str:
    return block.rule_id.partition(".")[0]


def check_days(first: date, last: date) -> None:
    """Raise `DaysInWrongOrder` unless there is at least one day."""
    if last < first:
        raise DaysInWrongOrder("to", "the first day or a later one")
