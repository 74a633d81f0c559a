"""The last touch by OR-Tools: local search from finished routes down to where no move helps.

Ruin and recreate jumps; the moves of OR-Tools (2-opt, Or-opt, exchanges, swaps with visits left
out) walk to the bottom of the valley it ended in. What comes out is taken only if it is better.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.measure import Measured, may_visit
from routing.problem import LATEST_S, Candidate, Problem
from routing.solver.parameters import ShouldStop, now_and_then
from routing.timetable import join_windows

Orders = dict[str, list[str]]  # by shift id: candidates

# Building the model takes 15 ms for 400 candidates and grows with their square.
MOST_CANDIDATES = 400
_UNITS_PER_POINT = 3600  # a second on the road costs travel_cost_per_hour of them
_LARGEST_OBJECTIVE = 2**52  # keeps the sums of OR-Tools far from overflow
_NO_WAY_S = LATEST_S  # no shift is that long, and its price does not overflow


def is_finishable(part: Problem, matrices: Mapping[str, Measured]) -> bool:
    """Tell whether the model below states every rule of the part, and is small enough."""
    return (
        len(part.candidates) <= MOST_CANDIDATES
        and not part.prices.unfairness
        and not part.prices.moved
        and not part.prices.dropped
        and all(_is_plain(candidate) for candidate in part.candidates)
        and all(
            shift.day == 0 and not shift.breaks and not matrices[shift.id].later
            for shift in part.shifts
        )
    )


def _is_plain(candidate: Candidate) -> bool:
    return (
        candidate.max_visits == 1
        and candidate.group is None
        and not candidate.after
        and not candidate.preferred
        and not candidate.is_deposit
        and candidate.max_rest_days is None
        and candidate.min_rest_days == 0
        and all(window.day is None for window in candidate.windows)
    )


def finish(
    part: Problem,
    matrices: Mapping[str, Measured],
    orders: Orders,
    seconds: float,
    should_stop: ShouldStop,
) -> Orders | None:
    """Return orders no move of OR-Tools improves any more, None if it can't begin with these.

    The descent is the same on every machine unless `seconds` or `should_stop` end it.
    """
    model = _Model(part, matrices)
    limit = model.routing.solver().CustomLimit(now_and_then(should_stop))
    model.routing.AddSearchMonitor(limit)
    given = model.routing.ReadAssignmentFromRoutes(model.numbered(orders), True)
    if given is None:
        return None
    search = pywrapcp.DefaultRoutingSearchParameters()
    descent = routing_enums_pb2.LocalSearchMetaheuristic.GREEDY_DESCENT
    search.local_search_metaheuristic = descent
    search.time_limit.FromMilliseconds(max(1, round(seconds * 1000)))
    found = model.routing.SolveFromAssignmentWithParameters(given, search)
    return None if found is None else model.orders(found)


class _Model:
    """The routing model: nodes are the candidates, then all starts, then all ends."""

    def __init__(self, part: Problem, matrices: Mapping[str, Measured]) -> None:
        self._part, self._matrices = part, matrices
        self._number = {candidate.id: i for i, candidate in enumerate(part.candidates)}
        n, m = len(part.candidates), len(part.shifts)
        starts, ends = list(range(n, n + m)), list(range(n + m, n + 2 * m))
        self._manager = pywrapcp.RoutingIndexManager(n + 2 * m, m, starts, ends)
        self.routing = pywrapcp.RoutingModel(self._manager)
        price = max(1, part.travel_cost_per_hour)
        prizes = [candidate.prize * _UNITS_PER_POINT for candidate in part.candidates]
        bonus = sum(prizes) + price * LATEST_S * m + 1
        worth = [
            prize + bonus * candidate.required
            for prize, candidate in zip(prizes, part.candidates, strict=True)
        ]
        unit = 1 + sum(worth) // _LARGEST_OBJECTIVE
        self._add_rides(max(1, price // unit))
        self._add_windows()
        self._add_prizes([one // unit for one in worth])
        self._limit([1] * n, [shift.max_stops for shift in part.shifts], "stops")
        cash = [candidate.cash for candidate in part.candidates]
        self._limit(cash, [shift.cash_limit for shift in part.shifts], "cash")

    def _add_rides(self, price: int) -> None:
        stays_s = np.zeros(self._manager.GetNumberOfNodes(), dtype=np.int64)
        stays_s[: len(self._part.candidates)] = [one.stay_s for one in self._part.candidates]
        clocks: dict[int, int] = {}
        transits = []
        for v, shift in enumerate(self._part.shifts):
            # Starts and ends have nodes of their own, so shifts that ride alike share a matrix.
            layer = id(self._matrices[shift.id])
            if layer not in clocks:
                rides_s = self._rides_s(self._matrices[shift.id])
                clocks[layer] = self.routing.RegisterTransitMatrix(
                    (rides_s + stays_s[:, None]).tolist()
                )
                clocks[-layer] = self.routing.RegisterTransitMatrix((rides_s * price).tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(clocks[-layer], v)
            transits.append(clocks[layer])
        self.routing.AddDimensionWithVehicleTransits(transits, LATEST_S, LATEST_S, False, "clock")

    def _rides_s(self, measured: Measured) -> NDArray[np.int64]:
        part, n, m = self._part, len(self._part.candidates), len(self._part.shifts)
        row = {point: i for i, point in enumerate(measured.points)}
        seconds = np.minimum(measured.matrix.seconds.astype(np.int64), _NO_WAY_S)
        rides_s = np.zeros((n + 2 * m, n + 2 * m), dtype=np.int64)
        at = [row[candidate.point] for candidate in part.candidates]
        rides_s[:n, :n] = seconds[np.ix_(at, at)]
        for v, shift in enumerate(part.shifts):
            if self._matrices[shift.id] is not measured:
                continue
            rides_s[n + v, :n] = seconds[row[shift.start], at]
            if shift.end is not None:
                rides_s[:n, n + m + v] = seconds[at, row[shift.end]]
        return rides_s

    def _add_windows(self) -> None:
        clock = self.routing.GetDimensionOrDie("clock")
        for v, shift in enumerate(self._part.shifts):
            for end in (self.routing.Start(v), self.routing.End(v)):
                clock.CumulVar(end).SetRange(shift.window.start_s, shift.window.end_s)
        for node, candidate in enumerate(self._part.candidates):
            windows = join_windows(candidate.windows)
            starts = clock.CumulVar(self._manager.NodeToIndex(node))
            starts.SetRange(windows[0].start_s, windows[-1].end_s)
            for before, after in pairwise(windows):
                starts.RemoveInterval(before.end_s + 1, after.start_s - 1)

    def _add_prizes(self, worth: Sequence[int]) -> None:
        shifts = self._part.shifts
        for node, candidate in enumerate(self._part.candidates):
            index = self._manager.NodeToIndex(node)
            self.routing.AddDisjunction([index], worth[node])
            visitors = [v for v, shift in enumerate(shifts) if may_visit(shift, candidate)]
            if len(visitors) < len(shifts):
                self.routing.VehicleVar(index).SetValues([-1, *visitors])

    def _limit(self, amounts: list[int], bounds: Sequence[int | None], name: str) -> None:
        most = sum(amounts)
        if all(bound is None or bound >= most for bound in bounds):
            return
        padded = amounts + [0] * (self._manager.GetNumberOfNodes() - len(amounts))
        amount = self.routing.RegisterUnaryTransitVector(padded)
        capped = [most if bound is None else bound for bound in bounds]
        self.routing.AddDimensionWithVehicleCapacity(amount, 0, capped, True, name)

    def numbered(self, orders: Orders) -> list[list[int]]:
        """Return the orders by node, one for each shift."""
        return [
            [self._manager.NodeToIndex(self._number[one]) for one in orders.get(shift.id, [])]
            for shift in self._part.shifts
        ]

    def orders(self, found: Any) -> Orders:
        """Return the orders of a solution."""
        orders: Orders = {}
        for v, shift in enumerate(self._part.shifts):
            order = orders.setdefault(shift.id, [])
            index = found.Value(self.routing.NextVar(self.routing.Start(v)))
            while not self.routing.IsEnd(index):
                order.append(self._part.candidates[self._manager.IndexToNode(index)].id)
                index = found.Value(self.routing.NextVar(index))
        return orders
