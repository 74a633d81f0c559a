"""Plans, routes and stops as stored; times are seconds since local midnight, money is cents."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.core.money import USUAL_CURRENCY, Sums, summed
from collector_app.core.selection import among
from collector_app.planning.models import Plan, Route, SkippedClient, Stop
from collector_app.planning.rules import SkipCause, Vehicle
from collector_app.portfolio.queries import currency_of


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan without its figures; ``parameters`` is what is needed to compute it again."""

    id: int
    day: date
    created_at: datetime
    created_by: str | None
    published_at: datetime | None
    published_by: str | None
    withdrawn_at: datetime | None
    travel_source: str
    is_estimate: bool
    parameters: dict[str, Any]

    @property
    def is_published(self) -> bool:
        """Tell whether phones see this plan."""
        return self.published_at is not None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class PlanRow(PlanHead):
    """A plan with its figures."""

    route_count: int
    stop_count: int
    skipped_count: int
    travel_s: int
    travel_m: int
    expected: Sums


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop as planned; ``reasons`` are codes with facts, worded by `planning.reasons`."""

    id: int
    position: int
    client_id: int
    arrives_s: int
    starts_s: int
    leaves_s: int
    travel_s: int
    travel_m: int
    detour_s: int
    prize_cents: int
    reasons: list[dict[str, Any]]
    currency: str = USUAL_CURRENCY


@dataclass(frozen=True, slots=True)
class RouteRow:
    """The day of one collector; ``path`` is an encoded polyline (see `planning.paths`)."""

    id: int
    plan_id: int
    collector_id: int
    collector_name: str
    vehicle: Vehicle
    start_lat: float
    start_lon: float
    end_lat: float
    end_lon: float
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int
    path: str
    stops: tuple[StopRow, ...]

    @property
    def expected(self) -> Sums:
        """Return what the day is expected to recover."""
        return summed((stop.currency, stop.prize_cents) for stop in self.stops)

    @property
    def head(self) -> "RouteHead":
        """Return the route in short."""
        return RouteHead(
            collector_id=self.collector_id,
            collector_name=self.collector_name,
            vehicle=self.vehicle,
            leaves_s=self.leaves_s,
            returns_s=self.returns_s,
            travel_s=self.travel_s,
            travel_m=self.travel_m,
            path=self.path,
            start=(self.start_lat, self.start_lon),
            stop_count=len(self.stops),
            expected=self.expected,
        )


@dataclass(frozen=True, slots=True)
class RouteHead:
    """A route without its stops: enough for a line of a table and a line on the map."""

    collector_id: int
    collector_name: str
    vehicle: Vehicle
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int
    path: str
    start: tuple[float, float]
    stop_count: int
    expected: Sums


@dataclass(frozen=True, slots=True)
class PlannedVisits:
    """How many stops, and what they are expected to recover."""

    count: int
    expected: Sums


NO_VISITS = PlannedVisits(0, {})


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A client of the day who is in no route, and why."""

    client_id: int
    collector_id: int | None
    cause: SkipCause
    facts: dict[str, Any]


def plan_head(session: Session, plan_id: int) -> PlanHead | None:
    """Return one plan without its figures, or None: to count and sum them takes far longer."""
    return next((PlanHead(**one) for one in _heads(session, Plan.id == plan_id)), None)


def plan_row(session: Session, plan_id: int) -> PlanRow | None:
    """Return one plan, or None if there is none."""
    return next(iter(_plans(session, Plan.id == plan_id)), None)


def plan_of_job(session: Session, job_id: str) -> int | None:
    """Return the plan that a job stored, if it did."""
    return session.scalar(select(Plan.id).where(Plan.job_id == job_id))


def plans_of_day(session: Session, day: date) -> list[PlanRow]:
    """Return every plan of a day, newest first."""
    return _plans(session, Plan.day == day)


def published_plan(session: Session, day: date) -> PlanRow | None:
    """Return the plan that phones see on a day, if one is published."""
    return next(iter(_plans(session, and_(Plan.day == day, is_published()))), None)


def published_plan_id(session: Session, day: date) -> int | None:
    """Return which plan phones see on a day, without its figures, if one is published."""
    newest = select(Plan.id).where(Plan.day == day, is_published()).order_by(Plan.id.desc())
    return session.scalar(newest.limit(1))


