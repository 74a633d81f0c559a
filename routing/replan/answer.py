"""The new plan of the whole day: visits made, then what is left, as each route goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routing.explain import plan_of, travel_cost
from routing.geo import Point
from routing.measure import Matrices, Measured
from routing.objective import moved_price, outside_price
from routing.plan import Plan, PlannedStop, Route, Skipped, SkipReason, Visit
from routing.problem import Problem, Shift
from routing.replan.differences import Differences
from routing.replan.history import Standing
from routing.replan.rest import Rest
from routing.travel.times import UNREACHABLE


@dataclass(frozen=True)
class Replanned:
    """The new plan and what it changes.

    Attributes
    ----------
    plan : Plan
        Of the whole day: visits made, then the rest. Its ``skipped`` is empty unless explained.
    differences : Differences
    is_explained : bool
    rest : Rest
        What was left when the changes came in.
    rest_plan : Plan
        The plan of that alone.
    """

    plan: Plan
    differences: Differences
    is_explained: bool
    rest: Rest
    rest_plan: Plan
    old_skipped: tuple[Skipped, ...]

    def as_problem(self) -> tuple[Problem, Plan, Matrices]:
        """Return what is left as a problem of its own, the plan of it, and its rides.

        `routing.verify` takes the three as they are: every rule holds for what is left.
        """
        return self.rest.problem, self.explained().rest_plan, self.rest.matrices

    def explained(self, *, swaps_too: bool = True) -> "Replanned":
        """Return the same with a reason for each candidate left out, which takes longer.

        Most of that goes into looking for whoever might give way to them (``swaps_too``).
        """
        if self.is_explained:
            return self
        plan = self.rest_plan
        orders = {
            route.shift_id: [Visit(stop.candidate_id, stop.waits) for stop in route.stops]
            for route in plan.routes
        }
        problem, matrices = self.rest.problem, self.rest.matrices
        explained = plan_of(
            problem,
            matrices,
            orders,
            seed=plan.seed,
            solver=plan.solver,
            swaps_too=swaps_too,
        )
        return replace(
            self,
            plan=replace(self.plan, skipped=self._skipped(explained)),
            is_explained=True,
            rest_plan=explained,
        )

    def _skipped(self, explained: Plan) -> tuple[Skipped, ...]:
        """Return who is left out of the whole day, those whom no change could reach as before."""
        visited = {stop.candidate_id for route in self.plan.routes for stop in route.stops}
        asked = {one.id for one in self.rest.problem.candidates}
        before = [
            one
            for one in self.old_skipped
            if one.candidate_id not in asked and one.candidate_id not in visited
        ]
        return (*before, *(self._in_the_day(one) for one in explained.skipped))

    def _in_the_day(self, skipped: Skipped) -> Skipped:
        """Return a reason that knows of the visits made: the group of one is taken."""
        other = self.rest.taken_by.get(skipped.candidate_id)
        if other is None:
            return skipped
        return Skipped(skipped.candidate_id, SkipReason.GROUP_TAKEN, {"other": other})


def rest_plan_of(rest: Rest, found: Mapping[str, Route], seed: int, solver: str) -> Plan:
    """Return the plan of what is left, without a word on those left out."""
    candidates = {one.id: one for one in rest.problem.candidates}
    routes = []
    for shift in rest.problem.shifts:
        route = found.get(shift.id) or _day_off(shift)
        stops = tuple(
            replace(
                stop,
                detour_cost=travel_cost(stop.detour_s, rest.problem.travel_cost_per_hour),
                outside_price=outside_price(candidates[stop.candidate_id], shift, stop.starts_s),
                moved_price=moved_price(rest.problem, candidates[stop.candidate_id], shift),
            )
            for stop in route.stops
        )
        routes.append(replace(route, stops=stops))
    matrices = [rest.matrices[shift.id].matrix for shift in rest.problem.shifts]
    return Plan(
        routes=tuple(routes),
        skipped=(),
        prize=sum(stop.prize for route in routes for stop in route.stops),
        travel_source=", ".join(sorted({matrix.source for matrix in matrices})),
        is_estimate=any(matrix.is_estimate for matrix in matrices),
        seed=seed,
        solver=solver,
    )


def _day_off(shift: Shift) -> Route:
    return Route(shift.id, (), shift.window.start_s, shift.window.start_s, 0, 0)


def whole_plan(
    old: Plan, rest: Rest, rest_plan: Plan, made: Mapping[str, Sequence[PlannedStop]]
) -> Plan:
    """Return the plan of the whole day; routes out of reach stay as they were."""
    new = {route.shift_id: route for route in rest_plan.routes}
    routes = tuple(
        _whole(route, rest.standings[route.shift_id], made[route.shift_id], new, rest)
        if route.shift_id in new
        else route
        for route in old.routes
    )
    sources = {old.travel_source, rest_plan.travel_source} - {""}
    return Plan(
        routes=routes,
        skipped=(),
        prize=sum(stop.prize for route in routes for stop in route.stops),
        travel_source=", ".join(sorted({one for many in sources for one in many.split(", ")})),
        is_estimate=old.is_estimate or rest_plan.is_estimate,
        seed=rest_plan.seed,
        solver=rest_plan.solver,
    )


def _whole(
    old: Route,
    standing: Standing,
    made: Sequence[PlannedStop],
    new: Mapping[str, Route],
    rest: Rest,
) -> Route:
    ahead = new[old.shift_id]
    if not made and not standing.rested:
        return ahead
    if tuple(made) == old.stops and not ahead.stops:
        return old
    leaves_s = _leaves_s(old, made, ahead)
    ridden_s = sum(stop.travel_s for stop in made)
    ridden_m = sum(stop.travel_m for stop in made)
    if not ahead.stops:
        goal = standing.shift.end or standing.here
        home_s, home_m = _ride(rest.matrices[old.shift_id], standing.here, goal)
        if not made:
            home_s, home_m = 0, 0
        returns_s = standing.free_s + home_s
        return Route(
            old.shift_id,
            tuple(made),
            leaves_s,
            returns_s,
            ridden_s + home_s,
            ridden_m + home_m,
            standing.rested,
        )
    first, *others = ahead.stops
    first = replace(first, breaks=(*standing.rested, *first.breaks))
    return replace(
        ahead,
        stops=(*made, first, *others),
        leaves_s=leaves_s,
        travel_s=ridden_s + ahead.travel_s,
        travel_m=ridden_m + ahead.travel_m,
    )


def _leaves_s(old: Route, made: Sequence[PlannedStop], ahead: Route) -> int:
    """Return when the first ride of the day began."""
    if not made:
        return ahead.leaves_s
    if old.stops and made[0] == old.stops[0]:
        return old.leaves_s
    return made[0].arrives_s - made[0].travel_s


def _ride(rides: Measured, origin: Point, goal: Point) -> tuple[int, int]:
    number = {point: i for i, point in enumerate(rides.points)}
    seconds = int(rides.matrix.seconds[number[origin], number[goal]])
    metres = int(rides.matrix.metres[number[origin], number[goal]])
    return (0, 0) if seconds == UNREACHABLE else (seconds, metres)
