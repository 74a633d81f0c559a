"""Indicators by group, with the names that people know the groups by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.selection import among
from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.queries.tallies import tallies
from collector_app.indicators.rules import Dimension, Figure, Indicator, Tally, figure
from collector_app.zones.models import Zone


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of an indicator; ``name`` is None for what belongs to nobody, or is a first day."""

    group: int
    name: str | date | None
    figure: Figure


def whole_tally(session: Session, grouping: Grouping) -> Tally:
    """Return the counts of a grouping without a dimension."""
    return tallies(session, grouping).get(ALL, {})


def by_group(session: Session, indicator: Indicator, grouping: Grouping) -> list[GroupRow]:
    """Return an indicator for each group that has anything to show, by name or by week."""
    found = tallies(session, grouping)
    names = _names(session, grouping, found)
    rows = [
        GroupRow(group, names.get(group), figure(indicator, tally))
        for group, tally in found.items()
    ]
    if grouping.by is Dimension.WEEK:
        return sorted(rows, key=lambda row: row.group)
    shown = [row for row in rows if row.figure.whole > 0]
    return sorted(shown, key=lambda row: (row.name is None, str(row.name)))


def _names(session: Session, grouping: Grouping, groups: Collection[int]) -> dict[int, str | date]:
    if grouping.by is Dimension.WEEK:
        return {week: grouping.first_day_of(week) for week in groups}
    known = {
        Dimension.COLLECTOR: (User.id, User.full_name),
        Dimension.ZONE: (Zone.id, Zone.name),
    }
    if grouping.by is None:
        return {}
    number, name = known[grouping.by]
    ids = [one for one in groups if one != NOBODY]
    return dict(session.execute(select(number, name).where(among(number, ids))).all())
