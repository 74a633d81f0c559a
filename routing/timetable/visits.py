"""The candidates of a part in arrays, shared by the timetables of its shifts."""

from collections.abc import Sequence
from copy import copy
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from routing.geo import Point
from routing.measure import allowed_to, is_rested, may_visit, preferred_on, windows_on
from routing.problem import Candidate, Shift, Window
from routing.timetable.arrays import NEVER_S, NO_WAY_S, Flags, Ints

UNKNOWN = -1  # the row of a candidate who is not in a matrix

_NO_WINDOW = Window(0, NEVER_S)


class Rows(NamedTuple):
    """Where candidates, and points at all, stand in a matrix."""

    of_each: list[int]
    of_point: dict[Point, int]
    knows_all: bool


class Visits:
    """Lengths of visits and their windows by day, sorted and joined."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        """Give each candidate its number."""
        self.candidates = tuple(candidates)
        self.number = {candidate.id: i for i, candidate in enumerate(candidates)}
        self.stay_s = [candidate.stay_s for candidate in candidates]
        self.service_s: Ints = np.array(self.stay_s, dtype=np.int64)
        self.cash: Ints = np.array([one.cash for one in candidates], dtype=np.int64)
        self.is_deposit: Flags = np.array([one.is_deposit for one in candidates], dtype=np.bool_)
        self.on = cache(self._on)
        self._rows: list[tuple[Sequence[Point], Rows]] = []

    def with_windows(self, number: int, day: int, windows: Sequence[Window]) -> "Visits":
        """Return the same visits, on that day with other windows for one candidate."""
        twin, of_day = copy(self), self.on(day).but(number, windows)
        twin.on = lambda asked: of_day if asked == day else self.on(asked)  # type: ignore[assignment]
        return twin

    def allowed(self, shift: Shift) -> Flags:
        """Tell whom a shift may visit, with the last contact long enough back."""
        examples, kinds = self._kinds
        may = [may_visit(shift, one) and is_rested(one, shift.day) for one in examples]
        found: Flags = np.array(may, dtype=np.bool_)[kinds]
        return found

    @cached_property
    def _kinds(self) -> tuple[list[Candidate], Ints]:
        """Return one candidate of each kind that shifts can't tell apart, and who is of which."""
        numbers: dict[object, int] = {}
        kinds = [numbers.setdefault(allowed_to(one), len(numbers)) for one in self.candidates]
        examples = dict(zip(reversed(kinds), reversed(self.candidates), strict=True))
        return [examples[i] for i in range(len(numbers))], np.array(kinds, dtype=np.int64)

    def rows(self, points: Sequence[Point]) -> Rows:
        """Return where the candidates stand in a matrix of these points; shifts share it."""
        for known, rows in self._rows:
            if known is points:
                return rows
        index = {point: i for i, point in enumerate(points)}
        of_each = [index.get(one.point, UNKNOWN) for one in self.candidates]
        self._rows.append((points, Rows(of_each, index, UNKNOWN not in of_each)))
        return self._rows[-1][1]

    def _on(self, day: int) -> "WindowsOfDay":
        """Return the windows of a day."""
        return WindowsOfDay(self.candidates, day)


class WindowsOfDay:
    """When visits may start on one day: at all, or within a preferred window as well."""

    def __init__(self, candidates: Sequence[Candidate], day: int) -> None:
        """Join the windows of each candidate."""
        hours: dict[object, tuple[list[Window], list[Window], list[Window]]] = {}
        found = []
        for one in candidates:  # thousands, most with the hours of others
            key = one.windows, one.preferred
            if key not in hours:
                hard = join_windows(windows_on(one, day))
                preferred = join_windows(preferred_on(one, day))
                hours[key] = hard, preferred, meet_windows(hard, preferred)
            found.append(hours[key])
        self.hard = [hard for hard, _, _ in found]
        self._preferred = [preferred for _, preferred, _ in found]
        self.inside = [inside for _, _, inside in found]
        self.arrays = [padded(self.hard), padded(self.inside)]

    def but(self, number: int, windows: Sequence[Window]) -> "WindowsOfDay":
        """Return the same windows, but others for one candidate."""
        twin = copy(self)
        twin.hard, twin.inside = list(self.hard), list(self.inside)
        twin.hard[number] = join_windows(windows)
        twin.inside[number] = meet_windows(twin.hard[number], self._preferred[number])
        rows = (twin.hard[number], twin.inside[number])
        twin.arrays = [
            _with_row(ends, number, row) for ends, row in zip(self.arrays, rows, strict=True)
        ]
        return twin

    def of(self, number: int, waits: bool) -> list[Window]:
        """Return when a visit may start."""
        return self.inside[number] if waits else self.hard[number]

    def starts_s(self, pool: Ints, arrives_s: Ints, waits: bool = False) -> Ints:
        """Return the earliest starts for arrivals [..., j] at ``pool[j]``."""
        opens_s, closes_s = self.arrays[waits]
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


def padded(windows: Sequence[Sequence[Window]]) -> tuple[Ints, Ints]:
    """Return starts and ends [candidate, window]; repeating the last window changes nothing.

    Without windows, one that is over before it begins.
    """
    width = max((len(of_one) for of_one in windows), default=1) or 1
    rows = [
        [*of_one, *([of_one[-1] if of_one else _NO_WINDOW] * width)][:width] for of_one in windows
    ]
    shape = (len(windows), width)
    opens_s = np.array([[one.start_s for one in row] for row in rows], dtype=np.int64)
    closes_s = np.array([[one.end_s for one in row] for row in rows], dtype=np.int64)
    return opens_s.reshape(shape), closes_s.reshape(shape)


def _with_row(ends: tuple[Ints, Ints], number: int, windows: Sequence[Window]) -> tuple[Ints, Ints]:
    """Return starts and ends with other windows for one candidate."""
    found = []
    for all_s, row_s in zip(ends, padded([windows]), strict=True):
        width = max(all_s.shape[1], row_s.shape[1])
        both = [np.pad(one, ((0, 0), (0, width - one.shape[1])), "edge") for one in (all_s, row_s)]
        both[0][number] = both[1][0]
        found.append(both[0])
    return found[0], found[1]


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
