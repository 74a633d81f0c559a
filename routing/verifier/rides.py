"""Rides by point and by second of departure, out of the matrices of one shift."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point
from routing.travel.times import UNREACHABLE, Matrix

Square = NDArray[np.int32]
Measured = tuple[Sequence[Point], Matrix, Sequence[tuple[int, Matrix]]]


class Rides:
    """Looks rides up; there is no way to points that the matrices do not hold."""

    def __init__(self, measured: Measured | None) -> None:
        """Index the points."""
        points, matrix, later = measured or ((), None, ())
        self._index = {point: i for i, point in enumerate(points)}
        self._matrices = [] if matrix is None else [matrix, *(one for _, one in later)]
        self._seconds = [one.seconds for one in self._matrices]
        self._metres = [one.metres for one in self._matrices]
        self.starts_s = [0, *(from_s for from_s, _ in later)]
        self.by_hour = len(self.starts_s) > 1  # rides depend on the hour

    def seconds(self, origin: Point, goal: Point | None, departs_s: int = 0) -> int:
        """Return how long the ride takes; to no goal (an open end) it is nothing."""
        return self._look_up(self._seconds, origin, goal, departs_s)

    def metres(self, origin: Point, goal: Point | None, departs_s: int = 0) -> int:
        """Return how far the ride goes."""
        return self._look_up(self._metres, origin, goal, departs_s)

    def _look_up(
        self, squares: Sequence[Square], origin: Point, goal: Point | None, departs_s: int
    ) -> int:
        if goal is None:
            return 0
        i, j = self._index.get(origin), self._index.get(goal)
        if i is None or j is None:
            return UNREACHABLE
        slot = len(self.starts_s) - 1
        while slot and self.starts_s[slot] > departs_s:
            slot -= 1
        return int(squares[slot].item(i, j))

    def departures(self, ready_s: int) -> list[int]:
        """Return the moments from now on at which leaving can arrive earliest."""
        return [ready_s, *(start_s for start_s in self.starts_s if start_s > ready_s)]

    def arrives_s(self, ready_s: int, origin: Point, goal: Point | None) -> int | None:
        """Return the earliest arrival of who may leave from now on."""
        if not self.by_hour:
            ride_s = self.seconds(origin, goal)
            return None if ride_s == UNREACHABLE else ready_s + ride_s
        arrivals = []
        for departs_s in self.departures(ready_s):
            ride_s = self.seconds(origin, goal, departs_s)
            if ride_s != UNREACHABLE:
                arrivals.append(departs_s + ride_s)
        return min(arrivals, default=None)

    def has_way(self, origin: Point, goal: Point | None) -> bool:
        """Tell whether there is a way at any hour."""
        return self.arrives_s(0, origin, goal) is not None
