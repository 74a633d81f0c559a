"""The candidates of a part in arrays, shared by the timetables of its shifts."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from routing.measure import preferred_on, windows_on
from routing.problem import Candidate, Window
from routing.timetable.arrays import NEVER_S, NO_WAY_S, Ints

_NO_WINDOW = Window(0, NEVER_S)


class Visits:
    """Lengths of visits and their windows by day, sorted and joined."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        """Give each candidate its number."""
        self.candidates = tuple(candidates)
        self.number = {candidate.id: i for i, candidate in enumerate(candidates)}
        self.stay_s = [candidate.stay_s for candidate in candidates]
        self.service_s: Ints = np.array(self.stay_s, dtype=np.int64)
        self.cash: Ints = np.array([one.cash for one in candidates], dtype=np.int64)
        self.on = cache(self._on)

    def _on(self, day: int) -> "WindowsOfDay":
        """Return the windows of a day."""
        return WindowsOfDay(self.candidates, day)


class WindowsOfDay:
    """When visits may start on one day: at all, or within a preferred window as well."""

    def __init__(self, candidates: Sequence[Candidate], day: int) -> None:
        """Join the windows of each candidate."""
        self.hard = [join_windows(windows_on(one, day)) for one in candidates]
        self.inside = [
            meet_windows(hard, join_windows(preferred_on(one, day)))
            for one, hard in zip(candidates, self.hard, strict=True)
        ]
        self._arrays = [_padded(self.hard), _padded(self.inside)]

    def of(self, number: int, waits: bool) -> list[Window]:
        """Return when a visit may start."""
        return self.inside[number] if waits else self.hard[number]

    def starts_s(self, pool: Ints, arrives_s: Ints, waits: bool = False) -> Ints:
        """Return the earliest starts for arrivals [..., j] at ``pool[j]``."""
        opens_s, closes_s = self._arrays[waits]
        starts_s = np.full_like(arrives_s, NO_WAY_S)
        for w in reversed(range(opens_s.shape[1])):
            in_time = arrives_s <= closes_s[pool, w]
            starts_s = np.where(in_time, np.maximum(arrives_s, opens_s[pool, w]), starts_s)
        return starts_s

    def start(self, number: int, arrives_s: int, waits: bool) -> int:
        """Return the earliest start after an arrival, ``NO_WAY_S`` if it is too late."""
        for window in self.of(number, waits):
            if arrives_s <= window.end_s:
                return max(arrives_s, window.start_s)
        return NO_WAY_S

    def latest_start(self, number: int, by_s: int, waits: bool) -> int:
        """Return the latest start by then, ``NEVER_S`` if there is none."""
        for window in reversed(self.of(number, waits)):
            if window.start_s <= by_s:
                return min(by_s, window.end_s)
        return NEVER_S


def _padded(windows: Sequence[Sequence[Window]]) -> tuple[Ints, Ints]:
    """Return starts and ends [candidate, window]; repeating the last window changes nothing."""
    width = max((len(of_one) for of_one in windows), default=1) or 1
    rows = [
        [*of_one, *([of_one[-1] if of_one else _NO_WINDOW] * width)][:width] for of_one in windows
    ]
    shape = (len(windows), width)
    opens_s = np.array([[one.start_s for one in row] for row in rows], dtype=np.int64)
    closes_s = np.array([[one.end_s for one in row] for row in rows], dtype=np.int64)
    return opens_s.reshape(shape), closes_s.reshape(shape)


def join_windows(windows: Sequence[Window]) -> list[Window]:
    """Return the windows of one day in order, those that overlap or touch made one."""
    joined: list[Window] = []
    for start_s, end_s in sorted((window.start_s, window.end_s) for window in windows):
        if joined and start_s <= joined[-1].end_s + 1:
            last = joined.pop()
            joined.append(Window(last.start_s, max(last.end_s, end_s)))
        else:
            joined.append(Window(start_s, end_s))
    return joined


def meet_windows(some: Sequence[Window], others: Sequence[Window]) -> list[Window]:
    """Return what two lists of joined windows have in common."""
    return [
        Window(max(a.start_s, b.start_s), min(a.end_s, b.end_s))
        for a in some
        for b in others
        if max(a.start_s, b.start_s) <= min(a.end_s, b.end_s)
    ]
