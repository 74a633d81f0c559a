"""One shift's day, simulated visit by visit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routing.geo import Point
from routing.plan import PlannedStop, Route
from routing.problem import Candidate, Problem, Shift
from routing.travel.times import UNREACHABLE, Matrix
from routing.verifier.violations import Rule, Violation

Measured = tuple[Sequence[Point], Matrix, Sequence[tuple[int, Matrix]]]


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride; ``UNREACHABLE`` in both where there is no way."""

    seconds: int
    metres: int


class Rides:
    """Rides by point, out of one matrix; there is no way to points it does not hold."""

    def __init__(self, measured: Measured | None) -> None:
        """Index the points."""
        points, matrix, _ = measured or ((), None, ())
        self._index = {point: i for i, point in enumerate(points)}
        self._seconds: list[list[int]] = [] if matrix is None else matrix.seconds.tolist()
        self._matrix = matrix

    def seconds(self, origin: Point, goal: Point | None) -> int:
        """Return how long the ride takes; to no goal (an open end) it is nothing."""
        if goal is None:
            return 0
        i, j = self._index.get(origin), self._index.get(goal)
        return UNREACHABLE if i is None or j is None else self._seconds[i][j]

    def ride(self, origin: Point, goal: Point | None) -> Ride:
        """Return seconds and metres."""
        seconds = self.seconds(origin, goal)
        if goal is None or seconds == UNREACHABLE or self._matrix is None:
            return Ride(seconds, seconds)
        metres = self._matrix.metres[self._index[origin], self._index[goal]]
        return Ride(seconds, int(metres))


