"""Whom each collector still visits: the present routes first, then a short search from them."""

from routing.explain.worth import has_two_ways
from routing.measure import split
from routing.plan import Orders, Route, Visit
from routing.problem import Problem
from routing.replan.mending import Mended
from routing.replan.orders import Kept, Tables
from routing.replan.rest import Rest
from routing.replan.steadiness import in_old_order, placed_anew
from routing.solver.parameters import ShouldStop, SolverParams


def search(
    rest: Rest, params: SolverParams, seed: int, should_stop: ShouldStop
) -> dict[str, Route]:
    """Return the routes of what is left by shift id, part by part, without prices."""
    found: dict[str, Route] = {}
    parts = _parts(rest)
    for part in parts:
        share = sum(len(one.candidates) for one in parts) / len(part.candidates)
        own = SolverParams(params.seconds / share, params.iterations, params.counts_cpu)
        found |= _search_part(part, rest, own, seed, should_stop).routes
    return found


def _parts(rest: Rest) -> list[Problem]:
    """Return the independent parts; one shift is one part, which saves checking it again."""
    problem = rest.problem
    if len(problem.shifts) == 1 and problem.candidates:
        known = set(rest.matrices[problem.shifts[0].id].points)
        if all(one.point in known and one.max_rest_days is None for one in problem.candidates):
            return [problem]
    return split(problem)


def _search_part(
    part: Problem, rest: Rest, params: SolverParams, seed: int, should_stop: ShouldStop
) -> Mended:
    """Return the better of the present routes, mended and filled up, and what a search finds."""
    from routing.solver.model import Model  # noqa: PLC0415 - loads the compiled kernels
    from routing.solver.search import Budget, Search  # noqa: PLC0415

    budget = Budget(params.seconds, params.iterations, params.counts_cpu)
    model = Model(part, rest.matrices)

    def settled(orders: Orders) -> Kept:
        """Return orders as far as they fit, filled up until nothing more fits and pays."""
        settling = Search(model, seed)
        settling.take({shift.id: orders.get(shift.id, ()) for shift in part.shifts})
        settling.settle()
        return settling.best()

    tried = [settled(rest.orders)]
    seeking = Search(model, seed)
    seeking.take(tried[0])
    seeking.cool()
    seeking.run(budget, lambda used: should_stop())
    tables = Tables(part, rest.matrices)
    tables.of(tried[0], bold := seeking.best())
    if bold != tried[0]:
        tried.append(settled(in_old_order(tables, rest, bold)))
    if rest.moved:
        tried.append(settled(placed_anew(tables, rest, tried[0])))
    different = [one for i, one in enumerate(tried) if one not in tried[:i]]
    waiting = _waiting_for_a_ride(part, rest)
    mended = [Mended(part, rest, tables, orders) for orders in [*waiting, *different]]
    return max(mended, key=lambda one: one.rank) if len(mended) > 1 else mended[0]


def _waiting_for_a_ride(part: Problem, rest: Rest) -> list[Kept]:
    """Return the present orders where somebody waits although to start outside costs nothing.

    The kernels know of no such wait. By the hour it can spare more on the road than it takes.
    """
    people = {one.id: one for one in part.candidates}
    orders = {
        shift.id: [
            one
            for one in rest.orders.get(shift.id, ())
            if isinstance(one, Visit) and one.candidate_id in people
        ]
        for shift in part.shifts
    }
    waits = [people[one.candidate_id] for order in orders.values() for one in order if one.waits]
    return [] if all(has_two_ways(one) for one in waits) else [orders]
