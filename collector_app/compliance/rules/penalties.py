"""What breaking the law costs: between which sums, from which day on, and when it costs more."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from collector_app.compliance.rules.sources import Confidence, Source
from collector_app.core import clock


class FineRange(NamedTuple):
    """Between what a fine may be from a day on, in the unit of its penalty."""

    from_on: date
    least: int
    most: int


class RepeatAfter(StrEnum):
    """After what else a fault counts as a repeated one."""

    FAULT = "fault"  # an earlier fault against the same rule
    SANCTION = "sanction"  # an earlier fine against which no appeal is left


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """How many times the highest fine a repeated fault may cost.

    It is repeated until the anniversary, that day included, of what it repeats; 0 years: the law
    names no limit.
    """

    after: RepeatAfter
    times: int
    years: int = 0

    def covers(self, before: date, day: date) -> bool:
        """Tell whether a fault of a day still repeats something of a day before it."""
        return not self.years or day <= clock.months_after(before, 12 * self.years)


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """What breaking the rules costs, in the unit of the law (UMA, UTM, UIT, days of wage).

    Where the law names sums of money, the unit is a currency (ISO 4217), ``is_money`` is true and
    ranges are in its cents.
    """

    id: str
    source: Source
    unit: str
    ranges: tuple[FineRange, ...]
    is_money: bool = False
    repeat: RepeatRule | None = None

    def range_on(self, day: date) -> FineRange | None:
        """Return between what the fine is for a fault of a day; None before the first range."""
        begun = (one for one in self.ranges if one.from_on <= day)
        return max(begun, key=lambda one: one.from_on, default=None)


@dataclass(frozen=True, slots=True)
class UnitValue:
    """What one unit of a penalty is worth from a day on: cents of a currency, and who says so.

    From ``stale_from`` on there is a newer value that nobody wrote down.
    """

    from_on: date
    stale_from: date
    cents: int
    currency: str
    source: str
    read_on: date
    confidence: Confidence
