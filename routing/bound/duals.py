"""What visiting each candidate more than once should cost: the dual prices, by a linear programme.

Routes found so far are columns; each row may be visited at most once, a required one exactly
once. The prices that the programme finds best for these routes are where the dynamic programme
looks next (column generation). Prices only steer: any prices give a valid bound, so nothing here
needs to be exact.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix

from routing.bound.memory import Memory
from routing.bound.network import Ints, Network

_MOST_COLUMNS = 700
_PRESENT = 0.01  # share of a route in the solution from which it matters


class Columns:
    """Routes, some of them with repeated visits, and the prices they ask for."""

    def __init__(self, network: Network, most_stops: int | None, exactly_once: Ints) -> None:
        """Begin without any route; ``exactly_once`` are the rows that must be visited."""
        self._network = network
        self._most_stops = most_stops
        self._once = np.zeros(network.rows, dtype=np.bool_)
        self._once[exactly_once] = True
        self._scale = float(max(1, int(network.value.max())))
        self._orders: dict[tuple[int, ...], float] = {}
        self._present: list[tuple[int, ...]] = []

    def add(self, orders: Iterable[Sequence[int]]) -> None:
        """Add routes that are not yet there."""
        for order in orders:
            key = tuple(order)
            if key and key not in self._orders:
                self._orders[key] = self._worth(key) / self._scale

    def drop(self, memory: Memory) -> None:
        """Drop the routes that are impossible now that more is remembered."""
        self._orders = {
            order: worth for order, worth in self._orders.items() if memory.allows(order)
        }

    def present(self) -> list[tuple[int, ...]]:
        """Return the routes of which the last solution was made."""
        return self._present

    def prices(self) -> tuple[Ints, float]:
        """Return the price of each row and, last, of a stop; and what the solution is worth."""
        if len(self._orders) > _MOST_COLUMNS:
            self._orders = dict(list(self._orders.items())[-_MOST_COLUMNS:])
        orders = list(self._orders)
        if not orders:
            self._present = []
            return np.zeros(self._network.rows + 1, dtype=np.int64), 0.0
        counts = self._counts(orders)
        rows = self._network.rows
        limits = np.ones(rows + 2)
        limits[rows] = self._most_stops if self._most_stops is not None else 10**6
        # Routes that miss a required row, or visit it twice, may be bought at a loss.
        worths = np.array([self._orders[order] for order in orders])
        short = np.zeros((rows + 2, int(self._once.sum())))
        short[np.flatnonzero(self._once), np.arange(short.shape[1])] = 1.0
        found = linprog(
            -np.concatenate([worths, np.full(short.shape[1], -4.0)]),
            A_ub=csc_matrix(np.hstack([counts, 0 * short])),
            b_ub=limits,
            A_eq=csc_matrix(np.hstack([counts, short])[:rows][self._once]) if short.size else None,
            b_eq=np.ones(short.shape[1]) if short.size else None,
            method="highs-ds",
        )
        if found.status != 0:
            return np.zeros(rows + 1, dtype=np.int64), 0.0
        self._present = [
            order for order, share in zip(orders, found.x, strict=False) if share > _PRESENT
        ]
        prices = -found.ineqlin.marginals[: rows + 1].copy()
        if short.size:
            prices[:rows][self._once] -= found.eqlin.marginals
        return (prices * self._scale).astype(np.int64), float(-found.fun) * self._scale

    def _counts(self, orders: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
        """Return visits by row, stops, and 1 for each route being one, by column."""
        rows = self._network.rows
        counts = np.zeros((rows + 2, len(orders)))
        for column, order in enumerate(orders):
            np.add.at(counts[:, column], self._network.row[list(order)], 1.0)
            counts[rows, column] = len(order)
        counts[rows + 1] = 1.0
        return counts

    def _worth(self, order: tuple[int, ...]) -> int:
        network = self._network
        onward = sum(int(network.step_cost[a, b]) for a, b in pairwise(order))
        ends = int(network.first_cost[order[0]]) + int(network.last_cost[order[-1]])
        return int(network.value[list(order)].sum()) - onward - ends
