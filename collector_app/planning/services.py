"""What people do with plans: ask for one, store it, publish it, withdraw it, set working hours."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit import services as audit
from collector_app.audit.batches import log_rows
from collector_app.core import clock, jobs
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.planning.kept_routes import KeptRoutes, keep_routes
from collector_app.planning.models import Plan, Route, SkippedClient, Stop, Workday
from collector_app.planning.queries import (
    WorkdayRow,
    certificate,
    is_published,
    legality,
    plan_of_job,
    published_plan_id,
    workdays_on,
)
from collector_app.planning.rules import (
    AIMS,
    AimWeights,
    DayIsPast,
    NoWorkdays,
    OutsideTheLaw,
    PlanAim,
    PublishedMeanwhile,
    SkipCause,
    Vehicle,
)

JOB_KIND = "plan_day"
PLANNERS = (Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)
PUBLISHED = "plan.published"  # the event whose entry carries the certificate
PUBLISHERS = (Role.SUPERVISOR, *PLANNERS)
DAYS_AHEAD = 60
SECONDS_RANGE = (1, 600)
DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class NewStop:
    """A stop to be stored."""

    client_id: int
    arrives_s: int
    starts_s: int
    leaves_s: int
    travel_s: int
    travel_m: int
    detour_s: int
    prize_cents: int
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class NewRoute:
    """A route to be stored, its stops in order."""

    workday: WorkdayRow
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int
    path: str
    stops: tuple[NewStop, ...]


@dataclass(frozen=True, slots=True)
class NewSkipped:
    """A client left out, to be stored."""

    client_id: int
    collector_id: int | None
    cause: SkipCause
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A finished plan that passed the check, to be stored whole; ``kept`` adds to its routes."""

    day: date
    travel_source: str
    is_estimate: bool
    parameters: dict[str, Any]
    routes: tuple[NewRoute, ...]
    skipped: tuple[NewSkipped, ...]
    kept: KeptRoutes | None = None


class PlanDayOutOfRange(InvalidInput):
    """A plan is made for today or one of the coming days."""

    code = "plan_day_out_of_range"


class WrongWorkday(InvalidInput):
    """Working hours that can't be: the field says which."""

    code = "wrong_workday"


def request_plan(  # noqa: PLR0913 - each is a fact of the request
    session: Session,
    actor: Actor,
    day: date,
    *,
    today: date,
    seconds: int,
    seed: int,
    proof_seconds: int = 0,
    aim: PlanAim = PlanAim.BALANCED,
    weights: AimWeights | None = None,
    may_lend: bool = False,
    title: str = "",
    back_url: str = "/planes",
) -> str:
    """Put the planning of a day into the queue and return the id of the job.

    Parameters
    ----------
    seconds : int
        How long to search.
    proof_seconds : int
        How long to look, for each route, for what could have been at most; 0 for not at all.
    aim : PlanAim
        What the plan is to be good at.
    weights : AimWeights, optional
        In place of those of the aim.
    may_lend : bool
        Whether clients beside a border may be visited from its other side.
    title, back_url : str
        What the page of the job shows.

    Raises
    ------
    NotAllowed
        Unless a dispatcher or an admin asks.
    PlanDayOutOfRange
        If the day is past, or too far ahead.
    NoWorkdays
        If nobody has working hours: said at once, not after waiting.
    """
    check_day(actor, day, today)
    if not workdays_on(session, day):
        raise NoWorkdays(day=day.isoformat())
    job_id = uuid4().hex
    audit.log(session, actor, "plan.requested", f"plan:{day}", job_id=job_id, seconds=seconds)
    arguments = {
        "job_id": job_id,
        "day": day.isoformat(),
        "seconds": min(max(seconds, SECONDS_RANGE[0]), SECONDS_RANGE[1]),
        "seed": seed,
        "proof_seconds": min(max(proof_seconds, 0), SECONDS_RANGE[1]),
        "aim": aim.value,
        "aim_weights": asdict(weights or AIMS[aim]),
        "may_lend": may_lend,
        "ends_early": True,
        "actor_id": actor.user_id,
        "role": actor.role.value,
        "title": title,
        "back_url": back_url,
    }
    return jobs.enqueue(JOB_KIND, arguments, job_id=job_id, started_by=actor.user_id)


def check_day(actor: Actor, day: date, today: date) -> None:
    """Raise unless this actor may plan that day."""
    actor.require(*PLANNERS)
    if not today <= day <= today + timedelta(days=DAYS_AHEAD):
        raise PlanDayOutOfRange("day", f"a day from {today} on, at most {DAYS_AHEAD} days ahead")


def store_plan(session: Session, actor: Actor, new: NewPlan, job_id: str | None = None) -> int:
    """Store a plan whole and return its id; the same job twice stores it once.

    Who may publish may do that: publishing a board stores what others edited.
    """
    actor.require(*PUBLISHERS)
    stored = plan_of_job(session, job_id) if job_id else None
    if stored is not None:
        return stored
    plan = Plan(
        day=new.day,
        job_id=job_id,
        created_at=clock.now(),
        created_by=actor.user_id,
        travel_source=new.travel_source,
        is_estimate=new.is_estimate,
        parameters=new.parameters,
        routes=[_route(one) for one in new.routes],
        skipped=[
            SkippedClient(
                client_id=one.client_id,
                collector_id=one.collector_id,
                cause=one.cause,
                facts=dict(one.facts),
            )
            for one in new.skipped
        ],
    )
    session.add(plan)
    session.flush()
    kept = keep_routes(session, plan.id, new.kept) if new.kept else 0
    audit.log(
        session,
        actor,
        "plan.made",
        plan,
        day=new.day.isoformat(),
        stops=kept + sum(len(route.stops) for route in new.routes),
        skipped=len(new.skipped),
    )
    return plan.id


