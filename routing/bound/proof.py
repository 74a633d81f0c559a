"""No plan can be worth more than this: a bound for the day of one collector, with proof.

The objective is that of `routing.solve` without its required candidates coming first: prizes less
the price of travel. `routing.solve` is asked for a plan first. If that one (or the plan given)
visits every required candidate, the bound holds for plans that visit them all, which the best plan
does. Otherwise they are treated as optional, which only raises it.

Method: the rule that nobody is visited twice is priced (Lagrangian relaxation), for each candidate
and for going around in sets of them (`subtours`). A dynamic programme over walks, quick as it
remembers nothing (`walks`), brings prices near by the volume method (`duals`). Another one
remembers a few rows (`recollection`: ng-routes, after Baldacci, Mingozzi and Roberti, "New route
relaxation and pricing strategies for the vehicle routing problem", 2011), wants prices of its own,
found by cutting planes (`planes`), and bounds all routes. Below that bound, labels are compared
(`sweep`). What routes are remembered to have visited grows where they repeat (decremental
state-space relaxation, Righini and Salani, "Decremental state space relaxation strategies and
initialization heuristics for solving the orienteering problem with time windows with dynamic
programming", 2009); what cannot exceed a cut is dropped, forwards and backwards (as in Boussier,
Feillet and Gendreau, "An exact algorithm for team orienteering problems", 2007), and steps that no
route worth more than the best one known can take are ruled out for good.

Why it holds: for prices p >= 0, a route r that repeats nobody is worth at most
``sum(p) + (value(r) - sum of p over its visits)``, also after the prices of sets are taken off,
which no such route breaks; and the dynamic programmes maximise the bracket over more routes than
there are. All of it is integer arithmetic, in 1/3600 point and seconds: there is no rounding to
allow for. Rules that are not modelled are left out, which allows more plans, and named in the
result.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd
from time import process_time

from routing.bound.network import UNITS_PER_POINT, network_of
from routing.bound.search import Limits, Search
from routing.errors import InvalidProblem
from routing.geo import Point
from routing.measure import Matrices, split
from routing.objective import value_of
from routing.plan import Plan, Visit
from routing.problem import Candidate, Problem, Shift, Window
from routing.solver.parts import Task, solve_part

METHOD = "lagrangian ng-routes"

# For a plan to begin with: share of the time, but no more than these seconds for each candidate.
_SEARCH_SHARE, _SEARCH_S_EACH = 0.1, 0.06
_SEARCHES = 4  # that share it: a long one stays in the first valley that it comes to
_SEARCH_STEPS = 500  # of each, where rounds count instead
_KEPT_SHARE = 0.01  # of the time: a step that has begun may take longer than the one before

Progress = Callable[[float, float, float], None]  # share of the budget 0..1, bound, best found


@dataclass(frozen=True, slots=True)
class Bound:
    """What no plan exceeds, and how far a plan is from it.

    Attributes
    ----------
    upper_bound : int, points
        Rounded up where travel has a price, exact otherwise.
    found : int, points
        What the best route met on the way is worth, rounded down. With rules left out
        (`relaxed`) it may not keep them.
    is_best : bool
        ``found`` is as much as there can be.
    seconds : float
        CPU seconds of this process.
    iterations : int
        Rounds of prices, memory and proof.
    method : str
    relaxed : tuple[str, ...]
        Fields of the problem that were left out; the bound would be lower with them.
    objective : Fraction or None, points
        Of the plan given.
    """

    upper_bound: int
    found: int
    is_best: bool
    seconds: float
    iterations: int
    method: str
    relaxed: tuple[str, ...]
    objective: Fraction | None = None

    def as_fields(self) -> dict[str, object]:
        """Return what the command writes."""
        fields: dict[str, object] = {
            "upper_bound": self.upper_bound,
            "found": self.found,
            "is_best": self.is_best,
            "seconds": self.seconds,
            "iterations": self.iterations,
            "method": self.method,
            "relaxed": list(self.relaxed),
        }
        if self.objective is not None:
            fields |= {"objective": floor(self.objective), "gap_percent": self.gap_percent}
        return fields

    @property
    def gap_percent(self) -> float | None:
        """Return how far below the best the plan is at most, in percent of the bound."""
        if self.objective is None:
            return None
        if self.upper_bound <= 0:
            return 0.0 if self.objective >= self.upper_bound else None
        return max(0.0, float(100 * (1 - self.objective / self.upper_bound)))


def bound_of(
    problem: Problem,
    matrices: Matrices,
    plan: Plan | None = None,
    *,
    seconds: float = 60.0,
    iterations: int | None = None,
    on_progress: Progress | None = None,
) -> Bound:
    """Return what no plan of a day with one shift can exceed.

    Stopping early gives a weaker bound, never a wrong one. Up to some 80 candidates it comes
    close; beyond 128 some repeated visits can only be priced, not forbidden.

    Parameters
    ----------
    matrices : result of `routing.measure`
        Where rides depend on the hour, the shortest of the day counts.
    plan : Plan, optional
        To be measured against the bound; a better one makes the bound tighter, too.
    seconds : float > 0
        CPU seconds of this process; a step is begun only if what the last one like it took is left.
    iterations : int >= 1, optional
        Stops after so many rounds instead: the same bound on any machine.
    on_progress : callable of share (0..1), bound and best found, points; optional
        What it raises ends the search and reaches the caller.

    Raises
    ------
    InvalidProblem
        If the problem has several shifts or none, or a limit is out of range.
    """
    if len(problem.shifts) != 1:
        raise InvalidProblem("shifts", f"expected one shift, got {len(problem.shifts)}")
    if not 0 < seconds < float("inf"):
        raise InvalidProblem("seconds", f"expected seconds > 0, got {seconds}")
    if iterations is not None and iterations <= 0:
        raise InvalidProblem("iterations", f"expected > 0, got {iterations}")
    began, shift = process_time(), problem.shifts[0]
    relaxed = _relaxed(problem, shift, matrices)
    network = network_of(problem, shift, matrices.get(shift.id), may_require=not relaxed)
    upper, lower, rounds = 0, 0, 0
    if network.size:
        plans = [_visits(plan)]
        plans += [
            _visits_found(problem, matrices, seconds, iterations, seed) for seed in range(_SEARCHES)
        ]
        search = Search(network, shift.max_stops, [network.order_of(one) for one in plans])
        left_s = max(1e-9, (1 - _KEPT_SHARE) * seconds - (process_time() - began))
        search.run(Limits(left_s, iterations), _in_points(on_progress))
        upper, lower, rounds = search.upper, search.lower, search.rounds
        relaxed += () if search.keeps_required else ("required",)
    step = gcd(UNITS_PER_POINT, problem.travel_cost_per_hour)  # every route is a multiple
    upper = max(lower, upper // step * step)
    return Bound(
        upper_bound=-(-upper // UNITS_PER_POINT),
        found=lower // UNITS_PER_POINT,
        is_best=upper == lower,
        seconds=round(process_time() - began, 3),
        iterations=rounds,
        method=METHOD,
        relaxed=relaxed,
        objective=None if plan is None else value_of(problem, plan).total,
    )


def warm() -> None:
    """Compile the kernels, or load them from the cache, so that nobody waits for it later."""
    from routing.bound.kernels import CACHE_FOLDER  # noqa: PLC0415 - loads Numba
    from routing.compiled import drop_older  # noqa: PLC0415 - loads Numba
    from routing.measure import Measured  # noqa: PLC0415 - only here
    from routing.travel.haversine import Haversine  # noqa: PLC0415 - only here

    places = [Point(0.0, 0.001 * i) for i in range(15)]
    day = Window(0, 4 * 3600)
    shift = Shift("warm", places[0], places[0], day)
    candidates = tuple(
        Candidate(str(i), place, 900, 10 + i, (day,)) for i, place in enumerate(places[1:])
    )
    matrix = Haversine().matrix(places, shift.profile)
    bound_of(
        Problem((shift,), candidates),
        {"warm": Measured(tuple(places), matrix)},
        iterations=1,
    )
    drop_older(CACHE_FOLDER)


def _in_points(on_progress: Progress | None) -> Callable[[float, int, int], None]:
    def tell(share: float, upper: int, lower: int) -> None:
        if on_progress is not None:
            on_progress(share, upper / UNITS_PER_POINT, lower / UNITS_PER_POINT)

    return tell


def _visits(plan: Plan | None) -> list[Visit]:
    """Return whom a plan visits, in order."""
    stops = [] if plan is None else [stop for route in plan.routes for stop in route.stops]
    return [Visit(stop.candidate_id, stop.waits) for stop in stops]


def _visits_found(
    problem: Problem, matrices: Matrices, seconds: float, iterations: int | None, seed: int
) -> list[Visit]:
    """Return whom the best plan that the solver finds by this seed visits, in order."""
    found: list[Visit] = []
    for part in split(problem):
        task = Task(
            part=part,
            matrices=matrices,
            seconds=min(_SEARCH_S_EACH * len(part.candidates), _SEARCH_SHARE * seconds) / _SEARCHES,
            iterations=None if iterations is None else _SEARCH_STEPS,
            counts_cpu=True,
            seed=seed,
            given=None,
        )
        visits = solve_part(task, lambda share, prize: None, lambda: False)
        found += [visit for order in visits.values() for visit in order]
    return found


def _relaxed(problem: Problem, shift: Shift, matrices: Matrices) -> tuple[str, ...]:
    """Return the fields that forbid plans, or cost something, and are left out."""
    candidates = problem.candidates
    measured = matrices.get(shift.id)
    present = {
        "breaks": bool(shift.breaks),
        "cash_limit": shift.cash_limit is not None,
        "after": any(c.after for c in candidates),
        "prices.moved": bool(problem.prices.moved)
        and any(c.published_shift not in {None, shift.id} for c in candidates),
        "prices.dropped": bool(problem.prices.dropped)
        and any(c.published_shift is not None for c in candidates),
        "rides by the hour": measured is not None and bool(measured.later),
    }
    return tuple(name for name, is_there in present.items() if is_there)
