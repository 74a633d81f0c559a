"""Targets in force and those that were set before."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.indicators.models import IndicatorTarget
from collector_app.indicators.rules import Indicator, target_of


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
    last = {row.indicator: row.target for row in rows}
    return {one: target_of(one, stored) for one, stored in last.items() if stored is not None}


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
            None if row.target is None else target_of(indicator, row.target),
            row.from_on,
            name,
            row.set_at,
        )
        for row, name in rows
    ]
