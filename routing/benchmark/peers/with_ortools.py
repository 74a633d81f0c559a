"""OR-Tools routing: the set-up of its guides, and the best one found for prize collecting."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.benchmark.instance import Grid, Instance, grid_of
from routing.benchmark.peers.answer import Answer, Budget
from routing.benchmark.peers.with_pyvrp import prize_scale
from routing.problem import LATEST_S

_FIRST = routing_enums_pb2.FirstSolutionStrategy
_META = routing_enums_pb2.LocalSearchMetaheuristic
_REMOVED_VISITS = 10
_PRIZE_IN_RIDES = 50  # what a mean prize is worth, in rides to the five nearest: best of 10 to 50
# OR-Tools has only a limit of wall time and holds the GIL meanwhile: on a busy machine it is
# run again with more wall time until it got its CPU seconds.
_ENOUGH_OF_BUDGET = 0.9
_MOST_STRETCH = 8.0


def solve_with_ortools(instance: Instance, budget: Budget) -> Answer:
    """Search iteratively by ruin and recreate, prizes scaled to rides: best of 30 set-ups.

    ``SolveWithParameters`` would silently ignore the parameters of the iterated search.
    """
    return _solve(
        instance,
        budget,
        prize_scale(instance, grid_of(instance), _PRIZE_IN_RIDES),
        lambda routing, seconds: routing.SolveWithIteratedLocalSearch(_iterated(seconds)),
        "iterated local search",
    )


def solve_with_usual_ortools(instance: Instance, budget: Budget) -> Answer:
    """Take the cheapest arcs, then search locally; a prize outweighs any ride, as in the guides."""
    return _solve(
        instance,
        budget,
        _outweighing(instance),
        lambda routing, seconds: routing.SolveWithParameters(_guided(seconds)),
        "path cheapest arc, guided local search",
    )


def _outweighing(instance: Instance) -> float:
    if instance.is_cost:
        return 3600 / instance.problem.travel_cost_per_hour
    longest_s = max(shift.window.end_s - shift.window.start_s for shift in instance.problem.shifts)
    least = min(one.prize for one in instance.problem.candidates if one.prize > 0)
    return (longest_s + 1) / least


Search = Callable[[pywrapcp.RoutingModel, float], Any]


def _solve(instance: Instance, budget: Budget, scale: float, search: Search, way: str) -> Answer:
    grid = grid_of(instance)
    wall_s, began = budget.left_s(), budget
    while True:
        manager, routing = _model(instance, grid, scale)
        assignment = search(routing, wall_s)
        used_s = budget.used_s()
        if used_s >= _ENOUGH_OF_BUDGET * budget.cpu_s or wall_s >= _MOST_STRETCH * budget.cpu_s:
            break
        wall_s *= min(4.0, budget.cpu_s / max(used_s, 1e-3)) * 1.05
        budget = Budget(began.cpu_s, began.seed)
    orders = _orders(instance, manager, routing, assignment)
    return Answer(orders, used_s, f"ortools {version('ortools')}, {way}")


def _model(
    instance: Instance, grid: Grid, scale: float
) -> tuple[pywrapcp.RoutingIndexManager, pywrapcp.RoutingModel]:
    problem, n = instance.problem, len(instance.problem.candidates)
    homes = sorted(set(grid.start_place) | set(grid.end_place))
    node = {place: n + i for i, place in enumerate(homes)}
    place = [*grid.candidate_place, *homes]
    manager = pywrapcp.RoutingIndexManager(
        len(place),
        len(problem.shifts),
        [node[one] for one in grid.start_place],
        [node[one] for one in grid.end_place],
    )
    routing = pywrapcp.RoutingModel(manager)
    rides = grid.seconds[np.ix_(place, place)]
    stays = np.array([one.stay_s for one in problem.candidates] + [0] * len(homes))
    clock = routing.RegisterTransitMatrix((rides + stays[:, None]).tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(rides.tolist()))
    routing.AddDimension(clock, LATEST_S, LATEST_S, False, "clock")
    dimension = routing.GetDimensionOrDie("clock")
    for i, candidate in enumerate(problem.candidates):
        index = manager.NodeToIndex(i)
        window = candidate.windows[0]
        dimension.CumulVar(index).SetRange(window.start_s, window.end_s)
        routing.AddDisjunction([index], round(candidate.prize * scale))
    for v, shift in enumerate(problem.shifts):
        for index in (routing.Start(v), routing.End(v)):
            dimension.CumulVar(index).SetRange(shift.window.start_s, shift.window.end_s)
    _limit_load(instance, manager, routing)
    return manager, routing


def _limit_load(
    instance: Instance, manager: pywrapcp.RoutingIndexManager, routing: pywrapcp.RoutingModel
) -> None:
    limits = [shift.cash_limit for shift in instance.problem.shifts]
    if any(limit is not None for limit in limits):
        loads = [one.cash for one in instance.problem.candidates]
        loads += [0] * (manager.GetNumberOfNodes() - len(loads))
        load = routing.RegisterUnaryTransitVector(loads)
        bounds = [sum(loads) if limit is None else limit for limit in limits]
        routing.AddDimensionWithVehicleCapacity(load, 0, bounds, True, "load")


def _guided(seconds: float) -> Any:
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = _FIRST.PATH_CHEAPEST_ARC
    search.local_search_metaheuristic = _META.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(max(1, round(seconds * 1000)))
    return search


def _iterated(seconds: float) -> Any:
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = _FIRST.LOCAL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = _META.GREEDY_DESCENT
    ils = search.iterated_local_search_parameters
    ruin = ils.ruin_recreate_parameters
    del ruin.ruin_strategies[:]
    ruin.ruin_strategies.add().random_walk.num_removed_visits = _REMOVED_VISITS
    sisr = ruin.ruin_strategies.add().sisr
    sisr.max_removed_sequence_size = _REMOVED_VISITS
    sisr.avg_num_removed_visits = _REMOVED_VISITS
    sisr.bypass_factor = 0.01
    ruin.ruin_composition_strategy = 2  # all of them, in random order
    ruin.recreate_strategy.heuristic = _FIRST.LOCAL_CHEAPEST_COST_INSERTION
    ils.reference_solution_acceptance_strategy.simulated_annealing.automatic_temperatures = True
    search.time_limit.FromMilliseconds(max(1, round(seconds * 1000)))
    return search


def _orders(
    instance: Instance,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
    assignment: pywrapcp.Assignment | None,
) -> dict[str, list[str]]:
    orders: dict[str, list[str]] = {shift.id: [] for shift in instance.problem.shifts}
    if assignment is None:
        return orders
    for v, order in enumerate(orders.values()):
        index = assignment.Value(routing.NextVar(routing.Start(v)))
        while not routing.IsEnd(index):
            order.append(instance.problem.candidates[manager.IndexToNode(index)].id)
            index = assignment.Value(routing.NextVar(index))
    return orders
