"""Which rules a past visit, contact or payment broke, under the law of its day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from collector_app.compliance.rules import (
    Block,
    PenaltyRule,
    Profile,
    cash_blocks,
    penalties,
)
from collector_app.core.errors import InvalidInput
from collector_app.payments.rules import IN_HAND, PaymentMethod


class DaysInWrongOrder(InvalidInput):
    """The last day to look at lies before the first."""

    code = "days_in_wrong_order"


class FactKind(StrEnum):
    """What was done outside the rules."""

    VISIT = "visit"
    CONTACT = "contact"
    PAYMENT = "payment"


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
    """What the law lets an authority ask for the faults found under one penalty, in its unit."""

    penalty: PenaltyRule
    count: int

    @property
    def most(self) -> int:
        """Return the highest sum, when every fault is punished by itself."""
        return self.count * self.penalty.most


def payment_blocks(profile: Profile, method: PaymentMethod) -> tuple[Block, ...]:
    """Return the rules under which the money should not have been taken in hand."""
    return cash_blocks(profile) if method in IN_HAND else ()


def exposure(violations: Iterable[Violation], profiles: Iterable[Profile]) -> list[Exposure]:
    """Return what the faults against the law may cost, by penalty; house rules cost nothing.

    Each fault counts once, however many rules of its law it broke.
    """
    counted: Counter[str] = Counter()
    for one in violations:
        counted.update({block.rule_id.partition(".")[0] for block in one.blocks})
    known = {penalty.id: penalty for profile in profiles for penalty in penalties(profile)}
    found = (Exposure(one, counted[one.id.partition(".")[0]]) for one in known.values())
    return [one for one in found if one.count]


def check_days(first: date, last: date) -> None:
    """Raise `DaysInWrongOrder` unless there is at least one day."""
    if last < first:
        raise DaysInWrongOrder("to", "the first day or a later one")
