"""Targets in force and those that were set before."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.actor import Role
from collector_app.indicators.models import GroupTarget, IndicatorTarget
from collector_app.indicators.queries.placing import STAGES
from collector_app.indicators.rules import Dimension, Indicator, target_of
from collector_app.zones.models import Zone
from collector_app.zones.queries import in_force

WITH_TARGETS = (Dimension.COLLECTOR, Dimension.ZONE, Dimension.STAGE)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as it was set; ``target`` is in the unit of the indicator, None: no target."""

    target: float | None
    from_on: date
    set_by: str | None
    set_at: datetime


def targets_on(session: Session, day: date) -> dict[Indicator, float]:
    """Return the target in force of every indicator that has one."""
    rows = session.scalars(
        select(IndicatorTarget)
        .where(IndicatorTarget.from_on <= day)
        .order_by(IndicatorTarget.from_on, IndicatorTarget.id)
    )
    last = {row.indicator: _target(row) for row in rows}
    return {one: target for one, target in last.items() if target is not None}


def targets_of(session: Session, indicator: Indicator) -> list[TargetRow]:
    """Return every target that was set for an indicator, newest first."""
    rows = session.execute(
        select(IndicatorTarget, User.full_name)
        .outerjoin(User, User.id == IndicatorTarget.set_by)
        .where(IndicatorTarget.indicator == indicator)
        .order_by(IndicatorTarget.from_on.desc(), IndicatorTarget.id.desc())
    )
    return [
        TargetRow(
            _target(row),
            row.from_on,
            name,
            row.set_at,
        )
        for row, name in rows
    ]


def groups_with_targets(session: Session, by: Dimension, day: date) -> list[tuple[int, str | None]]:
    """Return the groups that can have a target of their own, by name; stages have none here."""
    if by is Dimension.STAGE:
        return [(group, None) for group in range(len(STAGES))]
    if by is Dimension.ZONE:
        zones = select(Zone.id, Zone.name).where(in_force(Zone, day)).order_by(Zone.name, Zone.id)
        return [(id_, name) for id_, name in session.execute(zones)]
    if by is Dimension.COLLECTOR:
        people = (
            select(User.id, User.full_name)
            .where(User.role == Role.COLLECTOR, User.active)
            .order_by(User.full_name, User.id)
        )
        return [(id_, name) for id_, name in session.execute(people)]
    return []


def group_targets_on(
    session: Session, indicator: Indicator, by: Dimension, day: date
) -> dict[int, float]:
    """Return the targets in force that groups of a dimension have of their own."""
    if by not in WITH_TARGETS:
        return {}
    rows = session.scalars(
        select(GroupTarget)
        .where(GroupTarget.indicator == indicator, GroupTarget.from_on <= day, _is_of(by))
        .order_by(GroupTarget.from_on, GroupTarget.id)
    )
    last = {_group_of(row): _target(row) for row in rows}
    return {one: target for one, target in last.items() if target is not None}


def _target(row: IndicatorTarget | GroupTarget) -> float | None:
    return None if row.target is None else target_of(row.indicator, row.target, row.divisor)


def _is_of(by: Dimension) -> ColumnElement[bool]:
    return {
        Dimension.COLLECTOR: GroupTarget.collector_id,
        Dimension.ZONE: GroupTarget.zone_id,
        Dimension.STAGE: GroupTarget.stage,
    }[by].is_not(None)


def _group_of(row: GroupTarget) -> int:
    if row.stage is not None:
        return STAGES.index(row.stage)
    group = row.zone_id if row.collector_id is None else row.collector_id
    assert group is not None  # noqa: S101 - one of the three is there
    return group
