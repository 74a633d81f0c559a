"""One shift and its candidates as integers: the graph on which the bound is computed.

Everything is exact. Value is counted in 1/3600 point, so that a second on the road costs the
price of an hour; time in seconds since the shift begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.measure import Measured, may_visit, required_until, windows_on
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.times import UNREACHABLE

UNITS_PER_POINT = 3600
NO_WAY_S = 1 << 40  # longer than any day, and sums of it stay far from overflow

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """Who may be visited, how long it takes to get on, and what it brings.

    A visit *happens* when it starts. Read backwards in time (`mirrored`), a network is one again:
    that is how suffixes of routes are bounded by the code that bounds prefixes.

    Attributes
    ----------
    ids : tuple[str, ...]
        Of the n candidates that could be visited.
    horizon_s : int
        Length of the shift.
    first_s, first_cost : int64[n]
        Riding there from the start, and what that costs.
    last_s, last_cost : int64[n]
        From the start of the visit to being at the end; the ride alone costs.
    step_s, step_cost : int64[n, n]
        From the start of a visit to arriving at the next one.
    opens_s, closes_s : int64[n, w]
        Windows of the start, ascending; those that are missing close at -1.
    value : int64[n]
        What a visit brings.
    row : int64[n]
        Candidates of the same row exclude one another; each excludes itself.
    required : bool[n]
    """

    ids: tuple[str, ...]
    horizon_s: int
    first_s: Ints
    first_cost: Ints
    last_s: Ints
    last_cost: Ints
    step_s: Ints
    step_cost: Ints
    opens_s: Ints
    closes_s: Ints
    value: Ints
    row: Ints
    required: NDArray[np.bool_]

    @property
    def day(self) -> tuple[int, Ints, Ints, Ints, Ints, Ints, Ints, Ints, Ints]:
        """Return hours and rides in the order in which every sweep takes them."""
        return (
            self.horizon_s,
            self.first_s,
            self.first_cost,
            self.last_s,
            self.last_cost,
            self.step_s,
            self.step_cost,
            self.opens_s,
            self.closes_s,
        )

    @property
    def size(self) -> int:
        """Return how many candidates there are."""
        return len(self.ids)

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return int(self.row.max()) + 1 if self.size else 0

    def mirrored(self) -> "Network":
        """Return the same day read backwards: a start at t becomes one at ``horizon_s - t``."""
        is_open = self.closes_s >= 0
        opens_s = np.where(is_open, self.horizon_s - self.closes_s, NO_WAY_S)
        closes_s = np.where(is_open, self.horizon_s - self.opens_s, -1)
        order = np.argsort(opens_s, axis=1, kind="stable")
        return replace(
            self,
            first_s=self.last_s,
            first_cost=self.last_cost,
            last_s=self.first_s,
            last_cost=self.first_cost,
            step_s=np.ascontiguousarray(self.step_s.T),
            step_cost=np.ascontiguousarray(self.step_cost.T),
            opens_s=np.take_along_axis(opens_s, order, axis=1),
            closes_s=np.take_along_axis(closes_s, order, axis=1),
        )

    def start_s(self, node: int, arrives_s: int) -> int:
        """Return when a visit starts at the earliest, ``NO_WAY_S`` if never."""
        for opens_s, closes_s in zip(self.opens_s[node], self.closes_s[node], strict=True):
            if arrives_s <= closes_s:
                return max(arrives_s, int(opens_s))
        return NO_WAY_S

    def worth(self, order: Sequence[int]) -> int | None:
        """Return what visiting in this order brings after travel, None when it does not fit."""
        if not order:
            return 0
        now_s, worth = int(self.first_s[order[0]]), -int(self.first_cost[order[0]])
        for i, node in enumerate(order):
            now_s = self.start_s(node, now_s)
            worth += int(self.value[node])
            onward = (node, order[i + 1]) if i + 1 < len(order) else None
            now_s += int(self.step_s[onward] if onward else self.last_s[node])
            worth -= int(self.step_cost[onward] if onward else self.last_cost[node])
        return worth if now_s <= self.horizon_s else None


def network_of(
    problem: Problem, shift: Shift, measured: Measured | None, *, may_require: bool = True
) -> Network:
    """Return the network of a shift; candidates that it can never visit are left out.

    ``may_require=False`` treats required candidates as optional.
    """
    candidates = [
        candidate
        for candidate in problem.candidates
        if measured is not None and may_visit(shift, candidate) and _windows(candidate, shift)
    ]
    rides_s = _rides_s(candidates, shift, measured)
    n = len(candidates)
    stay_s = np.array([candidate.stay_s for candidate in candidates], dtype=np.int64)
    price = problem.travel_cost_per_hour
    opens_s, closes_s = _spans(candidates, shift)
    rides_cost = np.where(rides_s < NO_WAY_S, rides_s, 0) * price
    return Network(
        ids=tuple(candidate.id for candidate in candidates),
        horizon_s=shift.window.end_s - shift.window.start_s,
        first_s=rides_s[n, :n].copy(),
        first_cost=rides_cost[n, :n].copy(),
        last_s=rides_s[:n, n + 1] + stay_s,
        last_cost=rides_cost[:n, n + 1].copy(),
        step_s=rides_s[:n, :n] + stay_s[:, None],
        step_cost=np.ascontiguousarray(rides_cost[:n, :n]),
        opens_s=opens_s,
        closes_s=closes_s,
        value=np.array([c.prize * UNITS_PER_POINT for c in candidates], dtype=np.int64),
        row=_rows(candidates),
        required=np.array(
            [may_require and _is_required(problem, shift, one) for one in candidates],
            dtype=np.bool_,
        ),
    )


def _is_required(problem: Problem, shift: Shift, candidate: Candidate) -> bool:
    until = required_until(problem, candidate)
    return until is not None and shift.day <= until


def _rides_s(candidates: Sequence[Candidate], shift: Shift, measured: Measured | None) -> Ints:
    """Return the rides between candidates, start (row n) and end (column n + 1).

    Where rides depend on the hour, the shortest of the day: no ride is shorter, so no day that
    could be worked is lost.
    """
    n = len(candidates)
    if measured is None or not candidates:
        return np.zeros((2, 2), dtype=np.int64)
    index = {point: i for i, point in enumerate(measured.points)}
    goal = shift.start if shift.end is None else shift.end
    places = [*(candidate.point for candidate in candidates), shift.start, goal]
    at = np.array([index[point] for point in places])
    matrices = [measured.matrix, *(matrix for _, matrix in measured.later)]
    shortest = np.min([matrix.seconds[np.ix_(at, at)] for matrix in matrices], axis=0)
    rides_s: Ints = np.where(shortest >= UNREACHABLE, NO_WAY_S, shortest.astype(np.int64))
    if shift.end is None:
        rides_s[:, n + 1] = 0
    return rides_s


def _windows(candidate: Candidate, shift: Shift) -> list[Window]:
    """Return the windows of the day, in seconds since the shift begins, cut to it."""
    begin_s, length_s = shift.window.start_s, shift.window.end_s - shift.window.start_s
    windows = [
        Window(max(0, window.start_s - begin_s), min(length_s, window.end_s - begin_s))
        for window in windows_on(candidate, shift.day)
    ]
    return sorted(window for window in windows if window.start_s <= window.end_s)


def _spans(candidates: Sequence[Candidate], shift: Shift) -> tuple[Ints, Ints]:
    spans = [_joined(_windows(candidate, shift)) for candidate in candidates]
    width = max((len(row) for row in spans), default=1)
    opens_s = np.full((len(spans), width), NO_WAY_S, dtype=np.int64)
    closes_s = np.full((len(spans), width), -1, dtype=np.int64)
    for i, row in enumerate(spans):
        opens_s[i, : len(row)] = [window.start_s for window in row]
        closes_s[i, : len(row)] = [window.end_s for window in row]
    return opens_s, closes_s


def _joined(windows: Sequence[Window]) -> list[Window]:
    """Return windows, sorted, with those that overlap made one."""
    joined: list[Window] = []
    for window in windows:
        if joined and window.start_s <= joined[-1].end_s + 1:
            last = joined.pop()
            joined.append(Window(last.start_s, max(last.end_s, window.end_s)))
        else:
            joined.append(window)
    return joined


def _rows(candidates: Sequence[Candidate]) -> Ints:
    """Return who excludes whom: a group shares a row."""
    numbers: Mapping[object, int]
    keys = [("group", c.group) if c.group is not None else ("id", c.id) for c in candidates]
    numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], dtype=np.int64)
