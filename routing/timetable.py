"""One shift and its candidates by number: rides, windows, and what an order of visits means.

Candidates of a part are numbered 0..n-1; row n of the rides is where the shift starts and column
n+1 is where it ends. An order is a list of numbers. Every visit starts as early as it can: when
nothing can be gained by waiting, an order that fits this way is an order that fits at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from routing.measure import Matrices, Measured, may_visit
from routing.plan import PlannedStop, Route
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.times import UNREACHABLE

NO_WAY_S = UNREACHABLE  # longer than any shift

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Clock:
    """When an order of k visits happens.

    Attributes
    ----------
    arrives_s : list of k + 1
        At each visit, then at the end.
    starts_s : list of k
    leaves_s : list of k + 1
        From the start, then from each visit.
    latest_s : list of k + 1
        Latest arrival at each visit, then at the end, with which all that follows still fits.
    """

    arrives_s: list[int]
    starts_s: list[int]
    leaves_s: list[int]
    latest_s: list[int]


class Insertions(NamedTuple):
    """What adding candidate ``pool[j]`` before visit i (or the end) would mean, as [i, j].

    ``delay_s`` is how much later the next arrival gets.
    """

    fits: Flags
    has_way: Flags
    detour_s: Ints
    delay_s: Ints


class Visits:
    """The candidates of a part in arrays; shared by the timetables of its shifts."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        """Put service times and windows, sorted and joined, into arrays."""
        self.candidates = tuple(candidates)
        self.number = {candidate.id: i for i, candidate in enumerate(candidates)}
        self.windows = [join_windows(candidate.windows) for candidate in candidates]
        self.stay_s = [candidate.service_s for candidate in candidates]
        self.service_s: Ints = np.array([c.service_s for c in candidates], dtype=np.int64)
        width = max((len(windows) for windows in self.windows), default=1)
        # Missing alternatives repeat the last window, which changes nothing.
        padded = [
            windows + windows[-1:] * (width - len(windows)) if windows else [Window(0, -1)] * width
            for windows in self.windows
        ]
        shape = (len(self.candidates), width)
        self.opens_s: Ints = np.array(
            [[w.start_s for w in row] for row in padded], dtype=np.int64
        ).reshape(shape)
        self.closes_s: Ints = np.array(
            [[w.end_s for w in row] for row in padded], dtype=np.int64
        ).reshape(shape)

    def starts_s(self, pool: Ints, arrives_s: Ints) -> Ints:
        """Return the earliest starts for arrivals [i, j] at ``pool[j]``, NO_WAY_S if too late."""
        starts_s = np.full_like(arrives_s, NO_WAY_S)
        for w in range(self.opens_s.shape[1] - 1, -1, -1):
            in_time = arrives_s <= self.closes_s[pool, w]
            starts_s = np.where(in_time, np.maximum(arrives_s, self.opens_s[pool, w]), starts_s)
        return starts_s


class Timetable:
    """One shift against the candidates of its part.

    Attributes
    ----------
    seconds : int32[n + 2, n + 2]
        ``NO_WAY_S`` where there is no way; 0 from start to end, as a collector with nobody to
        visit stays at home; 0 to an open end.
    allowed : bool[n]
        This shift may visit.
    reachable : bool[n]
        Allowed, and a way leads there and on to the end.
    visitable : bool[n]
        Reachable, and fits into the shift if it were the only visit.
    """

    def __init__(self, shift: Shift, visits: Visits, measured: Measured) -> None:
        """Look the rides up and find who could be visited at all."""
        self.shift = shift
        self.visits = visits
        self.start = len(visits.candidates)
        self.end = self.start + 1
        self._arrange_rides(measured)
        self.allowed: Flags = np.array(
            [may_visit(shift, candidate) for candidate in visits.candidates], dtype=np.bool_
        )
        there, home = self.seconds[self.start, : self.start], self.seconds[: self.start, self.end]
        self.reachable: Flags = self.allowed & (there < NO_WAY_S) & (home < NO_WAY_S)
        self.visitable: Flags = self.insertions([], np.arange(self.start)).fits[0]

    def _arrange_rides(self, measured: Measured) -> None:
        index = {point: i for i, point in enumerate(measured.points)}
        goal = self.shift.start if self.shift.end is None else self.shift.end
        points = [candidate.point for candidate in self.visits.candidates]
        self._rows = np.array([index[point] for point in (*points, self.shift.start, goal)])
        self._all_metres = measured.matrix.metres
        self.seconds = measured.matrix.seconds[np.ix_(self._rows, self._rows)]
        self.seconds[self.start, self.end] = 0
        if self.shift.end is None:
            self.seconds[:, self.end] = 0

    def clock(self, order: Sequence[int]) -> Clock | None:
        """Return when the visits happen, None when they don't fit."""
        rides_s = self._rides_s(order)
        now_s = self.shift.window.start_s
        arrives_s, starts_s, leaves_s = [], [], [now_s]
        for candidate, ride_s in zip(order, rides_s, strict=False):
            now_s += ride_s
            arrives_s.append(now_s)
            for window in self.visits.windows[candidate]:
                if now_s <= window.end_s:
                    break
            else:
                return None
            now_s = max(now_s, window.start_s)
            starts_s.append(now_s)
            now_s += self.visits.stay_s[candidate]
            leaves_s.append(now_s)
        arrives_s.append(now_s + rides_s[-1])
        if arrives_s[-1] > self.shift.window.end_s:
            return None
        return Clock(arrives_s, starts_s, leaves_s, self._latest_s(order, rides_s))

    def _latest_s(self, order: Sequence[int], rides_s: Sequence[int]) -> list[int]:
        bound_s = self.shift.window.end_s
        latest_s = [bound_s]
        for candidate, onward_s in zip(reversed(order), reversed(rides_s), strict=False):
            bound_s -= onward_s + self.visits.stay_s[candidate]
            for window in reversed(self.visits.windows[candidate]):
                if window.start_s <= bound_s:
                    break
            bound_s = min(bound_s, window.end_s)
            latest_s.append(bound_s)
        return latest_s[::-1]

    def _rides_s(self, order: Sequence[int]) -> list[int]:
        stations = np.array([self.start, *order, self.end])
        return cast("list[int]", self.seconds[stations[:-1], stations[1:]].tolist())

    def _rides_m(self, order: Sequence[int]) -> list[int]:
        rows = self._rows[[self.start, *order, self.end]]
        rides_m = cast("list[int]", self._all_metres[rows[:-1], rows[1:]].tolist())
        if not order or self.shift.end is None:
            rides_m[-1] = 0  # stays at home, or where the last visit was
        return rides_m

    def has_room(self, order: Sequence[int]) -> bool:
        """Tell whether the shift may make one more visit."""
        return self.shift.max_stops is None or len(order) < self.shift.max_stops

    def insertions(self, order: Sequence[int], pool: Ints) -> Insertions:
        """Return what adding each candidate of the pool at each position would mean.

        The order itself must fit. Candidates that are not allowed never fit. One that would not
        fit alone may fit all the same: rounded rides can be shorter by way of others.
        """
        clock = self.clock(order)
        if clock is None:
            raise ValueError("expected an order that fits")
        befores, afters = np.array([self.start, *order]), np.array([*order, self.end])
        there_s = self.seconds[befores[:, None], pool].astype(np.int64)
        onward_s = self.seconds[pool, afters[:, None]].astype(np.int64)
        starts_s = self.visits.starts_s(pool, np.array(clock.leaves_s)[:, None] + there_s)
        next_s = starts_s + self.visits.service_s[pool] + onward_s
        fits = next_s <= np.array(clock.latest_s)[:, None]
        has_way = (there_s < NO_WAY_S) & (onward_s < NO_WAY_S)
        direct_s = self.seconds[befores, afters][:, None]
        return Insertions(
            fits & self.allowed[pool] & self.has_room(order),
            has_way,
            there_s + onward_s - np.where(direct_s < NO_WAY_S, direct_s, 0),
            next_s - np.array(clock.arrives_s)[:, None],
        )

    def travel_s(self, order: Sequence[int]) -> int:
        """Return the seconds on the road."""
        return sum(self._rides_s(order))

    def detours_s(self, order: Sequence[int]) -> list[int]:
        """Return what leaving each visit out would save on the road.

        Where no direct way skips the visit, that is both of its rides.
        """
        rides_s = self._rides_s(order)
        stations = np.array([self.start, *order, self.end])
        direct_s = self.seconds[stations[:-2], stations[2:]]
        saved_s = np.array(rides_s[:-1]) + np.array(rides_s[1:])
        saved_s -= np.where(direct_s < NO_WAY_S, direct_s, 0)
        return cast("list[int]", saved_s.tolist())

    def route(self, order: Sequence[int]) -> Route:
        """Return the route that makes the visits in this order, which must fit.

        The collector leaves as late as the first visit allows; a shift without visits stays at
        home.
        """
        clock = self.clock(order)
        if clock is None:
            raise ValueError("expected an order that fits")
        rides_s, rides_m = self._rides_s(order), self._rides_m(order)
        leaves_s = clock.starts_s[0] - rides_s[0] if order else self.shift.window.start_s
        arrives_s = [leaves_s + rides_s[0], *clock.arrives_s[1:]]
        stops = tuple(
            PlannedStop(
                candidate_id=self.visits.candidates[candidate].id,
                arrives_s=arrives_s[i],
                starts_s=clock.starts_s[i],
                leaves_s=clock.leaves_s[i + 1],
                travel_s=rides_s[i],
                travel_m=rides_m[i],
                prize=self.visits.candidates[candidate].prize,
                detour_s=detour_s,
            )
            for i, (candidate, detour_s) in enumerate(
                zip(order, self.detours_s(order), strict=True)
            )
        )
        returns_s = arrives_s[-1]
        return Route(self.shift.id, stops, leaves_s, returns_s, sum(rides_s), sum(rides_m))


def join_windows(windows: Sequence[Window]) -> list[Window]:
    """Return the windows in order, those that overlap or touch made one."""
    joined: list[Window] = []
    for window in sorted(windows):
        if joined and window.start_s <= joined[-1].end_s + 1:
            last = joined.pop()
            window = Window(last.start_s, max(last.end_s, window.end_s))  # noqa: PLW2901 - grows
        joined.append(window)
    return joined


def timetables(part: Problem, matrices: Matrices) -> list[Timetable]:
    """Return the timetable of each shift of a part, in order."""
    visits = Visits(part.candidates)
    return [Timetable(shift, visits, matrices[shift.id]) for shift in part.shifts]
