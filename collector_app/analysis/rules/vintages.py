"""Vintages: of the money lent in one quarter, how much was ever a month late, by age."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

MONTHS_IN_QUARTER = 3


class VintageCell(NamedTuple):
    """Credits opened in a month that first were late at an age; ``age_months`` None: never yet."""

    opened: tuple[int, int]  # year, month
    age_months: int | None
    credits: int
    lent_cents: int


@dataclass(frozen=True, slots=True)
class Vintage:
    """The credits of a quarter; ``late_by_age[n]`` is the share late by n months, as far as known.

    It ends at the age that the youngest credits of the quarter have reached, so that every figure
    speaks of all of them.
    """

    year: int
    quarter: int
    credits: int
    lent_cents: int
    late_by_age: tuple[float, ...]


def vintages_of(
    cells: Iterable[VintageCell], today: tuple[int, int], most_months: int = 24
) -> list[Vintage]:
    """Return one vintage for each quarter in which credits were opened, oldest first.

    Parameters
    ----------
    cells : iterable of VintageCell
        Sums by opening month and age.
    today : (int, int)
        Year and month of today.
    most_months : int
        No vintage is followed for longer.
    """
    by_quarter: defaultdict[tuple[int, int], list[VintageCell]] = defaultdict(list)
    for cell in cells:
        year, month = cell.opened
        by_quarter[year, (month - 1) // MONTHS_IN_QUARTER + 1].append(cell)
    return [
        _vintage(quarter, members, today, most_months)
        for quarter, members in sorted(by_quarter.items())
    ]


def late_at(vintages: Iterable[Vintage], months: int) -> float | None:
    """Return the share that was late by an age, of the quarters that have reached it.

    Quarters count by what was lent in them; None: none has reached it.
    """
    old = [one for one in vintages if len(one.late_by_age) > months and one.lent_cents]
    lent = sum(one.lent_cents for one in old)
    late = sum(one.lent_cents * one.late_by_age[months] for one in old)
    return late / lent if lent else None


def months_between(earlier: tuple[int, int], later: tuple[int, int]) -> int:
    """Return the months from one (year, month) to another."""
    return (later[0] - earlier[0]) * 12 + later[1] - earlier[1]


def _vintage(
    quarter: tuple[int, int], cells: list[VintageCell], today: tuple[int, int], most_months: int
) -> Vintage:
    lent = sum(one.lent_cents for one in cells)
    age = min(months_between(one.opened, today) for one in cells)
    late = [
        sum(
            one.lent_cents
            for one in cells
            if one.age_months is not None and one.age_months <= months
        )
        / lent
        if lent
        else 0.0
        for months in range(min(age, most_months) + 1)
    ]
    return Vintage(*quarter, sum(one.credits for one in cells), lent, tuple(late))
