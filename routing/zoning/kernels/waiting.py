"""Who waits to be looked at next, the nearest first: a binary heap in plain arrays.

Numba's `heapq` makes a tuple for each entry and compares three fields; this takes half the time.
"""

from typing import NamedTuple

import numpy as np

from routing.zoning.kernels.values import Floats, Ints, Longs, compiled


class Waiting(NamedTuple):
    """Entries of a heap, by place in it.

    Attributes
    ----------
    far : float64[room]
        Metres; no entry below another is nearer.
    unit, rank : int32[room]
        Who waits, and the centre that comes for it.
    held : int64[1]
        How many entries there are.
    """

    far: Floats
    unit: Ints
    rank: Ints
    held: Longs


@compiled
def new_waiting(room: int) -> Waiting:
    """Return an empty heap for so many entries at first."""
    return Waiting(
        np.empty(room, np.float64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.zeros(1, np.int64),
    )


@compiled
def roomier(waiting: Waiting, more: int) -> Waiting:
    """Return the heap with room for more entries, itself when it has it."""
    count = waiting.held[0]
    if count + more <= len(waiting.far):
        return waiting
    other = new_waiting(2 * (count + more))
    other.far[:count] = waiting.far[:count]
    other.unit[:count] = waiting.unit[:count]
    other.rank[:count] = waiting.rank[:count]
    other.held[0] = count
    return other


@compiled
def push(waiting: Waiting, far: float, unit: int, rank: int) -> None:
    """Add an entry; there must be room for it."""
    at = waiting.held[0]
    waiting.held[0] = at + 1
    while at > 0:
        above = (at - 1) >> 1
        if waiting.far[above] <= far:
            break
        _take(waiting, at, above)
        at = above
    waiting.far[at], waiting.unit[at], waiting.rank[at] = far, unit, rank


@compiled
def drop_nearest(waiting: Waiting) -> None:
    """Remove the entry at the head."""
    last = waiting.held[0] - 1
    waiting.held[0] = last
    far = waiting.far[last]
    at, below = 0, 1
    while below < last:
        if below + 1 < last and waiting.far[below + 1] < waiting.far[below]:
            below += 1
        if waiting.far[below] >= far:
            break
        _take(waiting, at, below)
        at, below = below, 2 * below + 1
    _take(waiting, at, last)


@compiled
def _take(waiting: Waiting, at: int, other: int) -> None:
    waiting.far[at] = waiting.far[other]
    waiting.unit[at] = waiting.unit[other]
    waiting.rank[at] = waiting.rank[other]