def publish(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    today: date,
    zone: ZoneInfo,
    replaces: int | None = None,
) -> Plan:
    """Let the phones see a plan; the one that was published for its day is withdrawn.

    Visits keep pointing at the stops they were made for: whoever was visited that day counts as
    done in the new plan as well.

    Parameters
    ----------
    replaces : int, optional
        The plan that phones saw when this was decided, 0 for none; without it, whatever they see.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not publish, or there is no such plan.
    DayIsPast
        If the day is over.
    PublishedMeanwhile
        If somebody published or withdrew a plan of the day since this was decided.
    OutsideTheLaw
        If stops are outside the law as it stands now, as after a ban on contact.
    """
    actor.require(*PUBLISHERS)
    plan = _locked(session, plan_id)
    if plan.published_at is not None and plan.withdrawn_at is None:
        return plan
    if replaces is not None and replaces != (published_plan_id(session, plan.day) or 0):
        raise PublishedMeanwhile(plan=plan_id)
    if plan.day < today:
        raise DayIsPast(day=plan.day.isoformat())
    checked = legality(session, plan_id, zone)
    if checked.breaches:
        raise OutsideTheLaw(count=len(checked.breaches), total=checked.stop_count)
    for other in session.scalars(select(Plan).where(Plan.day == plan.day, is_published())):
        other.withdrawn_at = clock.now()
        audit.log(session, actor, "plan.withdrawn", other, replaced_by=plan.id)
    is_new = plan.published_at is None
    plan.published_at, plan.published_by = clock.now(), actor.user_id
    plan.withdrawn_at = None
    proof = certificate(session, plan_id, zone, checked)
    audit.log(session, actor, PUBLISHED, plan, day=plan.day.isoformat(), certificate=proof)
    if is_new:
        _seal_routes(session, actor, plan_id)
    return plan


def withdraw(session: Session, actor: Actor, plan_id: int) -> Plan:
    """Take a published plan from the phones; nothing happens to one that is not published."""
    actor.require(*PUBLISHERS)
    plan = _locked(session, plan_id)
    if plan.published_at is not None and plan.withdrawn_at is None:
        plan.withdrawn_at = clock.now()
        audit.log(session, actor, "plan.withdrawn", plan)
    return plan


def set_workday(session: Session, actor: Actor, row: WorkdayRow) -> Workday:
    """Say how a collector works from now on; plans that exist do not change.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not plan, or there is no such collector.
    WrongWorkday
        If the hours are in the wrong order.
    """
    actor.require(*PLANNERS)
    collector = session.get(User, row.collector_id)
    if collector is None or collector.role is not Role.COLLECTOR:
        message = f"no collector {row.collector_id}"
        raise NotFound(message)
    if not 0 <= row.starts_s < row.ends_s <= DAY_S:
        raise WrongWorkday("ends_s", "an hour later than the start")
    workday = session.get(Workday, row.collector_id) or Workday(collector_id=row.collector_id)
    workday.vehicle, workday.max_stops = Vehicle(row.vehicle), row.max_stops
    workday.starts_s, workday.ends_s = row.starts_s, row.ends_s
    workday.weekdays = row.weekdays
    workday.start_lat, workday.start_lon = row.start_lat, row.start_lon
    workday.end_lat, workday.end_lon = row.end_lat, row.end_lon
    session.add(workday)
    audit.log(
        session,
        actor,
        "workday.set",
        workday,
        vehicle=workday.vehicle.value,
        starts_s=row.starts_s,
        ends_s=row.ends_s,
        weekdays=row.weekdays,
    )
    return workday


def _seal_routes(session: Session, actor: Actor, plan_id: int) -> None:
    """Seal what the phones see from now on; a draft is nobody's promise yet."""
    routes = session.scalars(select(Route.id).where(Route.plan_id == plan_id)).all()
    stops = session.scalars(select(Stop.id).where(Stop.route_id.in_(routes))).all()
    log_rows(session, actor, PUBLISHED, Route, routes)
    log_rows(session, actor, PUBLISHED, Stop, stops)


def _locked(session: Session, plan_id: int) -> Plan:
    """Return a plan with all of its day locked, so that two people can't publish at once."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        message = f"no plan {plan_id}"
        raise NotFound(message)
    session.scalars(
        select(Plan).where(Plan.day == plan.day).order_by(Plan.id).with_for_update()
    ).all()
    session.refresh(plan)
    return plan


def _route(new: NewRoute) -> Route:
    return Route(
        collector_id=new.workday.collector_id,
        vehicle=new.workday.vehicle,
        start_lat=new.workday.start_lat,
        start_lon=new.workday.start_lon,
        end_lat=new.workday.end_lat,
        end_lon=new.workday.end_lon,
        leaves_s=new.leaves_s,
        returns_s=new.returns_s,
        travel_s=new.travel_s,
        travel_m=new.travel_m,
        path=new.path,
        stops=[
            Stop(
                position=position,
                client_id=stop.client_id,
                arrives_s=stop.arrives_s,
                starts_s=stop.starts_s,
                leaves_s=stop.leaves_s,
                travel_s=stop.travel_s,
                travel_m=stop.travel_m,
                detour_s=stop.detour_s,
                prize_cents=stop.prize_cents,
                reasons=stop.reasons,
            )
            for position, stop in enumerate(new.stops, start=1)
        ],
    )
