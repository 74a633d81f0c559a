"""Sets of candidates in which a route can't go around: subtours, forbidden at a price.

A route that visits some candidates of a set takes at least one step fewer within the set than it
makes visits there. So for a set S and any candidate k of it (k need not be visited),
``steps within S <= visits to S without k``: the generalised subtour elimination of Fischetti,
Salazar and Toth, "Solving the orienteering problem through branch-and-cut" (1998). The price of
breaking it falls on steps and visits alone, so a dynamic programme needs no memory for it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from routing.bound.network import Ints

_UNIT = 1_000_000  # whole numbers for the flows
_LEAST = 0.02  # by which a set must be broken to be worth a price
_MOST = 40  # sets found at once

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Subtours:
    """Sets with a price, in order.

    Attributes
    ----------
    members : bool[m, n]
    anchors : int64[m]
        The candidate of each set whose visit does not count.
    """

    def __init__(self, size: int) -> None:
        """Begin without sets, for so many candidates."""
        self.members: Flags = np.zeros((0, size), dtype=np.bool_)
        self.anchors: Ints = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        """Return how many sets there are."""
        return len(self.anchors)

    def slack(self, order: Ints) -> Floats:
        """Return by how much a route keeps each set, below zero where it breaks it."""
        inside = self.members[:, order]
        steps = (inside[:, 1:] & inside[:, :-1]).sum(axis=1)
        at_anchor = (order[None, :] == self.anchors[:, None]).sum(axis=1)
        slack: Floats = (inside.sum(axis=1) - at_anchor - steps).astype(np.float64)
        return slack

    def costs(self, prices: Ints) -> tuple[Ints, Ints]:
        """Return what prices take off for each step (n x n), and add for each visit (n)."""
        paid = self.members.T * prices
        # Sums of products of whole numbers far below 2**53: exact, and a float product is fast.
        steps = (paid.astype(np.float64) @ self.members.astype(np.float64)).astype(np.int64)
        visits = paid.sum(axis=1)
        np.subtract.at(visits, self.anchors, prices)
        return steps, visits

    def add_broken(self, flow: Floats) -> Floats:
        """Add the sets that a mean route breaks most; return its slack at the new ones.

        Parameters
        ----------
        flow : float64[n + 1, n + 1]
            How often each step is taken; the last row and column are start and end.
        """
        known = {
            (row.tobytes(), anchor) for row, anchor in zip(self.members, self.anchors, strict=True)
        }
        visits = flow[:-1, :].sum(axis=1)
        found: dict[bytes, tuple[float, Flags, int]] = {}
        for inside in _islands(flow, visits):
            anchor = int(np.argmax(np.where(inside, visits, -1.0)))
            within = float(flow[:-1, :-1][np.ix_(inside, inside)].sum())
            slack = float(visits[inside].sum() - visits[anchor]) - within
            if slack < -_LEAST and (inside.tobytes(), anchor) not in known:
                found[inside.tobytes()] = (slack, inside, anchor)
        chosen = sorted(found.values(), key=lambda one: one[0])[:_MOST]
        if chosen:
            self.members = np.vstack([self.members, *(one[1][None, :] for one in chosen)])
            self.anchors = np.append(self.anchors, [one[2] for one in chosen])
        return np.array([one[0] for one in chosen], dtype=np.float64)

    def keep(self, which: Flags) -> None:
        """Forget all sets but these."""
        self.members, self.anchors = self.members[which], self.anchors[which]


def _islands(flow: Floats, visits: Floats) -> list[Flags]:
    """Return sets that less leads into than visits are made there: from smallest cuts.

    What leads into a set leads out of it, too, but the smallest cuts both ways may differ.
    """
    return [*_cut_off(flow, visits), *_cut_off(flow.T, visits)]


def _cut_off(flow: Floats, visits: Floats) -> list[Flags]:
    size, found = len(visits), list[Flags]()
    capacity = csr_matrix((flow * _UNIT).astype(np.int32))
    for node in np.argsort(-visits, kind="stable"):
        if visits[node] <= _LEAST or any(inside[node] for inside in found):
            continue
        through = maximum_flow(capacity, size, int(node))
        if through.flow_value >= (visits[node] - _LEAST) * _UNIT:
            continue
        left = capacity - through.flow
        left.data = (left.data > 0).astype(np.int32)
        left.eliminate_zeros()
        inside = np.ones(size + 1, dtype=np.bool_)
        inside[breadth_first_order(left, size, return_predecessors=False)] = False
        if inside[node]:
            found.append(inside[:-1] & (visits > 0))
    return found
