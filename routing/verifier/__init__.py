"""Checks a finished plan from scratch: shares no code with the solver, rounds nothing.

Every rule is checked in whole seconds, metres and points against the problem and the travel
times. What the plan says about itself (rides, detours, reasons, totals) is worked out again by
plain simulation and compared.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from routing.plan import Plan
from routing.problem import Problem
from routing.verifier.bonds import Bonds
from routing.verifier.days import Day
from routing.verifier.reasons import Cases
from routing.verifier.rides import Measured, Rides
from routing.verifier.routes import Replay
from routing.verifier.violations import Rule, Violation

__all__ = ["Rule", "Violation", "verify"]


def verify(
    problem: Problem,
    plan: Plan,
    matrices: Mapping[str, Measured],
    *,
    reasons_too: bool = True,
) -> list[Violation]:
    """Return everything that is wrong with the plan; an empty list means that it holds.

    Parameters
    ----------
    matrices : mapping of shift id to (points, Matrix)
        The travel times the plan was made with, as `routing.measure` gives them. A shift that
        visits nobody needs none.
    reasons_too : bool
        False leaves out why the others were left out. To check that takes a look at each of them
        beside each stop: 72 CPU seconds on 5,000 clients with 50 shifts.
    """
    violations = list(_check_cover(problem, plan))
    if any(one.rule is Rule.ROUTES for one in violations):
        return violations  # without one route per shift nothing further can be compared
    rides = {id(measured): Rides(measured) for measured in matrices.values()}
    days = [
        Day(problem, shift, rides.get(id(matrices.get(shift.id)), Rides(None)))
        for shift in problem.shifts
    ]
    replays = [
        Replay(f"routes[{r}]", route, day)
        for r, (day, route) in enumerate(zip(days, plan.routes, strict=True))
    ]
    for replay in replays:
        violations += replay.check()
    bonds = Bonds(problem, replays)
    violations += bonds.check()
    prize = sum(stop.prize for route in plan.routes for stop in route.stops)
    if plan.prize != prize:
        violations.append(
            Violation(Rule.TOTAL, "prize", f"says {plan.prize}, stops add to {prize}")
        )
    if reasons_too and not any(one.rule in _SPOILS_REASONS for one in violations):
        cases = Cases(problem, days, bonds)
        for i, skipped in enumerate(plan.skipped):
            violations += cases.check(f"skipped[{i}]", skipped)
    return violations


# With these the days of the plan mean nothing, so "would it have fitted?" has no answer.
_SPOILS_REASONS = frozenset({Rule.UNKNOWN, Rule.REPEATED, Rule.NO_WAY, Rule.RIDE, Rule.CLOCK})


def _check_cover(problem: Problem, plan: Plan) -> Iterator[Violation]:
    shift_ids = [shift.id for shift in problem.shifts]
    route_ids = [route.shift_id for route in plan.routes]
    if route_ids != shift_ids:
        yield Violation(Rule.ROUTES, "routes", f"expected shifts {shift_ids}, got {route_ids}")
    places = [
        (f"routes[{r}].stops[{i}]", stop.candidate_id)
        for r, route in enumerate(plan.routes)
        for i, stop in enumerate(route.stops)
    ]
    seen = Counter(one for _, one in places)  # how often anybody is visited is checked later
    left_out = [(f"skipped[{i}]", one.candidate_id) for i, one in enumerate(plan.skipped)]
    known = {candidate.id for candidate in problem.candidates}
    for place, one in places + left_out:
        if one not in known:
            yield Violation(Rule.UNKNOWN, place, f"{one!r} is not in the problem")
    for place, one in left_out:
        seen[one] += 1
        if seen[one] > 1:
            yield Violation(Rule.REPEATED, place, f"{one!r} was met before in the plan")
    for candidate in problem.candidates:
        if candidate.id not in seen:
            detail = f"{candidate.id!r} is neither visited nor skipped"
            yield Violation(Rule.FORGOTTEN, "plan", detail)
