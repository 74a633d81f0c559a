"""Which centres reach a unit first along the borders."""

import numpy as np

from routing.zoning.kernels.values import Borders, Floats, Ints, Longs, compiled
from routing.zoning.kernels.waiting import drop_nearest, new_waiting, push, roomier


@compiled
def _place(who: Ints, unit: int, rank: int) -> int:
    """Return where a rank is listed for a unit, or how many are listed when it is not."""
    for place in range(who.shape[1]):
        if who[unit, place] == rank:
            return place
    return int(who.shape[1])


@compiled
def _is_nearer(who: Ints, after: Floats, unit: int, rank: int, far: float) -> bool:
    """List a centre among those that reach a unit first so far; tell whether it belongs there."""
    if after[unit, who.shape[1] - 1] <= far:
        return False
    place = min(_place(who, unit, rank), who.shape[1] - 1)
    if after[unit, place] <= far:
        return False
    while place > 0 and after[unit, place - 1] > far:
        who[unit, place] = who[unit, place - 1]
        after[unit, place] = after[unit, place - 1]
        place -= 1
    who[unit, place] = rank
    after[unit, place] = far
    return True


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
    waiting = new_waiting(len(first) + len(centres))
    for rank in range(len(centres)):
        if _is_nearer(who, after, centres[rank], rank, delay[rank]):
            push(waiting, delay[rank], centres[rank], rank)
    while waiting.held[0] > 0:
        far, unit, rank = waiting.far[0], waiting.unit[0], waiting.rank[0]
        drop_nearest(waiting)
        place = _place(who, unit, rank)
        if place == most or after[unit, place] < far:
            continue  # reached sooner on another way, or by enough others
        waiting = roomier(waiting, first[unit + 1] - first[unit])
        for edge in range(first[unit], first[unit + 1]):
            other, there = near[edge], far + length_m[edge]
            if _is_nearer(who, after, other, rank, there):
                push(waiting, there, other, rank)
    return who, after
