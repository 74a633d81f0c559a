"""What every count of the catalogue is made with: sums by group, and which visits were made."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement

from collector_app.indicators.rules import Count
from collector_app.visits.models import Visit
from collector_app.visits.rules import Outcome

Tallies = dict[int, Counter[Count]]
GROUP = "in_group"


def made_visit() -> ColumnElement[bool]:
    """Return the condition that somebody went there."""
    return Visit.outcome != Outcome.NOT_VISITED


def named(rows: Iterable[Any], names: tuple[Count, ...]) -> Tallies:
    """Return rows of a group and its counts as tallies."""
    return {
        int(group): Counter({name: int(n or 0) for name, n in zip(names, counts, strict=True)})
        for group, *counts in rows
    }
