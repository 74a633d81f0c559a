"""Indicators by group, with the names that people know the groups by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.selection import among
from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.queries.placing import STAGES
from collector_app.indicators.queries.tallies import tallies
from collector_app.indicators.rules import Dimension, Figure, Indicator, Section, Tally, figure
from collector_app.strategy.models import Segment
from collector_app.zones.models import Zone


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of an indicator; ``name`` is None for what belongs to nobody, or is a first day."""

    group: int
    name: str | date | None
    figure: Figure


@dataclass(frozen=True, slots=True)
class Groups:
    """The counts of each group, and the names of collectors or zones among them."""

    tallies: Mapping[int, Tally]
    names: Mapping[int, str]


def whole_tally(session: Session, grouping: Grouping, section: Section | None = None) -> Tally:
    """Return the counts of a grouping without a dimension, of one section or of all."""
    return tallies(session, grouping, section).get(ALL, {})


def groups_of(session: Session, grouping: Grouping, section: Section | None = None) -> Groups:
    """Return the counts of each group that has anything, with the names of the groups."""
    found = tallies(session, grouping, section)
    names = {} if grouping.by is None else group_names(session, grouping.by, found)
    return Groups(found, names)


def by_group(indicator: Indicator, groups: Groups, grouping: Grouping) -> list[GroupRow]:
    """Return an indicator for each group that has anything to show, by name, stage or week."""
    if grouping.by is Dimension.WEEK:
        rows = [
            GroupRow(week, grouping.first_day_of(week), figure(indicator, groups.tallies[week]))
            for week in sorted(groups.tallies)
        ]
        return [row for row in rows if _has_anything(row)]
    if grouping.by is Dimension.STAGE:
        in_order = sorted(groups.tallies, key=lambda group: (group == NOBODY, group))
        rows = [
            GroupRow(
                group,
                None if group == NOBODY else STAGES[group],
                figure(indicator, groups.tallies[group]),
            )
            for group in in_order
        ]
        return [row for row in rows if _has_anything(row)]
    rows = [
        GroupRow(group, groups.names.get(group), figure(indicator, tally))
        for group, tally in groups.tallies.items()
    ]
    shown = [row for row in rows if _has_anything(row)]
    return sorted(shown, key=lambda row: (row.name is None, str(row.name)))


def _has_anything(row: GroupRow) -> bool:
    """Tell whether a group is shown: also without denominator, or rows would not add up."""
    return row.figure.whole > 0 or row.figure.part > 0


def group_names(session: Session, by: Dimension, groups: Iterable[int]) -> dict[int, str]:
    """Return the names of collectors, zones or segments; stages and weeks have none here."""
    known = {
        Dimension.COLLECTOR: (User.id, User.full_name),
        Dimension.ZONE: (Zone.id, Zone.name),
        Dimension.SEGMENT: (Segment.id, Segment.name),
    }
    if by not in known:
        return {}
    number, name = known[by]
    ids = [one for one in groups if one != NOBODY]
    return dict(session.execute(select(number, name).where(among(number, ids))).all())