def last_published_plan(session: Session, day: date) -> PlanRow | None:
    """Return the plan that phones saw last on a day, withdrawn or not."""
    plan_id = session.scalar(
        select(Plan.id)
        .where(Plan.day == day, Plan.published_at.is_not(None))
        .order_by(Plan.published_at.desc(), Plan.id.desc())
        .limit(1)
    )
    return None if plan_id is None else plan_row(session, plan_id)


def route_of(session: Session, collector_id: int, day: date) -> RouteRow | None:
    """Return a collector's route in the published plan of a day."""
    found = _routes(
        session, and_(Plan.day == day, is_published(), Route.collector_id == collector_id)
    )
    return next(iter(found), None)


def had_route(session: Session, collector_id: int, day: date) -> bool:
    """Tell whether a collector was published a route of a day, in force or not any more."""
    told = (
        select(Route.id)
        .join(Plan, Plan.id == Route.plan_id)
        .where(Plan.day == day, Plan.published_at.is_not(None), Route.collector_id == collector_id)
    )
    return session.scalar(select(told.exists())) or False


def routes_of_plan(
    session: Session,
    plan_id: int,
    collectors: Collection[int] | None = None,
    *,
    has_reasons: bool = True,
) -> list[RouteRow]:
    """Return the routes of a plan, all or of some collectors, by the collectors' names.

    Without reasons each stop has none: to read them takes longer than all the rest.
    """
    chosen = and_(Plan.id == plan_id, among(Route.collector_id, collectors))
    return _routes(session, chosen, has_reasons=has_reasons)


def route_heads(session: Session, plan_id: int) -> list[RouteHead]:
    """Return every route of a plan in short, by the collectors' names."""
    found = session.execute(
        select(Route, User.full_name)
        .join(User, User.id == Route.collector_id)
        .where(Route.plan_id == plan_id)
        .order_by(User.full_name, Route.id)
    )
    visits = visits_by(session, Stop.route_id, Route.plan_id == plan_id)
    return [
        RouteHead(
            collector_id=route.collector_id,
            collector_name=name,
            vehicle=route.vehicle,
            leaves_s=route.leaves_s,
            returns_s=route.returns_s,
            travel_s=route.travel_s,
            travel_m=route.travel_m,
            path=route.path,
            start=(route.start_lat, route.start_lon),
            stop_count=visits.get(route.id, NO_VISITS).count,
            expected=visits.get(route.id, NO_VISITS).expected,
        )
        for route, name in found
    ]


def skip_counts(session: Session, plan_id: int) -> list[tuple[SkipCause, int]]:
    """Return how many clients each cause left out of a plan, most first."""
    count = func.count()
    found = session.execute(
        select(SkippedClient.cause, count)
        .where(SkippedClient.plan_id == plan_id)
        .group_by(SkippedClient.cause)
        .order_by(count.desc(), SkippedClient.cause)
    )
    return [(cause, number) for cause, number in found]


