"""Rides of one shift between numbered nodes, by the hour of departure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.measure import Measured
from routing.problem import Shift
from routing.timetable.arrays import NEVER_S, NO_WAY_S, Ints
from routing.timetable.visits import UNKNOWN, Rows

Square = Sequence[Ints]  # rides by stretch of the day


class Arrivals(NamedTuple):
    """Earliest arrivals, and how long the rides are that make them; ``NO_WAY_S`` where none."""

    arrives_s: Ints
    ride_s: Ints


class Rides:
    """Looks rides up in the matrices that shifts share; copies none of them.

    Nodes are the candidates 0..n-1, the start n and the end n+1. From start to end it takes
    nothing, as a collector with nobody to visit stays at home; to an open end as well.

    To a candidate who is not in the matrix there is no way: a shift that others come to share a
    part with, by a change of the day, keeps the rides of its own.

    A ride takes what its slot says at departure. It may be put off to arrive earlier, or at the
    same time on a shorter ride, so that who is ready earlier never arrives later.
    """

    def __init__(self, shift: Shift, rows: Rows, measured: Measured) -> None:
        """Find the rows of start and end beside those of the candidates."""
        goal = shift.start if shift.end is None else shift.end
        self._places = [*rows.of_each, rows.of_point[shift.start], rows.of_point[goal]]
        self._rows = np.array(self._places)
        self._knows_all = rows.knows_all
        self.start, self.end = len(rows.of_each), len(rows.of_each) + 1
        self._is_open = shift.end is None
        slots = [(0, measured.matrix), *measured.later]
        self._starts_s = [from_s for from_s, _ in slots]
        self._ends_s = [from_s - 1 for from_s, _ in slots[1:]] + [NO_WAY_S]
        self._matrices = [matrix for _, matrix in slots]

    @property
    def slots(self) -> range:
        """Return the numbers of the stretches of the day with rides of their own."""
        return range(len(self._matrices))

    def slot_at(self, departs_s: int) -> int:
        """Return the stretch that holds a departure."""
        return max(k for k in self.slots if self._starts_s[k] <= departs_s)

    def seconds_at(self, departs_s: int, origin: int, goal: int) -> int:
        """Return how long a ride takes, ``NO_WAY_S`` where there is no way."""
        return self._one(self._matrices[self.slot_at(departs_s)].seconds, origin, goal)

    def metres_at(self, departs_s: int, origin: int, goal: int) -> int:
        """Return how far a ride goes."""
        return self._one(self._matrices[self.slot_at(departs_s)].metres, origin, goal)

    def _one(self, square: NDArray[np.int32], origin: int, goal: int) -> int:
        if goal == self.end and (self._is_open or origin == self.start):
            return 0
        row, column = self._places[origin], self._places[goal]
        if not self._knows_all and UNKNOWN in (row, column):
            return NO_WAY_S
        return int(square.item(row, column))

    def arrival(self, ready_s: int, origin: int, goal: int) -> tuple[int, int]:
        """Return the earliest arrival of who is ready now, and the ride; ``NO_WAY_S`` if none."""
        best = (NO_WAY_S, NO_WAY_S)
        if ready_s >= NO_WAY_S:
            return best
        for k, from_s in enumerate(self._starts_s):
            departs_s = max(ready_s, from_s)
            ride_s = self._one(self._matrices[k].seconds, origin, goal)
            if departs_s <= self._ends_s[k] and ride_s < NO_WAY_S:
                best = min(best, (departs_s + ride_s, ride_s))
        return best

    def latest_departure(self, by_s: int, origin: int, goal: int) -> int:
        """Return the latest departure that arrives by then, ``NEVER_S`` if there is none."""
        latest_s = NEVER_S
        for k, from_s in enumerate(self._starts_s):
            ride_s = self._one(self._matrices[k].seconds, origin, goal)
            if ride_s < NO_WAY_S and from_s + ride_s <= by_s:
                latest_s = max(latest_s, min(by_s - ride_s, self._ends_s[k]))
        return latest_s

    def seconds(self, slot: int, origins: Ints | int, goals: Ints | int) -> Ints:
        """Return the rides of a stretch, ``NO_WAY_S`` where there is no way."""
        return self._look_up(self._matrices[slot].seconds, origins, goals)

    def shortest_s(self, origins: Ints | int, goals: Ints | int) -> Ints:
        """Return the rides at the best hour."""
        shortest_s = self.seconds(0, origins, goals)
        for k in self.slots[1:]:
            shortest_s = np.minimum(shortest_s, self.seconds(k, origins, goals))
        return shortest_s

    def longest_s(self, origins: Ints | int, goals: Ints | int) -> Ints:
        """Return the rides at the worst hour."""
        longest_s = self.seconds(0, origins, goals)
        for k in self.slots[1:]:
            longest_s = np.maximum(longest_s, self.seconds(k, origins, goals))
        return longest_s

    def _look_up(self, square: NDArray[np.int32], origins: Ints | int, goals: Ints | int) -> Ints:
        origins, goals = np.asarray(origins), np.asarray(goals)
        rows, columns = self._rows[origins], self._rows[goals]
        found = square[rows, columns].astype(np.int64)
        if not self._knows_all:
            found = np.where((rows == UNKNOWN) | (columns == UNKNOWN), NO_WAY_S, found)
        stays = (goals == self.end) & (self._is_open | (origins == self.start))
        return np.where(stays, 0, found) if stays.any() else found

    def of_each_slot(self, origins: Ints | int, goals: Ints | int) -> Square:
        """Return the rides of every stretch, ``NO_WAY_S`` where there is no way."""
        return [self.seconds(k, origins, goals) for k in self.slots]

    def arrive(self, ready_s: Ints, rides: Square) -> Arrivals:
        """Return the earliest arrivals of those who are ready to leave at these moments."""
        if len(rides) == 1:
            return Arrivals(np.minimum(ready_s + rides[0], NO_WAY_S), rides[0])
        shape = np.broadcast(ready_s, rides[0]).shape
        best_s = np.full(shape, NO_WAY_S, dtype=np.int64)
        rides_s = np.full(shape, NO_WAY_S, dtype=np.int64)
        for k, ride_s in enumerate(rides):
            departs_s = np.maximum(ready_s, self._starts_s[k])
            arrives_s = departs_s + ride_s
            can = (departs_s <= self._ends_s[k]) & (departs_s < NO_WAY_S) & (ride_s < NO_WAY_S)
            better = can & (arrives_s <= best_s)  # later at the same time is a shorter ride
            best_s = np.where(better, arrives_s, best_s)
            rides_s = np.where(better, ride_s, rides_s)
        return Arrivals(best_s, rides_s)

    def latest_departures(self, by_s: Ints, rides: Square) -> Ints:
        """Return the latest departures that arrive by these moments, ``NEVER_S`` where none."""
        if len(rides) == 1:
            departs_s: Ints = np.maximum(by_s - rides[0], NEVER_S)
            return departs_s
        latest_s = np.full(np.broadcast(by_s, rides[0]).shape, NEVER_S, dtype=np.int64)
        for k, ride_s in enumerate(rides):
            departs_s = np.minimum(by_s - ride_s, self._ends_s[k])
            can = (self._starts_s[k] + ride_s <= by_s) & (ride_s < NO_WAY_S)
            latest_s = np.where(can, np.maximum(latest_s, departs_s), latest_s)
        return latest_s
