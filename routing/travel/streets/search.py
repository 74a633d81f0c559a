"""Quickest rides between places: through the hierarchy, or along one street."""

import threading
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routing.travel.streets import kernels
from routing.travel.streets.costs import NO_WAY, Costs, cost
from routing.travel.streets.hierarchy import Hierarchy, Metric
from routing.travel.streets.terminals import PATH_MS, Gates, Ground, Places

# Two doors of one building may lie a little behind each other on a one-way street: that far one
# goes back on foot rather than round the block.
BEHIND_M = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """The quickest ride between two points.

    Attributes
    ----------
    cost : float
        ``NO_WAY`` when there is none.
    start, stop : int
        Rows of the places where it begins and ends.
    transitions : int64[k] or None
        From the state of the start up to, for vehicles, the turn into the arc of the stop; None
        when the ride stays on one arc.
    """

    cost: float
    start: int = -1
    stop: int = -1
    transitions: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Router:
    """Rides of one profile at one hour."""

    ground: Ground
    hierarchy: Hierarchy
    metric: Metric
    _own: threading.local = field(default_factory=threading.local)

    def costs(self, places: Places, count: int, origins: int | None = None) -> Costs:
        """Return the cost from each of `count` points to each, ``NO_WAY`` where there is none.

        With `origins`, only from the first so many points to the others.
        """
        rows, first_goal = (count, 0) if origins is None else (origins, origins)
        best = np.full((rows, count - first_goal), NO_WAY)
        departures = self.ground.departures(places).between(0, rows)
        arrivals = self.ground.arrivals(places).between(first_goal, count)
        if not len(departures.point) or not len(arrivals.point):
            return best
        origin, out_of = self._doors(departures)
        target, into = self._doors(arrivals)
        found = kernels.many_to_many(
            self.hierarchy.tree, self.metric.up, self.metric.down, out_of, into
        )
        best[np.ix_(origin, target - first_goal)] = found
        start, stop = _same_arc(places)
        asked = (places.point[start] < rows) & (places.point[stop] >= first_goal)
        start, stop = start[asked], stop[asked]
        pairs = places.point[start], places.point[stop] - first_goal
        np.minimum.at(best, pairs, along_street(places, start, stop))
        return best

    def ride(self, departures: Gates, arrivals: Gates, places: Places, a: int, b: int) -> Found:
        """Return the quickest ride from point `a` to point `b`."""
        out, into = departures.of(a), arrivals.of(b)
        best, entry, leave, transitions = kernels.quickest(
            self.hierarchy.tree,
            self.metric.costs,
            self.hierarchy.rank[departures.state[out]],
            departures.cost[out],
            self.hierarchy.rank[arrivals.state[into]],
            arrivals.cost[into],
            self._scratch(),
        )
        along = self._ride_along(departures.place[out], places, b)
        if along.cost <= best:
            return along
        leave += into.start
        last = arrivals.transition[leave]
        if last >= 0:
            transitions = np.append(transitions, last)
        start, stop = departures.place[out.start + entry], arrivals.place[leave]
        return Found(best, int(start), int(stop), transitions)

    def _ride_along(self, rows: NDArray[np.int64], places: Places, b: int) -> Found:
        """Return the quickest ride to point `b` that stays on the arc of one of the rows."""
        begin, end = np.searchsorted(places.point, [b, b + 1])
        start, stop = np.nonzero(places.arc[rows][:, None] == places.arc[begin:end])
        if not len(start):
            return Found(NO_WAY)
        start, stop = rows[start], stop + begin
        costs = along_street(places, start, stop)
        best = int(costs.argmin())
        return Found(float(costs[best]), int(start[best]), int(stop[best]))

    def _scratch(self) -> tuple[kernels.Scratch, kernels.Scratch]:
        """Return the memory that belongs to this thread."""
        try:
            kept: tuple[kernels.Scratch, kernels.Scratch] = self._own.scratch
        except AttributeError:
            kept = _new_scratch(self.hierarchy), _new_scratch(self.hierarchy)
            self._own.scratch = kept
        return kept

    def _doors(self, gates: Gates) -> tuple[NDArray[np.int32], kernels.Doors]:
        """Return the points that have gates, neighbours together, and their doors."""
        rank = self.hierarchy.rank[gates.state]
        point, begin, count = np.unique(gates.point, return_index=True, return_counts=True)
        order = np.argsort(rank[begin], kind="stable")
        point, begin, count = point[order], begin[order], count[order]
        first = np.concatenate([[0], np.cumsum(count)])
        rows = np.arange(first[-1]) - np.repeat(first[:-1] - begin, count)
        return point, kernels.Doors(first, rank[rows], gates.cost[rows])


def _new_scratch(hierarchy: Hierarchy) -> kernels.Scratch:
    count = len(hierarchy.rank)
    return kernels.Scratch(
        is_met=np.zeros(count, dtype=np.bool_),
        met=np.empty(count, dtype=np.int32),
        cost=np.empty(count),
        by=np.empty(count, dtype=np.int64),
        below=np.empty(count, dtype=np.int32),
    )


def along_street(places: Places, start: NDArray[np.intp], stop: NDArray[np.intp]) -> Costs:
    """Return the cost of staying on the arc that both places share, row by row.

    ``NO_WAY`` where the stop lies behind.
    """
    ahead = places.rest[start] - places.rest[stop]
    ahead_m = ahead * places.arc_m[start]
    away_m = places.away_m[start] + places.away_m[stop]
    seconds = np.where(ahead >= 0, ahead * places.arc_s[start], -ahead_m / PATH_MS)
    costs = cost(seconds + away_m / PATH_MS, np.abs(ahead_m) + away_m)
    return np.where(ahead_m >= -BEHIND_M, costs, NO_WAY)


def _same_arc(places: Places) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of rows whose places lie on one arc."""
    order = np.argsort(places.arc, kind="stable")
    arc = places.arc[order]
    begin, end = np.searchsorted(arc, arc), np.searchsorted(arc, arc, side="right")
    count = end - begin
    first = np.cumsum(count) - count
    partner = np.arange(count.sum()) - np.repeat(first - begin, count)
    return np.repeat(order, count), order[partner]
