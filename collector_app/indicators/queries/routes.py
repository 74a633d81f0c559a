"""Stops of published plans: how many, how far, how many visited, and in which order."""

from collections import Counter

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import Session

from collector_app.indicators.queries.counting import GROUP, Tallies, made_visit, named
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.queries.plans import day_of_plan, in_force_plans
from collector_app.indicators.rules import Count
from collector_app.planning.models import Plan, Route, Stop
from collector_app.visits.models import Visit


def plans(session: Session, grouping: Grouping) -> Tallies:
    """Count what was planned, and how much of it was done and in its order."""
    plan_day = day_of_plan(session, grouping)
    if plan_day is None:
        return {}
    found = _routes(session, grouping, plan_day)
    for group, steps in _order(session, grouping, plan_day).items():
        found.setdefault(group, Counter()).update(steps)
    return found


def _routes(session: Session, grouping: Grouping, plan_day: ColumnElement[int]) -> Tallies:
    """Count the stops of plans in force, and those whose client anybody visited that day."""
    visited = (
        select(Visit.client_id, grouping.day_of(Visit.started_at).label("day"))
        .where(grouping.holds(Visit.started_at), made_visit())
        .distinct()
        .subquery()
    )
    group = grouping.group_of(Route.collector_id, Stop.client_id, plan_day).label(GROUP)
    rows = session.execute(
        select(
            group,
            func.count(),
            func.count(visited.c.client_id),
            cast(func.sum(Stop.travel_m), BigInteger),
            cast(func.sum(cast(Stop.travel_m, BigInteger) * Stop.travel_m), BigInteger),
        )
        .select_from(Stop)
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .outerjoin(
            visited,
            (visited.c.client_id == Stop.client_id) & (visited.c.day == plan_day),
        )
        .where(*in_force_plans(grouping))
        .group_by(GROUP)
    )
    return named(
        rows, (Count.PLANNED, Count.PLANNED_VISITED, Count.PLANNED_M, Count.PLANNED_SQUARES)
    )


def _order(session: Session, grouping: Grouping, plan_day: ColumnElement[int]) -> Tallies:
    """Count pairs of stops of a route visited one after the other, and those in its order."""
    first = (
        select(Visit.stop_id, func.min(Visit.started_at).label("at"))
        .where(grouping.holds(Visit.started_at), made_visit(), Visit.stop_id.is_not(None))
        .group_by(Visit.stop_id)
        .subquery()
    )
    before = func.lag(Stop.position).over(partition_by=Stop.route_id, order_by=first.c.at)
    group = grouping.group_of(Route.collector_id, Stop.client_id, plan_day).label(GROUP)
    steps = (
        select(group, Stop.position, before.label("before"))
        .join(first, first.c.stop_id == Stop.id)
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .where(*in_force_plans(grouping))
        .subquery()
    )
    rows = session.execute(
        select(
            steps.c[GROUP],
            func.count(steps.c.before),
            func.count(case((steps.c.before < steps.c.position, 1))),
        ).group_by(steps.c[GROUP])
    )
    return named(rows, (Count.PAIRS, Count.PAIRS_IN_ORDER))
