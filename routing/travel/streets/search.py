"""Quickest rides between terminals: through the hierarchy, along one street, or round the block."""

from dataclasses import dataclass

import numpy as np

from routing.travel.streets.costs import NO_WAY, Costs, cost
from routing.travel.streets.hierarchy import INFINITE, Searcher
from routing.travel.streets.network import Ints
from routing.travel.streets.terminals import PATH_MS, Ground, Terminals

# Two doors of one building may lie a little behind each other on a one-way street: that far one
# goes back on foot rather than round the block.
BEHIND_M = 10.0


@dataclass(frozen=True, slots=True)
class Router:
    """Rides of one profile over one graph; `row` is the place of the profile in its arrays."""

    ground: Ground
    row: int
    searcher: Searcher

    def costs(self, departures: Terminals, arrivals: Terminals) -> Costs:
        """Return the cost from each departure to each arrival, ``NO_WAY`` where there is none."""
        sources, source_row = np.unique(departures.state, return_inverse=True)
        targets, target_row = np.unique(arrivals.state, return_inverse=True)
        found = self.searcher.units.costs(self.searcher.distances(sources, targets))
        costs = found[source_row][:, target_row]
        costs += cost(departures.offset_s, departures.offset_m)[:, None]
        costs += cost(arrivals.offset_s, arrivals.offset_m)
        self._settle_own_street(costs, departures, arrivals)
        return costs

    def along_street(self, departures: Terminals, arrivals: Terminals) -> Costs:
        """Return, row by row, the cost of staying on the arc that both terminals share.

        ``NO_WAY`` where the arrival lies behind.
        """
        ahead = departures.rest - arrivals.rest
        ahead_m = ahead * departures.arc_m
        away_m = departures.away_m + arrivals.away_m
        seconds = np.where(ahead >= 0, ahead * departures.arc_s, -ahead_m / PATH_MS)
        costs = cost(seconds + away_m / PATH_MS, np.abs(ahead_m) + away_m)
        return np.where(ahead_m >= -BEHIND_M, costs, NO_WAY)

    def path(self, source: int, target: int) -> list[int]:
        """Return the transitions of the quickest ride.

        A vehicle's ride from a state to itself is a round; a walker is there already.
        """
        if source != target or self.ground.is_walk:
            return self.searcher.path(source, target)
        _, first = self.round_the_block(source)
        return [first, *self.searcher.path(int(self.ground.graph.head[first]), target)]

    def round_the_block(self, state: int) -> tuple[int, int]:
        """Return packed weight and first transition of the quickest ride from a state to itself."""
        graph = self.ground.graph
        begin, end = np.searchsorted(graph.tail, [state, state + 1])
        onward = self.searcher.distances(graph.head[begin:end], np.array([state], dtype=np.int32))
        weight = self.searcher.weights[begin:end].astype(np.int64) + onward[:, 0]
        best = int(weight.argmin())
        return int(weight[best]), int(begin) + best

    def _settle_own_street(self, costs: Costs, departures: Terminals, arrivals: Terminals) -> None:
        """Correct, in place, the pairs whose terminals lie on one arc."""
        rows, columns = np.nonzero(departures.arc[:, None] == arrivals.arc)
        before, after = departures.taken(rows), arrivals.taken(columns)
        along = self.along_street(before, after)
        if self.ground.is_walk:
            costs[rows, columns] = np.minimum(costs[rows, columns], along)
            return
        # The graph says 0 from a state to itself, which is right only for what lies ahead. What
        # lies behind is reached by the opposite arc or, on a one-way street, round the block.
        is_round = (along >= NO_WAY) & ~self.ground.is_main[before.arc ^ 1]
        before, after = before.taken(is_round), after.taken(is_round)
        along[is_round] = self._round_costs(before.state)
        along[is_round] += cost(before.offset_s + after.offset_s, before.offset_m + after.offset_m)
        costs[rows, columns] = along

    def _round_costs(self, states: Ints) -> Costs:
        """Return the cost from each state back to itself."""
        unique, index = np.unique(states, return_inverse=True)
        rounds = [self.round_the_block(int(state))[0] for state in unique]
        weights = np.minimum(np.array(rounds, dtype=np.int64), INFINITE).astype(np.uint32)
        return self.searcher.units.costs(weights)[index]
