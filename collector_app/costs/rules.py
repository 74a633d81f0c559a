"""Kinds of costs, what can't be one, and how much of a cost falls on a day."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput
from collector_app.core.money import MOST_CENTS

WHO_KNOWS_COSTS = (Role.SUPERVISOR, Role.ADMIN)  # wages are nobody else's business
WHOLE = 10_000  # a commission is kept in hundredths of a percent


class CostKind(StrEnum):
    """What the company pays for."""

    WAGE_PER_DAY = "wage_per_day"
    WAGE_PER_MONTH = "wage_per_month"
    PER_KM = "per_km"
    COMMISSION = "commission"
    FIXED_PER_MONTH = "fixed_per_month"


class WrongCost(InvalidInput):
    """A cost is negative, too much to be meant, or a commission of more than all of it."""

    code = "wrong_cost"


class CostOfOne(InvalidInput):
    """What the company pays each month whoever works was put down as the cost of one person."""

    code = "cost_of_one"


@dataclass(frozen=True, slots=True)
class Rate:
    """What a cost is from a day on, of one collector or (None) of all who have none of their own.

    ``amount`` is in cents, of commissions in hundredths of a percent; None: there is none any more.
    """

    kind: CostKind
    collector_id: int | None
    amount: int | None
    from_on: date


class Rates:
    """The rates of one currency, asked for by day."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        """Keep rates; of two from the same day on the one told last holds."""
        self._of: dict[tuple[CostKind, int | None], list[Rate]] = {}
        for one in rates:
            self._of.setdefault((one.kind, one.collector_id), []).append(one)
        for known in self._of.values():
            known.sort(key=lambda one: one.from_on)  # stable: what was told last stays last

    def on(self, day: date, kind: CostKind, collector_id: int | None = None) -> Rate | None:
        """Return what holds for a collector on a day: their own, or that of all; None without."""
        own = self._last(kind, collector_id, day)
        found = own or self._last(kind, None, day)
        return found if found is not None and found.amount is not None else None

    def kinds(self, day: date) -> set[CostKind]:
        """Return the kinds of costs that somebody has on a day."""
        return {kind for kind, who in self._of if self.on(day, kind, who) is not None}

    def first_day(self) -> date | None:
        """Return the day from which on any cost is known; None when none ever was."""
        return min((known[0].from_on for known in self._of.values()), default=None)

    def _last(self, kind: CostKind, collector_id: int | None, day: date) -> Rate | None:
        begun = [one for one in self._of.get((kind, collector_id), ()) if one.from_on <= day]
        return begun[-1] if begun else None


def checked_amount(kind: CostKind, amount: int | None) -> int | None:
    """Return an amount that a cost can have; nothing is said as None, and 0 as 0.

    Raises
    ------
    WrongCost
        If it is below nothing, a slip of the finger, or a commission above 100 %.
    """
    most = WHOLE if kind is CostKind.COMMISSION else MOST_CENTS
    if amount is not None and not 0 <= amount <= most:
        raise WrongCost("amount", "nothing or more, and a commission of at most 100 %")
    return amount


def part_of_month(amount: int, day: date) -> int:
    """Return the cents of a monthly amount that fall on a day; those of a month add up to it."""
    days = monthrange(day.year, day.month)[1]
    return amount * day.day // days - amount * (day.day - 1) // days


def apportioned(cents: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Return the part of each key by its weight, to the cent: the parts add up to the whole.

    What rounding down leaves goes, a cent each, to the largest remainders; of equal ones to the
    smallest key.

    Parameters
    ----------
    weights : mapping
        Above 0 each; at least one.
    """
    whole = sum(weights.values())
    parts = {key: cents * weight // whole for key, weight in weights.items()}
    left = cents - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: (-(cents * weights[key] % whole), key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts


def of_kilometres(cents_per_km: int, metres: int) -> int:
    """Return what a distance costs, to the nearest cent."""
    return (cents_per_km * metres + 500) // 1000


def of_recovered(hundredths: int, recovered_cents: int) -> int:
    """Return the commission on what was recovered, to the nearest cent."""
    return (hundredths * recovered_cents + WHOLE // 2) // WHOLE
