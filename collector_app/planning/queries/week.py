"""The plans of some days at a glance: each day's plan, and each collector's day within it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.absences.queries import absent_on
from collector_app.accounts.models import User
from collector_app.compliance.queries import profile_in_force
from collector_app.compliance.rules import visit_windows
from collector_app.core.money import Sums
from collector_app.planning.models import Route
from collector_app.planning.queries.day import workdays
from collector_app.planning.queries.plans import NO_VISITS, PlanRow, plans_of_day, visits_by
from collector_app.planning.worth import Nearness, nearness_of

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Shift:
    """What a plan asks of a collector on a day; ``below`` is what was proved, percent."""

    leaves_s: int
    returns_s: int
    stops: int
    travel_m: int
    expected: Sums
    below: float | None


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day: the plan that counts (published, else the newest), and each collector's share of it.

    ``is_open`` tells whether law and house let anybody be visited at all.
    """

    day: date
    is_open: bool
    plan: PlanRow | None
    nearness: Nearness | None
    shifts: Mapping[int, Shift]
    absent: frozenset[int]

    @property
    def hours_s(self) -> int:
        """Return the time from leaving to returning of all of them."""
        return sum(one.returns_s - one.leaves_s for one in self.shifts.values())


@dataclass(frozen=True, slots=True)
class Week:
    """Some days, and the collectors who work on them, by name."""

    days: tuple[PlannedDay, ...]
    collectors: tuple[tuple[int, str], ...]


def week_of_plans(session: Session, first: date) -> Week:
    """Return seven days from the first on."""
    days = tuple(_day(session, first + timedelta(days=n)) for n in range(WEEK_DAYS))
    ids = {one.collector_id for one in workdays(session)}.union(*(one.shifts for one in days))
    names = session.execute(
        select(User.id, User.full_name).where(User.id.in_(ids)).order_by(User.full_name)
    )
    return Week(days, tuple((row.id, row.full_name) for row in names))


def _day(session: Session, day: date) -> PlannedDay:
    plans = plans_of_day(session, day)
    plan = next((one for one in plans if one.is_published), plans[0] if plans else None)
    nearness = nearness_of(plan.parameters) if plan else None
    return PlannedDay(
        day=day,
        is_open=bool(visit_windows(profile_in_force(session, day), day)),
        plan=plan,
        nearness=nearness,
        shifts=_shifts(session, plan.id, nearness) if plan else {},
        absent=frozenset(absent_on(session, day)),
    )


def _shifts(session: Session, plan_id: int, nearness: Nearness | None) -> dict[int, Shift]:
    found = session.execute(
        select(
            Route.collector_id,
            Route.leaves_s,
            Route.returns_s,
            Route.travel_m,
        ).where(Route.plan_id == plan_id)
    )
    visits = visits_by(session, Route.collector_id, Route.plan_id == plan_id)
    below = nearness.by_collector if nearness else {}
    return {
        who: Shift(
            leaves_s,
            returns_s,
            visits.get(who, NO_VISITS).count,
            travel_m,
            visits.get(who, NO_VISITS).expected,
            below.get(who),
        )
        for who, leaves_s, returns_s, travel_m in found
    }
