"""From a problem to a plan that was checked, with the lines of its routes."""

import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from collector_app.core.jobs import EndsEarly, never
from collector_app.planning.rules import PlanRejected, SolverStopped, StreetsUnavailable
from routing.bound import Bound, bounds_of
from routing.errors import SolverFailed, TravelTimesUnavailable
from routing.geo import Point
from routing.measure import Matrices, measure
from routing.plan import Plan
from routing.problem import Problem, Shift
from routing.solver import SolverParams, solve
from routing.travel.times import TravelTimes
from routing.verifier import verify

MOST_PROCESSES = 8

log = logging.getLogger(__name__)

Tell = Callable[[str, float, int], None]
"""``tell(phase, share, prize)``: phases are measure, solve, verify, prove and draw."""


@dataclass(frozen=True, slots=True)
class SolvedDay:
    """A plan that keeps every rule, and what it was made with.

    Attributes
    ----------
    lines : mapping of shift id to points
        Along the streets from start to end; only of routes with stops.
    matrix_hash : str
        Of all travel times the plan was made with.
    bounds : mapping of shift id to Bound
        What no route of that shift could exceed, where that was asked for.
    """

    plan: Plan
    lines: Mapping[str, Sequence[Point]]
    matrix_hash: str
    bounds: Mapping[str, Bound]


def solve_day(
    problem: Problem,
    travel: TravelTimes,
    *,
    seconds: float,
    seed: int,
    tell: Tell,
    proof_seconds: float = 0.0,
    ends_early: EndsEarly = never,
) -> SolvedDay:
    """Solve in child processes, check the result independently, and draw the routes.

    An exception out of `tell` ends the child processes and goes through.

    Parameters
    ----------
    proof_seconds : float
        How long to look, for each route, for a bound of what could have been; 0 for none.
    ends_early : callable, optional
        Asked often; once it says so the best routes found so far are kept, without a bound.

    Raises
    ------
    StreetsUnavailable
        If the travel times can't be had.
    SolverStopped
        If a solving process fails or dies.
    PlanRejected
        If the check finds anything wrong with the plan.
    """
    try:
        tell("measure", 0.0, 0)
        matrices = measure(problem, travel)
        plan = solve(
            problem,
            travel,
            SolverParams(seconds=seconds),
            seed,
            lambda share, prize: tell("solve", share, prize),
            processes=_processes(),
            matrices=matrices,
            should_stop=ends_early,
        )
        tell("verify", 0.0, plan.prize)
        _check(problem, plan, matrices)
        bounds = _bounds(problem, plan, matrices, proof_seconds, tell, ends_early)
        tell("draw", 0.0, plan.prize)
        lines = _lines(problem, plan, travel)
    except TravelTimesUnavailable as error:
        raise StreetsUnavailable(str(error), source=travel.name) from error
    except SolverFailed as error:
        raise SolverStopped(str(error)) from error
    return SolvedDay(plan, lines, _hash(matrices), bounds)


def _processes() -> int:
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0)))


def _check(problem: Problem, plan: Plan, matrices: Matrices) -> None:
    violations = verify(problem, plan, matrices)
    if violations:
        for one in violations:
            log.error("the solver's plan was refused: %s", one)
        raise PlanRejected(str(violations[0]), count=len(violations))


def _bounds(
    problem: Problem,
    plan: Plan,
    matrices: Matrices,
    seconds: float,
    tell: Tell,
    ends_early: EndsEarly,
) -> Mapping[str, Bound]:
    """Return what no route could exceed, by shift; nothing when that is not wanted any more."""

    def on_share(share: float) -> None:
        if ends_early():
            raise _EndedEarly
        tell("prove", share, plan.prize)

    if not seconds or ends_early():
        return {}
    try:
        return bounds_of(
            problem, plan, matrices, seconds=seconds, processes=_processes(), on_share=on_share
        )
    except _EndedEarly:
        return {}


class _EndedEarly(Exception):
    """Ends the processes that look for bounds."""


def _lines(problem: Problem, plan: Plan, travel: TravelTimes) -> dict[str, Sequence[Point]]:
    points = {candidate.id: candidate.point for candidate in problem.candidates}
    return {
        shift.id: _line(shift, [points[stop.candidate_id] for stop in route.stops], travel)
        for shift, route in zip(problem.shifts, plan.routes, strict=True)
        if route.stops
    }


def _line(shift: Shift, visits: list[Point], travel: TravelTimes) -> list[Point]:
    end = [shift.end] if shift.end is not None else []
    legs = travel.legs([shift.start, *visits, *end], shift.profile, shift.window.start_s)
    return [point for leg in legs for point in leg.points]


def _hash(matrices: Matrices) -> str:
    digest = hashlib.sha256()
    for shift_id in sorted(matrices):
        digest.update(shift_id.encode())
        digest.update(matrices[shift_id].matrix.seconds.tobytes())
    return digest.hexdigest()[:16]
