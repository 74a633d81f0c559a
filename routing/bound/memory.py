"""What a route remembers of its past at each candidate (ng-sets), and how that grows."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.bound.network import Ints, Network

_BITS = 128  # rows that can be remembered at all; the rest may be visited again at any time
_WORD = 64

Words = NDArray[np.uint64]


class Memory:
    """For each candidate, the rows that a route which comes there may remember.

    A row is forgotten on coming to a candidate whose set lacks it, and may be visited again from
    then on. The larger the sets, the fewer impossible routes; with all rows everywhere none is
    left, and the bound is the optimum.
    """

    def __init__(self, network: Network, nearest: int) -> None:
        """Begin with the nearest neighbours of each candidate."""
        self._row = [int(row) for row in network.row]
        near = np.minimum(network.step_s, network.step_s.T).astype(np.float64)
        np.fill_diagonal(near, -1)
        order = np.argsort(near, axis=1, kind="stable")
        near_rows = [[self._row[j] for j in neighbours] for neighbours in order.tolist()]
        self._sets = [list(dict.fromkeys(rows))[:nearest] for rows in near_rows]

    def allows(self, order: Sequence[int]) -> bool:
        """Tell whether a walk that remembers these sets may visit in this order."""
        past: set[int] = set()
        for node in order:
            row = self._row[node]
            if row in past:
                return False
            past = past.intersection(self._sets[node]) | {row}
        return True

    def grow(self, orders: Iterable[Sequence[int]], most: int) -> int:
        """Make the repeated visits of these routes impossible; return how much was added.

        No set grows beyond ``most`` rows.
        """
        added = 0
        for order in orders:
            rows = [self._row[node] for node in order]
            for first, again in _repeats(rows):
                if rows[first] >= _BITS:
                    continue
                for node in order[first + 1 : again]:
                    remembered = self._sets[node]
                    if rows[first] not in remembered and len(remembered) < most:
                        remembered.append(rows[first])
                        added += 1
        return added

    def grow_within(
        self, room: int, most: int, orders: Sequence[Sequence[int]], shares: Sequence[float]
    ) -> int:
        """Make repeated visits of these walks impossible as there is room; return what was added.

        Each further row doubles the subsets that are told apart at a candidate. First come the
        repetitions that cost the fewest for the share of the walks in which they occur: a row that
        is remembered at some of the candidates in between alone forbids nothing.

        Parameters
        ----------
        room : int
            Subsets at all candidates together, at most.
        most : int
            Rows besides its own that a candidate remembers, at most.
        orders, shares : sequences
            Walks, and how much each counts.
        """
        counts: dict[tuple[int, frozenset[int]], float] = {}
        for order, share in zip(orders, shares, strict=True):
            rows = [self._row[node] for node in order]
            for first, again in _repeats(rows):
                if rows[first] < _BITS:
                    between = frozenset(order[first + 1 : again])
                    key = rows[first], between
                    counts[key] = counts.get(key, 0.0) + share
        left, added = room - self.subsets, 0
        for (row, between), _ in sorted(counts.items(), key=lambda one: self._dearness(*one)):
            lacking = [node for node in between if row not in self._sets[node]]
            cost = sum(self._subsets(node) for node in lacking)
            is_small = all(len(self._sets[node]) <= most for node in lacking)
            if is_small and cost <= left:
                left -= cost
                added += len(lacking)
                for node in lacking:
                    self._sets[node].append(row)
        return added

    @property
    def subsets(self) -> int:
        """Return how many subsets are told apart at all candidates together."""
        return sum(self._subsets(node) for node in range(len(self._sets)))

    def _subsets(self, node: int) -> int:
        return 1 << (len(self._sets[node]) - 1)  # its own row is always visited there

    def _dearness(self, repetition: tuple[int, frozenset[int]], share: float) -> float:
        row, between = repetition
        lacking = sum(self._subsets(node) for node in between if row not in self._sets[node])
        return lacking / share

    def others(self) -> Ints:
        """Return the rows besides its own that each candidate remembers, -1 where no more."""
        width = max((len(one) for one in self._sets), default=1) - 1
        remembered = np.full((len(self._row), width), -1, dtype=np.int64)
        for own, known, rows in zip(self._row, self._sets, remembered, strict=True):
            others = [row for row in known if row != own]
            rows[: len(others)] = others
        return remembered

    def words(self) -> tuple[Words, Words, Words, Words]:
        """Return the bit of each candidate's row and its set, each in two words of 64 bits."""
        bits = [1 << row if row < _BITS else 0 for row in self._row]
        sets = [sum(1 << row for row in one if row < _BITS) for one in self._sets]
        low, high = zip(*(_split(bit) for bit in bits), strict=True)
        set_low, set_high = zip(*(_split(one) for one in sets), strict=True)
        first, second = np.array(low, dtype=np.uint64), np.array(high, dtype=np.uint64)
        return first, second, np.array(set_low, np.uint64), np.array(set_high, np.uint64)


def _repeats(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return the positions of each visit and its next repetition."""
    places: dict[int, list[int]] = {}
    for position, row in enumerate(rows):
        places.setdefault(row, []).append(position)
    return [pair for one in places.values() for pair in pairwise(one)]


def _split(word: int) -> tuple[int, int]:
    return word & ((1 << _WORD) - 1), word >> _WORD
