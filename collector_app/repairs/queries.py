"""Reads of repairs: which hold now, and what they changed for one collector."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.kept import KeptUntilDone
from collector_app.planning.queries import (
    PlanRow,
    RouteRow,
    WorkdayRow,
    is_field_work,
    published_plan,
    routes_of_plan,
    workdays,
)
from collector_app.repairs.models import Repair
from collector_app.repairs.rules import DayChange, RepairKind, StopMove, sick_of

MOST_REPAIRS = 1_000  # of one day; a longer chain would be a circle
_MOST_DAYS_KEPT = 4
_shown_days: "KeptUntilDone[PublishedDay | None]" = KeptUntilDone(_MOST_DAYS_KEPT)


@dataclass(frozen=True, slots=True)
class RepairRow:
    """A repair that holds: what happened, which plan answers it and which stood before."""

    plan_id: int
    before_id: int
    kind: RepairKind
    change: DayChange
    moves: tuple[StopMove, ...]
    retimed: frozenset[int]
    made_at: datetime
    made_by: str | None

    def moves_of(self, collector_id: int) -> tuple[StopMove, ...]:
        """Return the stops that this collector gained or lost."""
        return tuple(one for one in self.moves if collector_id in (one.from_id, one.to_id))


@dataclass(frozen=True, slots=True)
class RouteNews:
    """What the last repair that touched a collector's route changed for them."""

    made_at: datetime
    moves: tuple[StopMove, ...]


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """What phones see of a day, read at once: plan, routes, hours by collector and repairs.

    The stops come without their reasons: a change reaches few of the routes.
    """

    plan: PlanRow
    routes: tuple[RouteRow, ...]
    workdays: Mapping[int, WorkdayRow]
    repairs: tuple[RepairRow, ...]

    @property
    def sick(self) -> frozenset[int]:
        """Return the collectors who can't go on any more today."""
        return sick_of(one.change for one in self.repairs)


def published_day(session: Session, day: date) -> PublishedDay | None:
    """Return the published plan of a day with its routes, None without one."""
    plan = published_plan(session, day)
    if plan is None:
        return None
    return PublishedDay(
        plan,
        tuple(routes_of_plan(session, plan.id, has_reasons=False)),
        {one.collector_id: one for one in workdays(session)},
        tuple(repairs_in_force(session, plan.id)),
    )


def shown_published_day(session: Session, day: date) -> PublishedDay | None:
    """Return `published_day` for a page, which writes nothing: what phones see of a day."""
    return _shown_days.of(session, day, lambda: published_day(session, day), is_field_work)


def repairs_in_force(session: Session, plan_id: int) -> list[RepairRow]:
    """Return the repairs that led to a plan, the first made first; none for a plan as planned."""
    found: list[RepairRow] = []
    at: int | None = plan_id
    while at is not None and len(found) < MOST_REPAIRS:
        row = _repair_of(session, at)
        if row is not None:
            found.append(row)
        at = row.before_id if row is not None else None
    return found[::-1]


def route_news(session: Session, collector_id: int, plan_id: int) -> RouteNews | None:
    """Return what changed last on a collector's route of a plan, if anything did."""
    for row in reversed(repairs_in_force(session, plan_id)):
        moves = row.moves_of(collector_id)
        if moves or collector_id in row.retimed:
            return RouteNews(row.made_at, moves)
    return None


def _repair_of(session: Session, plan_id: int) -> RepairRow | None:
    found = session.execute(
        select(Repair, User.full_name)
        .outerjoin(User, User.id == Repair.made_by)
        .where(Repair.plan_id == plan_id)
    ).one_or_none()
    if found is None:
        return None
    repair, name = found
    return RepairRow(
        plan_id=repair.plan_id,
        before_id=repair.before_id,
        kind=repair.kind,
        change=DayChange.from_facts(repair.change),
        moves=tuple(StopMove(**one) for one in repair.moves),
        retimed=frozenset(repair.retimed),
        made_at=repair.made_at,
        made_by=name,
    )
