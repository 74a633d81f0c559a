"""Checks a finished plan from scratch: shares no code with the solver, rounds nothing.

Every rule is checked in whole seconds, metres and points against the problem and the travel
times. What the plan says about itself (rides, detours, reasons, totals) is worked out again by
plain simulation and compared.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from routing.plan import Plan
from routing.problem import Problem
from routing.verifier.days import Day, Measured, Rides
from routing.verifier.reasons import Case
from routing.verifier.violations import Rule, Violation

__all__ = ["Rule", "Violation", "verify"]


def verify(problem: Problem, plan: Plan, matrices: Mapping[str, Measured]) -> list[Violation]:
    """Return everything that is wrong with the plan; an empty list means that it holds.

    Parameters
    ----------
    matrices : mapping of shift id to (points, Matrix)
        The travel times the plan was made with, as `routing.measure` gives them. A shift that
        visits nobody needs none.
    """
    violations = list(_check_cover(problem, plan))
    if any(one.rule is Rule.ROUTES for one in violations):
        return violations  # without one route per shift nothing further can be compared
    rides = {id(measured): Rides(measured) for measured in matrices.values()}
    days = [
        Day(problem, shift, rides.get(id(matrices.get(shift.id)), Rides(None)))
        for shift in problem.shifts
    ]
    for r, (day, route) in enumerate(zip(days, plan.routes, strict=True)):
        violations += day.check(f"routes[{r}]", route)
    prize = sum(stop.prize for route in plan.routes for stop in route.stops)
    if plan.prize != prize:
        violations.append(
            Violation(Rule.TOTAL, "prize", f"says {plan.prize}, stops add to {prize}")
        )
    if not any(one.rule in _SPOILS_REASONS for one in violations):
        violations += _check_reasons(problem, plan, days)
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
    places += [(f"skipped[{i}]", one.candidate_id) for i, one in enumerate(plan.skipped)]
    known = {candidate.id for candidate in problem.candidates}
    seen: Counter[str] = Counter()
    for place, one in places:
        seen[one] += 1
        if one not in known:
            yield Violation(Rule.UNKNOWN, place, f"{one!r} is not in the problem")
        if seen[one] > 1:
            yield Violation(Rule.REPEATED, place, f"{one!r} was met before in the plan")
    for candidate in problem.candidates:
        if candidate.id not in seen:
            detail = f"{candidate.id!r} is neither visited nor skipped"
            yield Violation(Rule.FORGOTTEN, "plan", detail)


def _check_reasons(problem: Problem, plan: Plan, days: Sequence[Day]) -> Iterator[Violation]:
    candidates = {candidate.id: candidate for candidate in problem.candidates}
    for i, skipped in enumerate(plan.skipped):
        case = Case(candidates[skipped.candidate_id], days, problem.travel_cost_per_hour)
        yield from case.check(f"skipped[{i}]", skipped)
