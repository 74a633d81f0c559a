"""First routes by OR-Tools: iterated local search over optional visits with time windows.

The transits are registered as matrices, so OR-Tools holds the GIL for the whole search.
"""

import random
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.problem import DAY_S
from routing.solver.fill import Orders
from routing.solver.worth import Worth
from routing.timetable import Ints, Timetable
from routing.travel.times import Profile

_LARGEST_OBJECTIVE = 2**52  # keeps the sums of OR-Tools far from overflow
_NO_WAY_S = 2 * DAY_S  # no shift is that long, and its price does not overflow
_REMOVED_VISITS = 10  # per step, by each way of ruining
_WIDE_LIMIT_S, _WIDE_LIMIT_PER_SOLUTION_S = 1.0, 0.1  # 50 times what 100 candidates need


def first_orders(
    tables: Sequence[Timetable],
    worth: Worth,
    *,
    seed: int,
    seconds: float,
    solutions: int | None,
    on_better: Callable[[Orders], None],
) -> Orders:
    """Return the best orders that OR-Tools finds, empty ones when it finds none in time.

    Parameters
    ----------
    seed : int
        Shuffles the candidates: OR-Tools breaks ties by index and takes no seed itself.
    seconds : float
        Wall limit. Nothing ends this search earlier: what `on_better` raises is raised
        afterwards.
    solutions : int or None
        Stops after so many solutions instead, whatever the time; but where ruin and recreate
        keep coming to the same routes OR-Tools counts none, so a wide wall limit remains.
    """
    model = _Model(tables, worth, seed)
    errors: list[BaseException] = []
    costs: list[int] = []

    def report() -> None:
        cost = int(model.routing.CostVar().Value())
        if errors or (costs and cost >= min(costs)):
            return
        costs.append(cost)
        try:
            on_better(model.orders(lambda variable: variable.Value()))
        except BaseException as error:  # noqa: BLE001 - C++ can't carry it: raised again below
            errors.append(error)

    model.routing.AddAtSolutionCallback(report)
    solution = model.routing.SolveWithIteratedLocalSearch(_search(seconds, solutions))
    if errors:
        raise errors[0]
    if solution is None:
        return [[] for _ in tables]
    return model.orders(solution.Value)


