"""Breaks on the clock: the earliest and latest moments by the number of breaks taken so far.

An array of moments has one row for each number of breaks taken, 0 to all of them.
"""

from collections.abc import Sequence

import numpy as np

from routing.problem import Break
from routing.timetable.arrays import NEVER_S, NO_WAY_S, Ints


class Rests:
    """The breaks of one shift."""

    def __init__(self, breaks: Sequence[Break]) -> None:
        """Keep them in their order."""
        self.breaks = tuple(breaks)
        self.states = len(self.breaks) + 1

    def none_taken(self, now_s: int) -> Ints:
        """Return the moments of a day that begins now."""
        moments = np.full(self.states, NO_WAY_S, dtype=np.int64)
        moments[0] = now_s
        return moments

    def over_s(self, number: int, now_s: Ints) -> Ints:
        """Return when a break is over that is taken at the earliest from now on."""
        one = self.breaks[number]
        ends_s = np.maximum(now_s, one.window.start_s) + one.duration_s
        return np.where(now_s <= one.window.end_s, ends_s, NO_WAY_S)

    def taken(self, moments_s: Ints) -> Ints:
        """Return the earliest moments after taking as many further breaks as one likes, here."""
        if not self.breaks:
            return moments_s
        rested_s = moments_s.copy()
        for number in range(len(self.breaks)):
            over_s = self.over_s(number, rested_s[number])
            rested_s[number + 1] = np.minimum(rested_s[number + 1], over_s)
        return rested_s

    def latest_before(self, latest_s: Ints) -> Ints:
        """Return the latest moments before breaks are taken here, given those afterwards."""
        if not self.breaks:
            return latest_s
        before_s = latest_s.copy()
        for number in reversed(range(len(self.breaks))):
            one = self.breaks[number]
            bound_s = before_s[number + 1]
            fits = one.window.start_s + one.duration_s <= bound_s
            last_s = np.where(fits, np.minimum(one.window.end_s, bound_s - one.duration_s), NEVER_S)
            before_s[number] = np.maximum(before_s[number], last_s)
        return before_s

    def latest_ends_s(self, end_s: int) -> Ints:
        """Return until when the day may last with so many breaks taken and no further one."""
        begins_s = [one.window.start_s for one in self.breaks]
        return np.array([*(min(end_s, begin_s) for begin_s in begins_s), end_s], dtype=np.int64)
