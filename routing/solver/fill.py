"""Fills routes greedily with the visit that scores best, until none is left that fits and pays."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.solver.worth import Worth
from routing.timetable import Insertions, Ints, Timetable

Orders = list[list[int]]
Floats = NDArray[np.float64]
Score = Callable[[Ints, Insertions], Floats]  # for a pool, as [i, j] like the insertions; > 0


class _Offer(NamedTuple):
    """The best visit to add to a route; a score of 0 means none."""

    score: float
    position: int
    candidate: int


def fill(
    tables: Sequence[Timetable], worth: Worth, orders: Orders, touched: Iterable[int], score: Score
) -> int:
    """Add visits to the touched routes, in place, as long as one fits and pays; return how many."""
    pool = unvisited(tables, orders)

    def offer(v: int) -> _Offer:
        if not len(pool):
            return _Offer(0.0, 0, -1)
        insertions = tables[v].insertions(orders[v], pool)
        pays = worth.brings[pool] > worth.price * insertions.detour_s
        scores = np.where(insertions.fits & pays, score(pool, insertions), 0.0)
        position, j = divmod(int(scores.argmax()), len(pool))
        return _Offer(float(scores[position, j]), position, int(pool[j]))

    offers = {v: offer(v) for v in touched}
    left = len(pool)
    while True:
        v = max(offers, key=lambda one: offers[one].score)
        chosen = offers[v]
        if chosen.score <= 0:
            return left - len(pool)
        orders[v].insert(chosen.position, chosen.candidate)
        pool = pool[pool != chosen.candidate]
        outdated = [u for u in offers if u == v or offers[u].candidate == chosen.candidate]
        offers |= {u: offer(u) for u in outdated}


def unvisited(tables: Sequence[Timetable], orders: Orders) -> Ints:
    """Return the candidates that are in none of the orders."""
    left = np.ones(tables[0].start, dtype=np.bool_)
    for order in orders:
        left[order] = False
    return np.flatnonzero(left)
