"""Which plans count: those that were published and not replaced."""

from sqlalchemy import ColumnElement, Integer, case, cast, select
from sqlalchemy.orm import Session

from collector_app.indicators.queries.grouping import Grouping
from collector_app.planning.models import Plan


def in_force_plans(grouping: Grouping) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a plan of the period is published and not replaced."""
    return (
        Plan.day >= grouping.period.from_on,
        Plan.day <= grouping.period.to_on,
        Plan.published_at.is_not(None),
        Plan.withdrawn_at.is_(None),
    )


def day_of_plan(session: Session, grouping: Grouping) -> ColumnElement[int] | None:
    """Return the day of a plan, counted from the first of the period; None without plans."""
    plans = session.execute(select(Plan.id, Plan.day).where(*in_force_plans(grouping))).all()
    if not plans:
        return None
    days = {plan_id: (day - grouping.period.from_on).days for plan_id, day in plans}
    return cast(case(days, value=Plan.id), Integer)
