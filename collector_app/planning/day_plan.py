"""Makes the plan of a day from beginning to end; for the job of the desk and for the command line.

Short reads first, then the search in child processes while no transaction is open, then one
transaction that stores the plan whole or not at all.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from math import floor
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _

from collector_app.core import jobs
from collector_app.core.actor import Actor, Role
from collector_app.core.jobs import EndsEarly, Report, never
from collector_app.planning import services
from collector_app.planning.directions import open_guide
from collector_app.planning.lending import (
    LendingGain,
    gain_of,
    is_better,
    with_lending,
    with_lent_reasons,
)
from collector_app.planning.prizes import WEIGHTS
from collector_app.planning.problem_builder import BuiltDay, build_day, chances_reason
from collector_app.planning.queries import CandidateRow, day_rows, plan_of_job
from collector_app.planning.rules import (
    AIMS,
    AimWeights,
    PlanAim,
    PlanPolicy,
    ReasonCode,
    SkipCause,
    Vehicle,
)
from collector_app.planning.services import NewPlan, NewRoute, NewSkipped, NewStop
from collector_app.planning.solving import SolvedDay, solve_day
from collector_app.planning.travel_times import STREETS, TravelSettings, open_for, travel_settings
from collector_app.planning.worth import EXPECTED_FACT
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.maps import encode_line
from routing.bound import Bound
from routing.plan import ChangeKind, PlannedStop, Skipped, SkipReason
from routing.scoring import Prize
from routing.travel.times import TravelTimes

CAUSES = {
    SkipReason.NO_LEGAL_WINDOW: SkipCause.NO_LEGAL_WINDOW,
    SkipReason.OUTSIDE_SHIFT: SkipCause.OUTSIDE_SHIFT,
    SkipReason.UNREACHABLE: SkipCause.UNREACHABLE,
    SkipReason.NO_SHIFT: SkipCause.NO_COLLECTOR,
    SkipReason.NOT_WORTH_THE_TRIP: SkipCause.NOT_WORTH_THE_TRIP,
    SkipReason.NO_TIME_LEFT: SkipCause.NO_TIME_LEFT,
    SkipReason.MAX_STOPS: SkipCause.MAX_STOPS,
    SkipReason.CASH_LIMIT: SkipCause.CASH_LIMIT,
    SkipReason.BREAKS: SkipCause.BREAKS,
    SkipReason.MISSING_SKILL: SkipCause.MISSING_SKILL,
    SkipReason.NOT_ALLOWED: SkipCause.NOT_ALLOWED,
    SkipReason.RESTING: SkipCause.RESTING,
    SkipReason.GROUP_TAKEN: SkipCause.GROUP_TAKEN,
    SkipReason.WAITS_FOR: SkipCause.WAITS_FOR,
    SkipReason.FITS: SkipCause.FITS,
}


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Which day to plan, how long to search, from which seed, and for whom.

    ``proof_seconds`` is how long to look, for each route, for what could have been at most.
    With ``may_lend`` clients beside a border may be visited from its other side; the search then
    runs twice, to tell what that gained. ``weights`` are those of the aim, or somebody's own.
    """

    day: date
    seconds: float
    seed: int
    actor: Actor
    job_id: str | None = None
    proof_seconds: float = 0.0
    aim: PlanAim = PlanAim.BALANCED
    weights: AimWeights = AIMS[PlanAim.BALANCED]
    may_lend: bool = False