class _Model:
    """The routing model: nodes are the shuffled candidates, then all starts, then all ends."""

    def __init__(self, tables: Sequence[Timetable], worth: Worth, seed: int) -> None:
        self._tables = tables
        self._candidates = list(range(tables[0].start))
        random.Random(seed).shuffle(self._candidates)
        n, m = len(self._candidates), len(tables)
        starts, ends = list(range(n, n + m)), list(range(n + m, n + 2 * m))
        self._manager = pywrapcp.RoutingIndexManager(n + 2 * m, m, starts, ends)
        self.routing = pywrapcp.RoutingModel(self._manager)
        unit = 1 + sum(worth.of) // _LARGEST_OBJECTIVE
        self._add_rides(max(1, worth.search_price // unit))
        self._add_windows()
        self._add_prizes([one // unit for one in worth.of])
        self._limit_stops()

    def _add_rides(self, price: int) -> None:
        """Price the rides and let the clock run: one cost and one transit per profile."""
        service_s = np.zeros(self._manager.GetNumberOfNodes(), dtype=np.int64)
        service_s[: len(self._candidates)] = self._tables[0].visits.service_s[self._candidates]
        costs, clocks = {}, {}
        for profile in {table.shift.profile: None for table in self._tables}:
            rides_s = self._rides_s(profile)
            costs[profile] = self.routing.RegisterTransitMatrix((rides_s * price).tolist())
            clock_s = rides_s + service_s[:, None]
            clocks[profile] = self.routing.RegisterTransitMatrix(clock_s.tolist())
        for v, table in enumerate(self._tables):
            self.routing.SetArcCostEvaluatorOfVehicle(costs[table.shift.profile], v)
        transits = [clocks[table.shift.profile] for table in self._tables]
        self.routing.AddDimensionWithVehicleTransits(transits, DAY_S, DAY_S, False, "clock")

    def _rides_s(self, profile: Profile) -> Ints:
        """Return the rides between all nodes; those that no shift of this profile makes are 0."""
        n, m = len(self._candidates), len(self._tables)
        rides_s = np.zeros((n + 2 * m, n + 2 * m), dtype=np.int64)
        for v, table in enumerate(self._tables):
            if table.shift.profile == profile:
                rides_s[:n, :n] = table.seconds[np.ix_(self._candidates, self._candidates)]
                rides_s[n + v, :n] = table.seconds[table.start, self._candidates]
                rides_s[:n, n + m + v] = table.seconds[self._candidates, table.end]
        return np.minimum(rides_s, _NO_WAY_S)

    def _add_windows(self) -> None:
        clock = self.routing.GetDimensionOrDie("clock")
        for v, table in enumerate(self._tables):
            window = table.shift.window
            for end in (self.routing.Start(v), self.routing.End(v)):
                clock.CumulVar(end).SetRange(window.start_s, window.end_s)
        for node, candidate in enumerate(self._candidates):
            windows = self._tables[0].visits.windows[candidate]
            starts = clock.CumulVar(self._manager.NodeToIndex(node))
            starts.SetRange(windows[0].start_s, windows[-1].end_s)
            for before, after in pairwise(windows):
                starts.RemoveInterval(before.end_s + 1, after.start_s - 1)

    def _add_prizes(self, worth: Sequence[int]) -> None:
        for node, candidate in enumerate(self._candidates):
            index = self._manager.NodeToIndex(node)
            self.routing.AddDisjunction([index], worth[candidate])
            visitors = [v for v, table in enumerate(self._tables) if table.visitable[candidate]]
            if len(visitors) < len(self._tables):
                self.routing.VehicleVar(index).SetValues([-1, *visitors])

    def _limit_stops(self) -> None:
        n = len(self._candidates)
        bounds = [n if t.shift.max_stops is None else t.shift.max_stops for t in self._tables]
        if min(bounds) < n:
            counts = [int(node < n) for node in range(self._manager.GetNumberOfNodes())]
            count = self.routing.RegisterUnaryTransitVector(counts)
            self.routing.AddDimensionWithVehicleCapacity(count, 0, bounds, True, "stops")

    def orders(self, value: Callable[[pywrapcp.IntVar], int]) -> Orders:
        """Return the candidates in the order of their visits, given the value of a variable."""
        orders: Orders = []
        for v in range(len(self._tables)):
            order, index = [], int(value(self.routing.NextVar(self.routing.Start(v))))
            while not self.routing.IsEnd(index):
                order.append(self._candidates[self._manager.IndexToNode(index)])
                index = int(value(self.routing.NextVar(index)))
            orders.append(order)
        return orders


def _search(seconds: float, solutions: int | None) -> object:
    """Return the best set-up measured on public TOPTW instances and on collectors' days.

    ``SolveWithIteratedLocalSearch`` reads the ILS parameters; ``SolveWithParameters`` would
    silently ignore them.
    """
    insertion = routing_enums_pb2.FirstSolutionStrategy
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = insertion.LOCAL_CHEAPEST_INSERTION
    descent = routing_enums_pb2.LocalSearchMetaheuristic.GREEDY_DESCENT
    search.local_search_metaheuristic = descent
    ils = search.iterated_local_search_parameters
    ruin = ils.ruin_recreate_parameters
    del ruin.ruin_strategies[:]
    ruin.ruin_strategies.add().random_walk.num_removed_visits = _REMOVED_VISITS
    sisr = ruin.ruin_strategies.add().sisr
    sisr.max_removed_sequence_size = _REMOVED_VISITS
    sisr.avg_num_removed_visits = _REMOVED_VISITS
    sisr.bypass_factor = 0.01
    ruin.ruin_composition_strategy = 2  # run all of them, in random order
    ruin.recreate_strategy.heuristic = insertion.LOCAL_CHEAPEST_COST_INSERTION
    ils.reference_solution_acceptance_strategy.simulated_annealing.automatic_temperatures = True
    if solutions is not None:
        search.solution_limit = solutions
        seconds = _WIDE_LIMIT_S + solutions * _WIDE_LIMIT_PER_SOLUTION_S
    search.time_limit.FromMilliseconds(max(1, round(seconds * 1000)))
    return search
