"""The contraction hierarchy of a state graph: fast shortest paths, safe under threads and forks.

RoutingKit's customizable contraction hierarchies (through pyroutingkit) find shortest paths over
one 31-bit weight per transition. Time and length travel together in it: time in the high bits, so
that it alone decides, and length in the low ones, so that one search answers both.

Two threads on one metric crash the interpreter, so each search borrows a metric of its own; the
topology beneath them is only read and is shared. Nothing is shared with a parent process but
that topology, so a forked child may search at once.
"""

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import pyroutingkit
from numpy.typing import NDArray

from routing.errors import TravelTimesUnavailable
from routing.travel.streets.costs import METRE_BITS, NO_WAY, Costs
from routing.travel.streets.graph import StateGraph
from routing.travel.streets.network import Floats, Ints

INFINITE = int(pyroutingkit.INF_WEIGHT)  # 2**31 - 1
LENGTH_BITS = 14
TIME_BITS = 31 - LENGTH_BITS
# The longest quickest ride, as a multiple of the diagonal of the map, and the slowest such ride.
DETOUR_LIMIT = 3.0
SLOWEST_MS = {"wheels": 4.5, "walk": 1.0}
SHORTEST_RANGE_M = 20_000.0  # so that penalties of minutes fit on the smallest map
PROBED_STATES = 64
MOST_DOUBLINGS = 8


