"""One shift and its candidates as integers: the graph on which the bound is computed.

Everything is exact. Value is counted in 1/3600 point, so that a second on the road costs the
price of an hour; time in seconds since the shift begins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.measure import Measured, may_visit, preferred_on, required_until, split, windows_on
from routing.plan import Visit
from routing.problem import Candidate, Problem, Shift, Window
from routing.timetable.visits import join_windows, meet_windows
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
        Of the n visits that could be made. A candidate with preferred windows is there twice:
        within them, and at any hour for less.
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

    def order_of(self, visits: Sequence[Visit]) -> list[int]:
        """Return visits by number, made as early as may be; nothing if one is to nobody here."""
        order: list[int] = []
        now_s = 0
        for visit in visits:
            choices = [i for i, id_ in enumerate(self.ids) if id_ == visit.candidate_id]
            if not choices:
                return []
            before = order[-1] if order else None
            starts_s = {
                i: self.start_s(
                    i, now_s + int(self.first_s[i] if before is None else self.step_s[before, i])
                )
                for i in choices
            }
            # Preferred hours come first, and are worth more where nothing is waited for.
            chosen = choices[0] if visit.waits else min(choices, key=lambda i: starts_s[i])
            order.append(chosen)
            now_s = starts_s[chosen]
        return order

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
    # Nobody measured the way to those who rest, or wait for somebody who can't be visited.
    within_reach = {candidate.id for part in split(problem) for candidate in part.candidates}
    made = [
        choice
        for candidate in problem.candidates
        if measured is not None and candidate.id in within_reach and may_visit(shift, candidate)
        for choice in _choices(candidate, shift)
    ]
    candidates = [choice.candidate for choice in made]
    rides_s = _rides_s(candidates, shift, measured)
    n = len(candidates)
    stay_s = np.array([candidate.stay_s for candidate in candidates], dtype=np.int64)
    price = problem.travel_cost_per_hour
    opens_s, closes_s = _spans(made)
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
        value=np.array([choice.points * UNITS_PER_POINT for choice in made], dtype=np.int64),
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


class _Choice(NamedTuple):
    """A visit that could be made, and what it brings before travel."""

    candidate: Candidate
    windows: list[Window]
    points: int


def _choices(candidate: Candidate, shift: Shift) -> Iterator[_Choice]:
    """Yield the visits that could be made to a candidate, one in preferred hours first."""
    windows = _within(windows_on(candidate, shift.day), shift)
    prefers = bool(candidate.preferred) and candidate.outside_price > 0
    inside = meet_windows(windows, _within(preferred_on(candidate, shift.day), shift))
    if prefers and inside:
        yield _Choice(candidate, inside, candidate.prize)
    if windows:
        yield _Choice(candidate, windows, candidate.prize - candidate.outside_price * prefers)


def _within(windows: Iterable[Window], shift: Shift) -> list[Window]:
    """Return windows in seconds since the shift begins, cut to it, ascending and joined."""
    begin_s, length_s = shift.window.start_s, shift.window.end_s - shift.window.start_s
    cut = (
        Window(max(0, window.start_s - begin_s), min(length_s, window.end_s - begin_s))
        for window in windows
    )
    return join_windows([window for window in cut if window.start_s <= window.end_s])


def _spans(choices: Sequence[_Choice]) -> tuple[Ints, Ints]:
    width = max((len(choice.windows) for choice in choices), default=1)
    opens_s = np.full((len(choices), width), NO_WAY_S, dtype=np.int64)
    closes_s = np.full((len(choices), width), -1, dtype=np.int64)
    for i, choice in enumerate(choices):
        opens_s[i, : len(choice.windows)] = [window.start_s for window in choice.windows]
        closes_s[i, : len(choice.windows)] = [window.end_s for window in choice.windows]
    return opens_s, closes_s


def _rows(candidates: Sequence[Candidate]) -> Ints:
    """Return who excludes whom: a group shares a row."""
    numbers: Mapping[object, int]
    keys = [("group", c.group) if c.group is not None else ("id", c.id) for c in candidates]
    numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], dtype=np.int64)