def skipped_of_plan(
    session: Session,
    plan_id: int,
    cause: SkipCause | None = None,
    collectors: Collection[int] | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[SkippedRow]:
    """Return the clients left out of a plan, all or for one cause or of some collectors."""
    told = SkippedClient
    statement = select(told.client_id, told.collector_id, told.cause, told.facts).where(
        told.plan_id == plan_id, among(told.collector_id, collectors)
    )
    if cause is not None:
        statement = statement.where(told.cause == cause)
    statement = statement.order_by(told.id).offset(offset).limit(limit)
    return [SkippedRow(*row) for row in session.execute(statement)]


def is_published() -> ColumnElement[bool]:
    """Return the condition that phones see a plan."""
    return and_(Plan.published_at.is_not(None), Plan.withdrawn_at.is_(None))


def _heads(session: Session, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Return the fields of `PlanHead` of some plans, newest first."""
    maker, publisher = aliased(User), aliased(User)
    found = session.execute(
        select(Plan, maker.full_name, publisher.full_name)
        .outerjoin(maker, maker.id == Plan.created_by)
        .outerjoin(publisher, publisher.id == Plan.published_by)
        .where(condition)
        .order_by(Plan.id.desc())
    )
    return [
        {
            "id": plan.id,
            "day": plan.day,
            "created_at": plan.created_at,
            "created_by": made_by,
            "published_at": plan.published_at,
            "published_by": published_by,
            "withdrawn_at": plan.withdrawn_at,
            "travel_source": plan.travel_source,
            "is_estimate": plan.is_estimate,
            "parameters": plan.parameters,
        }
        for plan, made_by, published_by in found
    ]


def _plans(session: Session, condition: ColumnElement[bool]) -> list[PlanRow]:
    heads = _heads(session, condition)
    ids = [one["id"] for one in heads]
    figures, skipped = _figures(session, ids), _skipped_counts(session, ids)
    return [
        PlanRow(**one, skipped_count=skipped.get(one["id"], 0), **figures[one["id"]])
        for one in heads
    ]


def visits_by(
    session: Session, group: Any, condition: ColumnElement[bool]
) -> dict[int, PlannedVisits]:
    """Return how many stops each group has, a column of `Route` or `Stop`, and what they bring."""
    stops = (
        select(group.label("of"), Stop.prize_cents, currency_of(Stop.client_id).label("currency"))
        .join(Route, Route.id == Stop.route_id)
        .where(condition)
        .subquery()
    )
    found = session.execute(
        select(stops.c.of, stops.c.currency, func.count(), func.sum(stops.c.prize_cents)).group_by(
            stops.c.of, stops.c.currency
        )
    )
    counts: Counter[int] = Counter()
    sums: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for of, currency, count, cents in found:
        counts[of] += count
        sums[of].append((currency or USUAL_CURRENCY, int(cents)))
    return {of: PlannedVisits(counts[of], summed(each)) for of, each in sums.items()}


def _figures(session: Session, plan_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    names = ("route_count", "travel_s", "travel_m")
    visits = visits_by(session, Route.plan_id, among(Route.plan_id, plan_ids))
    figures: dict[int, dict[str, Any]] = {}
    for plan_id in plan_ids:
        of_plan = visits.get(plan_id, NO_VISITS)
        told = {"stop_count": of_plan.count, "expected": of_plan.expected}
        figures[plan_id] = dict.fromkeys(names, 0) | told
    rides = session.execute(
        select(Route.plan_id, func.count(), func.sum(Route.travel_s), func.sum(Route.travel_m))
        .where(among(Route.plan_id, plan_ids))
        .group_by(Route.plan_id)
    )
    for plan_id, routes, travel_s, travel_m in rides:
        figures[plan_id] |= {"route_count": routes, "travel_s": travel_s, "travel_m": travel_m}
    return figures


def _skipped_counts(session: Session, plan_ids: Collection[int]) -> dict[int, int]:
    found = session.execute(
        select(SkippedClient.plan_id, func.count())
        .where(among(SkippedClient.plan_id, plan_ids))
        .group_by(SkippedClient.plan_id)
    )
    return dict(iter(found))


def _routes(
    session: Session, condition: ColumnElement[bool], *, has_reasons: bool = True
) -> list[RouteRow]:
    found = session.execute(
        select(Route, User.full_name)
        .join(Plan, Plan.id == Route.plan_id)
        .join(User, User.id == Route.collector_id)
        .where(condition)
        .order_by(User.full_name, Route.id)
    ).all()
    stops = _stops(session, [route.id for route, _name in found], has_reasons=has_reasons)
    return [
        RouteRow(
            id=route.id,
            plan_id=route.plan_id,
            collector_id=route.collector_id,
            collector_name=name,
            vehicle=route.vehicle,
            start_lat=route.start_lat,
            start_lon=route.start_lon,
            end_lat=route.end_lat,
            end_lon=route.end_lon,
            leaves_s=route.leaves_s,
            returns_s=route.returns_s,
            travel_s=route.travel_s,
            travel_m=route.travel_m,
            path=route.path,
            stops=tuple(stops.get(route.id, ())),
        )
        for route, name in found
    ]


def _stops(
    session: Session, route_ids: Collection[int], *, has_reasons: bool
) -> dict[int, list[StopRow]]:
    by_route: defaultdict[int, list[StopRow]] = defaultdict(list)
    names = [one.name for one in fields(StopRow) if one.name not in ("reasons", "currency")]
    reasons = [Stop.reasons] if has_reasons else []
    found = session.execute(
        select(
            Stop.route_id,
            currency_of(Stop.client_id),
            *(getattr(Stop, name) for name in names),
            *reasons,
        )
        .where(among(Stop.route_id, route_ids))
        .order_by(Stop.route_id, Stop.position)
    )
    for route_id, currency, *values in found:
        if not has_reasons:
            values.append([])
        values.append(currency or USUAL_CURRENCY)
        by_route[route_id].append(StopRow(*values))
    return by_route
