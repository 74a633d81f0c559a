"""How much work of a month each collector can take: their hours of work within those of the law."""

from collections.abc import Iterable
from dataclasses import dataclass

DAYS_AHEAD = 28  # whole weeks, so that every weekday counts alike
DAYS_OF_MONTH = 365.25 / 12
HOUR_S = 3600

Hours = tuple[int, int]  # from, until: seconds since local midnight


@dataclass(frozen=True, slots=True)
class Strength:
    """What one collector brings to a zone.

    Attributes
    ----------
    month_h : float, hours
        Of a month in which the law lets them visit.
    starts_from : tuple of float
        Latitude and longitude of where their day begins: home, or the branch.
    is_away : bool
        Absent on all days looked at; hours are those they would work.
    """

    name: str
    month_h: float
    starts_from: tuple[float, float]
    is_away: bool = False


def month_hours(shift: Hours, open_on: Iterable[Iterable[Hours]]) -> float:
    """Return the hours of a month that a shift shares with what is open on its days.

    Parameters
    ----------
    open_on : iterable of iterables of Hours
        What the law leaves open on each day of work among the next `DAYS_AHEAD`.
    """
    shared_s = sum(
        max(0, min(shift[1], until) - max(shift[0], since))
        for day in open_on
        for since, until in day
    )
    return shared_s / HOUR_S * DAYS_OF_MONTH / DAYS_AHEAD
