"""The contraction hierarchy of a state graph, made once per pack, and its metrics, one per hour.

A customizable contraction hierarchy (Dibbelt, Strasser, Wagner, 2016): the order of the states
comes from nested dissection of the map alone (RoutingKit's inertial flow, through pyroutingkit),
so that any costs can be put on its arcs within tens of milliseconds. Searches climb its elimination
tree; they are in ``kernels``.

Nothing here is ever written again once it is made: threads and forked children share it.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyroutingkit
from numpy.typing import NDArray

from routing.travel.streets import kernels
from routing.travel.streets.costs import Costs
from routing.travel.streets.graph import StateGraph
from routing.travel.streets.network import Bools, Ints


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The arcs of the hierarchy; vertices are numbered by rank.

    Attributes
    ----------
    rank : int32[states]
        Rank of each state.
    first : int64[states + 1]
        Where the upward arcs of each vertex begin.
    head : int32[arcs]
        Higher end of each arc, ascending for each vertex.
    arc_of : int32[transitions]
        Arc that each transition lies on, -1 for one from a state to itself.
    is_up : bool[transitions]
        The transition leads to the higher end.
    """

    rank: Ints
    first: NDArray[np.int64]
    head: Ints
    arc_of: Ints
    is_up: Bools

    @property
    def tree(self) -> kernels.Tree:
        """Return the upward arcs as the searches take them."""
        return kernels.Tree(self.first, self.head)


@dataclass(frozen=True, slots=True)
class Metric:
    """Costs on a hierarchy.

    Attributes
    ----------
    up, down : float64[arcs]
        Cost towards the higher and towards the lower end, infinite where closed.
    via_up, via_down : int32[arcs]
        Middle vertex of a shortcut, ``-1 - transition`` of any other arc.
    """

    up: Costs
    down: Costs
    via_up: Ints
    via_down: Ints

    @property
    def costs(self) -> kernels.Costs:
        """Return the costs as the searches take them."""
        return kernels.Costs(self.up, self.down, self.via_up, self.via_down)


def build_hierarchy(graph: StateGraph) -> Hierarchy:
    """Order the states by nested dissection and add the shortcuts; seconds for a city."""
    rank = _ranks(graph)
    tail, head = rank[graph.tail], rank[graph.head]
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    pair = np.unique(low.astype(np.int64) * graph.state_count + high)
    low_of, high_of = np.divmod(pair, graph.state_count)
    is_pair = low_of != high_of
    first = np.searchsorted(low_of[is_pair], np.arange(graph.state_count + 1))
    tree = kernels.fill_in(kernels.Tree(first, high_of[is_pair].astype(np.int32)))
    return Hierarchy(
        rank=rank,
        first=tree.first,
        head=tree.head,
        arc_of=kernels.locate_arcs(tree, low, high),
        is_up=tail < head,
    )


def build_metric(hierarchy: Hierarchy, costs: Costs) -> Metric:
    """Put the costs of the transitions on the arcs; tens of milliseconds for a city."""
    count = len(hierarchy.head)
    filled = kernels.Costs(
        np.empty(count), np.empty(count), np.empty(count, np.int32), np.empty(count, np.int32)
    )
    kernels.customize(hierarchy.tree, hierarchy.arc_of, hierarchy.is_up, costs, filled)
    return Metric(*filled)


def _ranks(graph: StateGraph) -> Ints:
    topology = pyroutingkit.CCHTopology()
    lat, lon = (graph.state_e7 / 1e7).astype(np.float32).T
    topology.build(
        graph.tail.astype(np.uint32),
        graph.head.astype(np.uint32),
        np.ascontiguousarray(lat),
        np.ascontiguousarray(lon),
        graph.state_count,
    )
    # The order can be had as a file alone.
    with tempfile.TemporaryDirectory() as folder:
        topology.save(folder)
        ranks = np.fromfile(Path(folder) / "rank", dtype="<u4")
    return ranks.astype(np.int32)
