"""Which centres reach a unit first along the borders."""

import heapq

import numpy as np

from routing.zoning.kernels.values import Borders, Floats, Ints, Longs, compiled


@compiled
def _holds(ranks: Ints, count: int, rank: int) -> bool:
    holds = False
    for i in range(count):
        holds = holds or ranks[i] == rank
    return holds


@compiled
def reach_first(borders: Borders, centres: Longs, delay: Floats, most: int) -> tuple[Ints, Floats]:
    """Return the `most` centres that reach each unit first, and when; each departs after its delay.

    Returns
    -------
    who : int32[units, most]
        Rank of the centre, -1 where fewer reach the unit.
    after : float64[units, most]
        Metres on the way, delay included; infinite where `who` is -1.
    """
    first, near, length_m = borders
    who = np.full((len(first) - 1, most), -1, np.int32)
    after = np.full((len(first) - 1, most), np.inf)
    held = np.zeros(len(first) - 1, np.int32)
    heap = [(delay[0], np.int64(centres[0]), 0)]
    for rank in range(1, len(centres)):
        heapq.heappush(heap, (delay[rank], np.int64(centres[rank]), rank))
    while len(heap) > 0:
        far, unit, rank = heapq.heappop(heap)
        if held[unit] == most or _holds(who[unit], held[unit], rank):
            continue
        who[unit, held[unit]] = rank
        after[unit, held[unit]] = far
        held[unit] += 1
        for edge in range(first[unit], first[unit + 1]):
            other = near[edge]
            if held[other] < most and not _holds(who[other], held[other], rank):
                heapq.heappush(heap, (far + length_m[edge], np.int64(other), rank))
    return who, after