class Day:
    """One shift: its rides, and what a sequence of visits looks like on its clock."""

    def __init__(self, problem: Problem, shift: Shift, rides: Rides) -> None:
        """Remember the shift and its rides; nobody is visited yet."""
        self.shift = shift
        self.candidates = {candidate.id: candidate for candidate in problem.candidates}
        self.order: list[Candidate] = []
        self._departures_s: list[int] | None = None
        self._rides = rides

    def may_visit(self, candidate: Candidate) -> bool:
        """Tell whether this shift is allowed to visit, and visits anybody at all."""
        allowed = candidate.shifts is None or self.shift.id in candidate.shifts
        return allowed and self.shift.max_stops != 0

    def fits(self, order: Sequence[Candidate]) -> bool:
        """Tell whether the visits can be made in this order, each as early as possible."""
        now_s, here = self.shift.window.start_s, self.shift.start
        for candidate in order:
            left_s = self._after(now_s, here, candidate)
            if left_s is None:
                return False
            now_s, here = left_s, candidate.point
        return self._is_home_in_time(now_s, here, bool(order))

    def fits_at(self, position: int, candidate: Candidate) -> bool:
        """Tell whether one more visit fits before the visit that has that position in the plan.

        A later visit that can be left no later than without the addition changes nothing for
        those that follow.
        """
        if self._departures_s is None:
            return False
        here = self.order[position - 1].point if position else self.shift.start
        now_s = self._after(self._departures_s[position], here, candidate)
        here = candidate.point
        for i in range(position, len(self.order)):
            if now_s is None:
                return False
            now_s = self._after(now_s, here, self.order[i])
            here = self.order[i].point
            if now_s is not None and now_s <= self._departures_s[i + 1]:
                return True
        return now_s is not None and self._is_home_in_time(now_s, here, True)

    def _earliest_departures_s(self) -> list[int] | None:
        """Return when the start and each visit can be left at the earliest, None if it can't be."""
        departures_s, here = [self.shift.window.start_s], self.shift.start
        for candidate in self.order:
            left_s = self._after(departures_s[-1], here, candidate)
            if left_s is None:
                return None
            departures_s.append(left_s)
            here = candidate.point
        fits = self._is_home_in_time(departures_s[-1], here, bool(self.order))
        return departures_s if fits else None

    def _after(self, now_s: int, here: Point, candidate: Candidate) -> int | None:
        """Return when a visit is over if one leaves for it now, None if it can't be made."""
        ride_s = self._rides.seconds(here, candidate.point)
        if ride_s == UNREACHABLE:
            return None
        starts = [
            max(now_s + ride_s, window.start_s)
            for window in candidate.windows
            if now_s + ride_s <= window.end_s
        ]
        return min(starts) + candidate.service_s if starts else None

    def _is_home_in_time(self, now_s: int, here: Point, has_left: bool) -> bool:
        home_s = self._rides.seconds(here, self.shift.end) if has_left else 0
        return home_s != UNREACHABLE and now_s + home_s <= self.shift.window.end_s

    def detour_s(
        self, order: Sequence[Candidate], position: int, candidate: Candidate
    ) -> int | None:
        """Return what a visit at that position adds on the road; None where there is no way."""
        before = order[position - 1].point if position else self.shift.start
        after = order[position].point if position < len(order) else self.shift.end
        there = self._rides.seconds(before, candidate.point)
        onward = self._rides.seconds(candidate.point, after)
        if UNREACHABLE in {there, onward}:
            return None
        direct = self._rides.seconds(before, after) if order else 0
        return there + onward - (0 if direct == UNREACHABLE else direct)

    def check(self, place: str, route: Route) -> Iterator[Violation]:
        """Check everything about one route and remember its visits for the reasons."""
        stops = [
            (f"{place}.stops[{i}]", stop, self.candidates[stop.candidate_id])
            for i, stop in enumerate(route.stops)
            if stop.candidate_id in self.candidates
        ]
        self.order = [candidate for _, _, candidate in stops]
        self._departures_s = self._earliest_departures_s()
        if self.shift.max_stops is not None and len(route.stops) > self.shift.max_stops:
            detail = f"{len(route.stops)} stops, at most {self.shift.max_stops}"
            yield Violation(Rule.TOO_MANY_STOPS, place, detail)
        here, leaves_s = self.shift.start, route.leaves_s
        for i, (where, stop, candidate) in enumerate(stops):
            ride = self._rides.ride(here, candidate.point)
            yield from self._check_ride(where, stop, ride, leaves_s)
            yield from self._check_visit(where, stop, candidate)
            rest = self.order[:i] + self.order[i + 1 :]
            saved_s = self.detour_s(rest, i, candidate)
            if stop.detour_s != saved_s:
                detail = f"says {stop.detour_s}, leaving it out saves {saved_s}"
                yield Violation(Rule.DETOUR, f"{where}.detour_s", detail)
            here, leaves_s = candidate.point, stop.leaves_s
        yield from self._check_ends(place, route, self._rides.ride(here, self.shift.end), leaves_s)

    def _check_ride(
        self, where: str, stop: PlannedStop, ride: Ride, leaves_s: int
    ) -> Iterator[Violation]:
        if ride.seconds == UNREACHABLE:
            yield Violation(Rule.NO_WAY, where, f"no way leads to {stop.candidate_id!r}")
            return
        if (stop.travel_s, stop.travel_m) != (ride.seconds, ride.metres):
            detail = (
                f"says {stop.travel_s} s {stop.travel_m} m, is {ride.seconds} s {ride.metres} m"
            )
            yield Violation(Rule.RIDE, where, detail)
        if stop.arrives_s != leaves_s + ride.seconds:
            detail = f"says {stop.arrives_s}, left at {leaves_s} and rode {ride.seconds} s"
            yield Violation(Rule.CLOCK, f"{where}.arrives_s", detail)

    def _check_visit(
        self, where: str, stop: PlannedStop, candidate: Candidate
    ) -> Iterator[Violation]:
        if not self.may_visit(candidate):
            detail = f"{self.shift.id!r} may not visit {candidate.id!r}"
            yield Violation(Rule.NOT_ALLOWED, where, detail)
        if stop.starts_s < stop.arrives_s:
            detail = f"starts at {stop.starts_s}, arrives at {stop.arrives_s}"
            yield Violation(Rule.CLOCK, f"{where}.starts_s", detail)
        if not any(w.start_s <= stop.starts_s <= w.end_s for w in candidate.windows):
            windows = ", ".join(f"{w.start_s}..{w.end_s}" for w in candidate.windows) or "none"
            detail = f"starts at {stop.starts_s}, windows are {windows}"
            yield Violation(Rule.WINDOW, f"{where}.starts_s", detail)
        if stop.leaves_s - stop.starts_s != candidate.service_s:
            detail = f"stays {stop.leaves_s - stop.starts_s} s, needs {candidate.service_s} s"
            yield Violation(Rule.SERVICE, where, detail)
        if stop.prize != candidate.prize:
            detail = f"says {stop.prize}, the candidate's is {candidate.prize}"
            yield Violation(Rule.PRIZE, f"{where}.prize", detail)

    def _check_ends(
        self, place: str, route: Route, home: Ride, leaves_s: int
    ) -> Iterator[Violation]:
        if not route.stops:
            home = Ride(0, 0)  # nothing to visit: stays at home
        if home.seconds == UNREACHABLE:
            yield Violation(Rule.NO_WAY, place, "no way leads from the last stop to the end")
            return
        if route.returns_s != leaves_s + home.seconds:
            detail = f"says {route.returns_s}, left at {leaves_s} and rode {home.seconds} s"
            yield Violation(Rule.CLOCK, f"{place}.returns_s", detail)
        window = self.shift.window
        if not window.start_s <= route.leaves_s <= route.returns_s <= window.end_s:
            detail = (
                f"{route.leaves_s}..{route.returns_s}, the shift is "
                f"{window.start_s}..{window.end_s}"
            )
            yield Violation(Rule.SHIFT, place, detail)
        travel_s = sum(stop.travel_s for stop in route.stops) + home.seconds
        travel_m = sum(stop.travel_m for stop in route.stops) + home.metres
        if (route.travel_s, route.travel_m) != (travel_s, travel_m):
            detail = f"says {route.travel_s} s {route.travel_m} m, is {travel_s} s {travel_m} m"
            yield Violation(Rule.TOTAL, place, detail)