def run_plan(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Handle the job ``plan_day``; run twice it stores the plan once."""
    request = PlanRequest(
        day=date.fromisoformat(arguments["day"]),
        seconds=arguments["seconds"],
        seed=arguments["seed"],
        actor=Actor(arguments["actor_id"], Role(arguments["role"])),
        job_id=arguments["job_id"],
        proof_seconds=arguments.get("proof_seconds", 0),
        aim=PlanAim(arguments.get("aim", PlanAim.BALANCED)),
        weights=AimWeights.of_plan(arguments),
        may_lend=arguments.get("may_lend", False),
    )
    plan_id = make_plan(request, report, jobs.early_end(arguments["job_id"]))
    return {"plan_id": plan_id, "next_url": f"/planes/{plan_id}"}


def make_plan(request: PlanRequest, report: Report, ends_early: EndsEarly = never) -> int:
    """Make, check and store the plan of a day; return its id.

    Once `ends_early` says so, the best routes found so far become the plan.

    Raises
    ------
    NoWorkdays, NoZones, NoDebts
        If there is nothing to plan.
    StreetsUnavailable, SolverStopped, PlanRejected
        If no plan that holds could be made; nothing is stored then.
    """
    report(0.0, _("Leyendo la cartera"))
    policy, zone = PlanPolicy(), local_zone()
    settings = travel_settings(current_app.config, Path(current_app.instance_path))
    built = _built(request, policy, zone)
    if isinstance(built, int):
        return built
    travel = open_for(settings)
    gain = None
    if request.may_lend:
        built, solved, gain = _solved_with_lending(
            request, built, policy, travel, report, ends_early
        )
    else:
        solved = _solved(request, built, travel, report, ends_early)
    report(0.98, _("Guardando"))
    parameters = _parameters(request, policy, settings, built, solved, travel.name)
    if gain is not None:
        parameters["lending"] = gain.as_facts()
    plan = new_plan(built, solved, policy, parameters, _misplaced(settings, built, solved))
    with transaction() as session:
        return services.store_plan(session, request.actor, plan, request.job_id)


def _solved(
    request: PlanRequest,
    built: BuiltDay,
    travel: TravelTimes,
    report: Report,
    ends_early: EndsEarly,
) -> SolvedDay:
    return solve_day(
        built.problem,
        travel,
        seconds=request.seconds,
        seed=request.seed,
        tell=_teller(report, has_proof=request.proof_seconds > 0),
        proof_seconds=request.proof_seconds,
        ends_early=ends_early,
    )


def _solved_with_lending(
    request: PlanRequest,
    built: BuiltDay,
    policy: PlanPolicy,
    travel: TravelTimes,
    report: Report,
    ends_early: EndsEarly,
) -> tuple[BuiltDay, SolvedDay, LendingGain]:
    """Solve within the zones, then with lending; keep the better one, with what it gained."""

    def half(begin: float) -> Report:
        return lambda share, note: report(begin + share / 2, note)

    within = _solved(request, built, travel, half(0.0), ends_early)
    wider = with_lending(built, policy)
    lending = _solved(request, wider, travel, half(0.49), ends_early)
    if not is_better(built, lending.plan, within.plan, policy):
        return built, within, LendingGain(0, 0, 0, 0)
    gain = gain_of(built, lending.plan, within.plan)
    return with_lent_reasons(wider, lending.plan), lending, gain


def _built(request: PlanRequest, policy: PlanPolicy, zone: ZoneInfo) -> BuiltDay | int:
    """Read and build, or return the plan that this job stored before its worker died."""
    session = db.session()
    try:
        stored = plan_of_job(session, request.job_id) if request.job_id else None
        if stored is not None:
            return stored
        rows = day_rows(session, request.day, zone, policy)
    finally:
        session.rollback()  # no transaction stays open while the search runs
    return build_day(rows, policy, request.weights)


def _teller(report: Report, *, has_proof: bool) -> Any:
    """Return what turns the phases of the solver into shares of the whole and words."""
    searched = 0.4 if has_proof else 0.9

    def tell(phase: str, share: float, prize: int) -> None:
        del prize  # what the search weighs, with urgency and exploration: no money one can expect
        match phase:
            case "measure":
                report(0.05, _("Calculando trayectos"))
            case "solve":
                report(0.15 + (searched - 0.15) * share, _("Buscando las rutas que más recuperan"))
            case "verify":
                report(searched + 0.02, _("Revisando el plan"))
            case "prove":
                note = _("Demostrando cuánto se podría recuperar a lo más")
                report(searched + 0.02 + (0.92 - searched) * share, note)
            case _:
                report(0.94, _("Dibujando las rutas"))

    return tell


def _misplaced(
    settings: TravelSettings, built: BuiltDay, solved: SolvedDay
) -> dict[int, dict[str, Any]]:
    """Return, by client, why no street leads there; a person may then correct the location."""
    rows = {row.client_id: row for row in built.rows.candidates}
    workdays = {one.collector_id: one for one in built.rows.workdays}
    by_vehicle: dict[Vehicle, list[CandidateRow]] = {}
    for skipped in solved.plan.skipped:
        row = rows[int(skipped.candidate_id)]
        if skipped.reason is SkipReason.UNREACHABLE and row.collector_id in workdays:
            by_vehicle.setdefault(workdays[row.collector_id].vehicle, []).append(row)
    guide = open_guide(settings) if by_vehicle and settings.provider == STREETS else None
    if guide is None:
        return {}
    told: dict[int, dict[str, Any]] = {}
    for vehicle, members in by_vehicle.items():
        positions = [(row.lat or 0.0, row.lon or 0.0) for row in members]
        for index, facts in guide.misplaced(positions, vehicle).items():
            lat, lon = positions[index]
            told[members[index].client_id] = facts | {"lat": lat, "lon": lon}
    return told


def new_plan(
    built: BuiltDay,
    solved: SolvedDay,
    policy: PlanPolicy,
    parameters: dict[str, Any],
    misplaced: Mapping[int, dict[str, Any]] = MappingProxyType({}),
) -> NewPlan:
    """Turn a solved day into what is stored; shifts without stops leave no route.

    `misplaced` holds more facts on clients whom no street reaches.
    """
    workdays = {str(one.collector_id): one for one in built.rows.workdays}
    routes = tuple(
        NewRoute(
            workday=workdays[route.shift_id],
            leaves_s=route.leaves_s,
            returns_s=route.returns_s,
            travel_s=route.travel_s,
            travel_m=route.travel_m,
            path=encode_line(solved.lines[route.shift_id]),
            stops=tuple(_stop(stop, built, policy) for stop in route.stops),
        )
        for route in solved.plan.routes
        if route.stops
    )
    before = tuple(
        NewSkipped(one.client_id, one.collector_id, one.cause, one.facts) for one in built.skipped
    )
    return NewPlan(
        day=built.rows.day,
        travel_source=solved.plan.travel_source,
        is_estimate=solved.plan.is_estimate,
        parameters=parameters,
        routes=routes,
        skipped=before + _skipped(built, solved.plan.skipped, misplaced),
    )


def _stop(stop: PlannedStop, built: BuiltDay, policy: PlanPolicy) -> NewStop:
    client_id = int(stop.candidate_id)
    reasons = [*built.reasons[client_id]]
    if stop.detour_s <= policy.on_the_way_s:
        reasons.append({"code": ReasonCode.ON_THE_WAY.value, "detour_s": stop.detour_s})
    worth = built.prize_at(client_id, stop.starts_s)
    if worth.expected_cents:
        told = {"code": ReasonCode.EXPECTED.value, "prize_cents": worth.expected_cents}
        reasons.append(told)
    reasons += [_at_hour(one, worth) for one in built.scores[client_id]]
    return NewStop(
        client_id=client_id,
        arrives_s=stop.arrives_s,
        starts_s=stop.starts_s,
        leaves_s=stop.leaves_s,
        travel_s=stop.travel_s,
        travel_m=stop.travel_m,
        detour_s=stop.detour_s,
        prize_cents=worth.expected_cents,
        reasons=reasons,
    )


def _at_hour(reason: dict[str, Any], worth: Prize) -> dict[str, Any]:
    """Return a reason as it holds at the hour of a visit, whose prize is ``worth``."""
    return chances_reason(worth, is_expected=False) if reason.get("by_part") else reason


def _skipped(
    built: BuiltDay, skipped: tuple[Skipped, ...], misplaced: Mapping[int, dict[str, Any]]
) -> tuple[NewSkipped, ...]:
    rows = {row.client_id: row for row in built.rows.candidates}
    return tuple(
        NewSkipped(
            client_id=int(one.candidate_id),
            collector_id=rows[int(one.candidate_id)].collector_id,
            cause=CAUSES[one.reason],
            facts=one.facts
            | change_facts(one, bool(rows[int(one.candidate_id)].appointments))
            | _treatment_facts(built, int(one.candidate_id))
            | {EXPECTED_FACT: built.prizes[int(one.candidate_id)].expected_cents}
            | misplaced.get(int(one.candidate_id), {}),
        )
        for one in skipped
    )


def _treatment_facts(built: BuiltDay, client_id: int) -> dict[str, Any]:
    """Return how the treatment of a client's segment weighed the visit, where it did."""
    told = (one for one in built.reasons[client_id] if one["code"] == ReasonCode.TREATMENT.value)
    return next(({"treatment": one} for one in told), {})


def change_facts(skipped: Skipped, has_appointment: bool) -> dict[str, Any]:
    """Return what would bring a client in; the hours of the law are never to be widened."""
    change = skipped.change
    if change is None or (change.kind is ChangeKind.WIDEN_WINDOW and not has_appointment):
        return {}
    return {"change": {"kind": change.kind.value, **change.facts}}


def _parameters(
    request: PlanRequest,
    policy: PlanPolicy,
    settings: TravelSettings,
    built: BuiltDay,
    solved: SolvedDay,
    travel_name: str,
) -> dict[str, Any]:
    """Return what is needed to compute the plan again, and to judge it."""
    return {
        "law": built.rows.profile.id.partition("+")[0],
        "profile": built.rows.profile.id,
        "profile_version": built.rows.profile.version,
        "seconds": request.seconds,
        "seed": request.seed,
        "aim": request.aim.value,
        "aim_weights": asdict(request.weights),
        "solver": solved.plan.solver,
        "travel": travel_name,
        "travel_provider": settings.provider,
        "matrix_hash": solved.matrix_hash,
        "policy": asdict(policy),
        "weights": asdict(WEIGHTS),
        "bounds": {shift: _kept(bound) for shift, bound in solved.bounds.items()},
    }


def _kept(bound: Bound) -> dict[str, Any]:
    """Return what the plan keeps of a bound: cents, and what was left out of it."""
    return {
        "upper_cents": bound.upper_bound,
        "made_cents": floor(bound.objective or 0),
        "relaxed": list(bound.relaxed),
    }
