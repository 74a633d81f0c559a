"""Which rules a past visit, contact or payment broke, under the law of its day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from collector_app.compliance.rules import (
    HOUSE_PREFIX,
    WISH_PREFIX,
    Block,
    FineRange,
    PenaltyRule,
    Profile,
    RepeatAfter,
    RepeatRule,
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
    AGREEMENT = "agreement"  # its signature


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
    """A falta is confirmed or justified by a reason in words."""

    code = "decided_without_reason"


class NotFinalYet(InvalidInput):
    """A fine becomes final today or before, and no century ago; nobody knows the future."""

    code = "sanction_in_future"


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


class Fault(NamedTuple):
    """A fault as its cost goes by: on which day it was done, and against which rules.

    One that is not asked about costs nothing here; others may repeat it. ``number`` tells which one
    it is where it was done against several laws, and is priced under each.
    """

    on: date
    rule_ids: frozenset[str]
    is_asked: bool = True
    number: int = 0


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the law lets an authority ask for the faults found under one penalty, all worth alike.

    Attributes
    ----------
    count : int
        How many faults there are.
    repeated : int
        How many of them may cost the highest fine as often as the law says of repeated ones.
    fine : FineRange or None
        Between what the fine for each is; None when it was not known yet on their days.
    value : UnitValue or None
        What a unit of the penalty was worth on their days; None when nobody wrote it down, and
        where the law names sums of money.
    is_stale : bool
        Whether a newer value held on some of their days, which nobody wrote down.
    """

    penalty: PenaltyRule
    count: int
    repeated: int = 0
    fine: FineRange | None = None
    value: UnitValue | None = None
    is_stale: bool = False

    @property
    def currency(self) -> str | None:
        """Return in which money the cost is known, if it is."""
        if self.penalty.is_money:
            return self.penalty.unit
        return None if self.value is None else self.value.currency

    @property
    def most(self) -> int | None:
        """Return the highest sum in the unit, when every fault is punished by itself."""
        if self.fine is None:
            return None
        times = self.penalty.repeat.times if self.penalty.repeat else 1
        return (self.count + self.repeated * (times - 1)) * self.fine.most

    @property
    def least_cents(self) -> int | None:
        """Return the lowest sum of money for the same; a repeated fault may cost no more."""
        return None if self.fine is None else self._cents(self.count * self.fine.least)

    @property
    def most_cents(self) -> int | None:
        """Return the highest sum of money."""
        return None if self.most is None else self._cents(self.most)

    def _cents(self, units: int) -> int | None:
        if self.penalty.is_money:
            return units
        return None if self.value is None else units * self.value.cents


@dataclass(frozen=True, slots=True)
class WorstCost:
    """What faults may cost at most in one currency: each by whatever fine costs the most."""

    currency: str
    count: int
    most_cents: int


def payment_blocks(profile: Profile, method: PaymentMethod) -> tuple[Block, ...]:
    """Return the rules under which the money should not have been taken in hand."""
    return cash_blocks(profile) if method in IN_HAND else ()


def prices(
    profile: Profile,
    faults: Iterable[Fault],
    *,
    sanctioned_on: Collection[date] = (),
    value_on: Callable[[str, date], UnitValue | None] = lambda _unit, _day: None,
) -> list[tuple[Fault, Exposure]]:
    """Return what each fault against a law may cost, under each of its penalties.

    Parameters
    ----------
    faults : iterable of Fault
        All of them under that law, also of the years that others may repeat.
    sanctioned_on : collection of date
        On which days a fine became final.
    value_on : callable
        What a unit is worth on a day.
    """
    ordered = sorted(faults, key=lambda one: one.on)
    found = []
    for penalty in penalties(profile):
        last_on: dict[str, date] = {}
        for fault in ordered:
            before = [last_on[id_] for id_ in fault.rule_ids if id_ in last_on]
            last_on |= dict.fromkeys(fault.rule_ids, fault.on)
            if not fault.is_asked:
                continue
            value = None if penalty.is_money else value_on(penalty.unit, fault.on)
            one = Exposure(
                penalty,
                1,
                int(_is_repeated(penalty.repeat, fault.on, before, sanctioned_on)),
                penalty.range_on(fault.on),
                value,
                value is not None and fault.on >= value.stale_from,
            )
            found.append((fault, one))
    return found


def exposures(priced: Iterable[tuple[Fault, Exposure]]) -> list[Exposure]:
    """Return what faults may cost, by penalty and by what it was worth on their days."""
    found: dict[tuple[PenaltyRule, FineRange | None, UnitValue | None], list[Exposure]] = {}
    for _fault, one in priced:
        found.setdefault((one.penalty, one.fine, one.value), []).append(one)
    return [_sum(alike) for alike in found.values()]


def worst_costs(priced: Iterable[tuple[Fault, Exposure]]) -> list[WorstCost]:
    """Return the most that faults may cost together: one fine for each, the dearest of all laws.

    Sums in different currencies are not comparable: a fault that has a price in two is told in
    each of them.
    """
    dearest: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for fault, one in priced:
        if one.currency is not None and one.most_cents is not None:
            of_currency = dearest[one.currency]
            of_currency[fault.number] = max(one.most_cents, of_currency.get(fault.number, 0))
    return [
        WorstCost(currency, len(of_currency), sum(of_currency.values()))
        for currency, of_currency in sorted(dearest.items())
    ]


def years_back(profile: Profile) -> int | None:
    """Return for how many years faults have to be known to tell which are repeated; None: all."""
    repeats = [one.repeat for one in penalties(profile) if one.repeat]
    years = [one.years for one in repeats if one.after is RepeatAfter.FAULT]
    return None if 0 in years else max(years, default=0)


def _is_repeated(
    repeat: RepeatRule | None, day: date, faults_on: Iterable[date], sanctioned_on: Iterable[date]
) -> bool:
    """Tell whether a fault repeats an earlier one, or what a final fine was for."""
    if repeat is None:
        return False
    if repeat.after is RepeatAfter.FAULT:
        return any(repeat.covers(one, day) for one in faults_on)
    return any(one < day and repeat.covers(one, day) for one in sanctioned_on)


def _sum(alike: Sequence[Exposure]) -> Exposure:
    return replace(
        alike[0],
        count=len(alike),
        repeated=sum(one.repeated for one in alike),
        is_stale=any(one.is_stale for one in alike),
    )


def law_broken(blocks: Iterable[Block]) -> str | None:
    """Return the first law that a fault broke; None when only the house or a ban forbade it."""
    return next(iter(laws_broken(one.rule_id for one in blocks)), None)


def laws_broken(rule_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the profiles of law that a fault broke: the house's first, then those of creditors."""
    found = (one.partition(".")[0] for one in rule_ids if "." in one)
    return tuple(dict.fromkeys(one for one in found if f"{one}." not in NOT_LAW))


def rules_broken(law: str, rule_ids: Iterable[str]) -> frozenset[str]:
    """Return which rules of a law a fault broke, of all that it broke."""
    return frozenset(one for one in rule_ids if one.startswith(f"{law}."))


def check_days(first: date, last: date) -> None:
    """Raise `DaysInWrongOrder` unless there is at least one day."""
    if last < first:
        raise DaysInWrongOrder("to", "the first day or a later one")