class ForkLock:
    """A lock that a forked child finds free, whoever held it in the parent."""

    def __init__(self) -> None:
        """Make it for this process."""
        self._renew()

    def __enter__(self) -> None:
        """Wait for the lock."""
        if self._process != os.getpid():
            self._renew()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._lock.release()

    def _renew(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Units:
    """What one step of the packed weight is worth: the larger the map, the coarser.

    For a city of 30 km it is about 0.2 s and 6 m; the rounding is random per transition, so that
    it cancels out along a ride.
    """

    time_ms: int
    length_m: int

    @staticmethod
    def for_range(range_m: float, slowest_ms: float) -> "Units":
        """Return the finest whole units for rides of `range_m` at `slowest_ms` metres a second."""
        time_ms = ceil(1000 * range_m / slowest_ms / (1 << TIME_BITS))
        return Units(time_ms, ceil(range_m / (1 << LENGTH_BITS)))

    def doubled(self) -> "Units":
        """Return units for twice the range."""
        return Units(2 * self.time_ms, 2 * self.length_m)

    def packed(self, seconds: NDArray[np.float32], metres: Floats) -> NDArray[np.uint32]:
        """Pack times and lengths into weights; infinite times are closed transitions."""
        dice = np.random.default_rng(len(seconds)).random((2, len(seconds)))
        is_open = np.isfinite(seconds)
        steps = np.where(is_open, seconds, 0.0) * (1000.0 / self.time_ms)
        time = np.floor(steps + dice[0]).astype(np.int64)
        length = np.floor(metres / self.length_m + dice[1]).astype(np.int64)
        weight = np.minimum((time << LENGTH_BITS) + length, INFINITE)
        return np.where(is_open, weight, INFINITE).astype(np.uint32)

    def costs(self, weights: NDArray[np.uint32]) -> Costs:
        """Return the costs of packed weights, ``NO_WAY`` for the infinite ones."""
        costs = (weights >> LENGTH_BITS).astype(np.int64)
        costs *= self.time_ms << METRE_BITS
        costs += (weights & ((1 << LENGTH_BITS) - 1)) * np.uint32(self.length_m)
        costs[weights >= INFINITE] = NO_WAY
        return costs


def build_topology(graph: StateGraph) -> pyroutingkit.CCHTopology:
    """Order the states by nested dissection; seconds for a city, and done once per pack."""
    topology = pyroutingkit.CCHTopology()
    lat, lon = (graph.state_e7 / 1e7).astype(np.float32).T
    topology.build(
        graph.tail.astype(np.uint32),
        graph.head.astype(np.uint32),
        np.ascontiguousarray(lat),
        np.ascontiguousarray(lon),
        graph.state_count,
    )
    return topology


def load_topology(folder: Path) -> pyroutingkit.CCHTopology:
    """Load what ``topology.save`` wrote."""
    topology = pyroutingkit.CCHTopology()
    topology.load(str(folder))
    return topology


class Searcher:
    """Shortest paths of one profile; any number of threads may use it at once."""

    def __init__(
        self,
        topology: pyroutingkit.CCHTopology,
        seconds: NDArray[np.float32],
        metres: Floats,
        units: Units,
    ) -> None:
        """Prepare weights; `seconds` and `metres` are per transition."""
        self.units = units
        self._topology = topology
        self.weights = units.packed(seconds, metres)
        self._renew()

    def distances(self, sources: Ints, targets: Ints) -> NDArray[np.uint32]:
        """Return packed weights from each source state to each target state."""
        if not len(sources) or not len(targets):
            return np.zeros((len(sources), len(targets)), dtype=np.uint32)
        with self._metric() as metric:
            found: NDArray[np.uint32] = metric.distances_many_to_many(
                sources.astype(np.uint32), targets.astype(np.uint32)
            )
        return found

    def path(self, source: int, target: int) -> list[int]:
        """Return the transitions of the quickest path."""
        with self._metric() as metric:
            _, _, transitions = metric.query(source, target)
        return list(transitions)

    @contextmanager
    def _metric(self) -> Iterator[pyroutingkit.CCHMetric]:
        if self._process != os.getpid():  # after a fork: the parent's locks may be held for ever
            self._renew()
        with self._free:
            try:
                metric = self._idle.pop()
            except IndexError:
                metric = pyroutingkit.CCHMetric(self._topology)
                metric.customize(self.weights)
            try:
                yield metric
            finally:
                self._idle.append(metric)

    def _renew(self) -> None:
        self._process = os.getpid()
        self._idle: deque[pyroutingkit.CCHMetric] = deque()
        # More searches at once than cores only cost memory.
        self._free = threading.BoundedSemaphore(os.cpu_count() or 1)


def fit_units(
    topology: pyroutingkit.CCHTopology,
    graph: StateGraph,
    row: int,
    seconds: NDArray[np.float32],
    metres: Floats,
    *,
    diagonal_m: float,
    slowest_ms: float,
) -> Units:
    """Choose the finest units in which the longest ride of the main part still fits.

    The first guess comes from the diagonal of the map; rides between the states farthest out and
    some others are then searched, and the units doubled until all of them fit.
    """
    range_m = max(SHORTEST_RANGE_M, DETOUR_LIMIT * diagonal_m)
    units = Units.for_range(range_m, slowest_ms)
    states = _probes(graph, row)
    for _ in range(MOST_DOUBLINGS):
        if _fits(Searcher(topology, seconds, metres, units), states, metres):
            return units
        units = units.doubled()
    raise TravelTimesUnavailable(f"rides within {diagonal_m:.0f} m don't fit into 31 bits")


def _probes(graph: StateGraph, row: int) -> Ints:
    # Main arcs are entered by transitions whose head is in the main part.
    main = np.unique(graph.head[graph.is_main[row][graph.arc]])
    lat, lon = graph.state_e7[main].T.astype(np.float64)
    outermost = [
        int(main[np.argmax(lat * np.cos(angle) + lon * np.sin(angle))])
        for angle in np.arange(8) * np.pi / 4
    ]
    others = np.random.default_rng(0).choice(main, min(PROBED_STATES, len(main)), replace=False)
    return np.unique(np.concatenate([outermost, others])).astype(np.int32)


def _fits(searcher: Searcher, states: Ints, metres: Floats) -> bool:
    weight = searcher.distances(states, states)
    if (weight >= INFINITE).any():
        return False
    source, target = np.unravel_index(int(weight.argmax()), weight.shape)
    transitions = searcher.path(int(states[source]), int(states[target]))
    longest_m = float(metres[transitions].sum())
    # A tenth is kept free: the probes are not every pair.
    return longest_m < 0.9 * searcher.units.length_m * (1 << LENGTH_BITS)
