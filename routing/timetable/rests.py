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

    def none_taken(self, now_s: int) -> list[int]:
        """Return the moments of a day that begins now."""
        return [now_s, *[NO_WAY_S] * len(self.breaks)]

    def over(self, number: int, now_s: int) -> int:
        """Return when a break is over that is taken at the earliest from now on."""
        one = self.breaks[number]
        if now_s > one.window.end_s:
            return NO_WAY_S
        return max(now_s, one.window.start_s) + one.duration_s

    def rested(self, moments_s: list[int]) -> list[int]:
        """Return the earliest moments after taking as many further breaks as one likes, here."""
        rested_s = list(moments_s)
        for number in range(len(self.breaks)):
            rested_s[number + 1] = min(rested_s[number + 1], self.over(number, rested_s[number]))
        return rested_s

    def before(self, latest_s: list[int]) -> list[int]:
        """Return the latest moments before breaks are taken here, given those afterwards."""
        before_s = list(latest_s)
        for number in reversed(range(len(self.breaks))):
            one, bound_s = self.breaks[number], before_s[number + 1]
            if one.window.start_s + one.duration_s <= bound_s:
                last_s = min(one.window.end_s, bound_s - one.duration_s)
                before_s[number] = max(before_s[number], last_s)
        return before_s

    def latest_ends(self, end_s: int) -> list[int]:
        """Return until when the day may last with so many breaks taken and no further one."""
        return [*(min(end_s, one.window.start_s) for one in self.breaks), end_s]

    def rested_all(self, moments_s: Ints) -> Ints:
        """Return the same as `rested` for arrays."""
        if not self.breaks:
            return moments_s
        rested_s = moments_s.copy()
        for number, one in enumerate(self.breaks):
            now_s = rested_s[number]
            over_s = np.maximum(now_s, one.window.start_s) + one.duration_s
            over_s = np.where(now_s <= one.window.end_s, over_s, NO_WAY_S)
            rested_s[number + 1] = np.minimum(rested_s[number + 1], over_s)
        return rested_s

    def before_all(self, latest_s: Ints) -> Ints:
        """Return the same as `before` for arrays."""
        before_s = latest_s.copy()
        for number in reversed(range(len(self.breaks))):
            one, bound_s = self.breaks[number], before_s[number + 1]
            fits = one.window.start_s + one.duration_s <= bound_s
            last_s = np.minimum(one.window.end_s, bound_s - one.duration_s)
            before_s[number] = np.maximum(before_s[number], np.where(fits, last_s, NEVER_S))
        return before_s
