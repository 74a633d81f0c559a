"""Finds who is near whom."""

from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.records import Array


@inlined
def _ride(seconds: Array, back: Array, points: Array, i: int, row: Array, longest: int) -> None:
    """Write down half of the way from visit i to each other one and back, and a second."""
    here = points[i]
    for j in range(len(points)):
        ride_s = (seconds[here, points[j]] >> 1) + (back[here, points[j]] >> 1)
        row[j] = min(longest, ride_s + 1)
    row[i] = 0


@compiled
def find_near(
    seconds: Array, back: Array, points: Array, near: Array, row: Array, counts: Array
) -> None:
    """Write into each row of `near` the visits nearest to one, there and back, itself first.

    By counting: the cost of a row grows with the visits, whatever their order. Rides longer than
    there are counts are all alike; of equal ones the first come first.

    Parameters
    ----------
    seconds, back : int32[places, places]
        Rides from row to column, and the same turned round, so that both are read along rows.
    points : int32[n]
        Place of each visit.
    near : int32[n, k], k <= n
        Filled.
    row : int32[n]
        To work in.
    counts : int32[longest ride told apart, seconds]
        To work in: zeros, before and after.
    """
    n, k, longest = len(points), near.shape[1], len(counts) - 1
    for i in range(n):
        _ride(seconds, back, points, i, row, longest)
        for j in range(n):
            counts[row[j]] += 1
        placed, ended = 0, 0
        while placed < k:
            placed, counts[ended] = placed + counts[ended], placed
            ended += 1
        for j in range(n):
            if row[j] < ended and counts[row[j]] < k:
                near[i, counts[row[j]]] = j
                counts[row[j]] += 1
        for j in range(n):
            counts[row[j]] = 0
        for ride_s in range(ended):  # where nobody was, too
            counts[ride_s] = 0
