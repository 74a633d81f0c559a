"""What every count of the catalogue is made with: sums by group, and which visits were made."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Double, case, cast, func, or_

from collector_app.indicators.rules import Count, Indicator, Moments, spread_of
from collector_app.visits.models import Visit
from collector_app.visits.rules import Outcome

Tallies = dict[int, Counter[Count]]
GROUP = "in_group"
_OF_A_RATIO = 6  # columns of `moments`


def made_visit() -> ColumnElement[bool]:
    """Return the condition that somebody went there."""
    return Visit.outcome != Outcome.NOT_VISITED


def named(
    rows: Iterable[Any], names: tuple[Count, ...], ratios: tuple[Indicator, ...] = ()
) -> Tallies:
    """Return rows of a group, its counts and the `moments` of some indicators as tallies."""
    found: Tallies = {}
    for group, *values in rows:
        counts, sums = values[: len(names)], values[len(names) :]
        tally = Counter({name: int(n or 0) for name, n in zip(names, counts, strict=True)})
        for n, indicator in enumerate(ratios):
            tell_spread(tally, indicator, moments_of(sums[n * _OF_A_RATIO :][:_OF_A_RATIO]))
        found[int(group)] = tally
    return found


def tell_spread(tally: Counter[Count], indicator: Indicator, sums: Moments) -> None:
    """Put the cases and the error of a ratio into a tally; several ratios may share their cases."""
    for count, number in spread_of(indicator, sums).items():
        tally[count] = number


def moments(part: Any, whole: Any) -> tuple[ColumnElement[Any], ...]:
    """Return what `Moments` adds up over rows that are one case each, as columns.

    In floating point: squares of cents are beyond what 64 bits hold.
    """
    one, all_ = cast(part, Double), cast(whole, Double)
    return (
        func.count(case((or_(part != 0, whole != 0), 1))),
        func.sum(one),
        func.sum(all_),
        func.sum(one * one),
        func.sum(one * all_),
        func.sum(all_ * all_),
    )


def moments_of(columns: Sequence[Any]) -> Moments:
    """Return what `moments` read."""
    cases, *sums = columns
    return Moments(int(cases), *(float(one or 0) for one in sums))
