"""Replays one route as the plan tells it, second by second."""

from collections.abc import Iterator
from typing import NamedTuple

from routing.plan import PlannedStop, Route, TakenBreak
from routing.problem import Candidate
from routing.travel.times import UNREACHABLE
from routing.verifier.days import Day
from routing.verifier.rules import stay_s, windows
from routing.verifier.violations import Rule, Violation


class Stop(NamedTuple):
    """A stop of the plan, its place in it, and whom it visits."""

    place: str
    stop: PlannedStop
    candidate: Candidate

    @property
    def departs_s(self) -> int:
        """Return when the ride to it begins."""
        return self.stop.arrives_s - self.stop.travel_s


class Replay:
    """One route against the day of its shift, which then remembers the visits."""

    def __init__(self, place: str, route: Route, day: Day) -> None:
        """Find the candidates of the stops; unknown ones are left aside."""
        self.place = place
        self.route = route
        self.day = day
        self.stops = [
            Stop(f"{place}.stops[{i}]", stop, day.candidates[stop.candidate_id])
            for i, stop in enumerate(route.stops)
            if stop.candidate_id in day.candidates
        ]
        waiting = [one.candidate.id for one in self.stops if one.stop.waits]
        day.hold([one.candidate for one in self.stops], waiting)

    def check(self) -> Iterator[Violation]:
        """Check everything that concerns this route alone."""
        if not self.day.has_room(len(self.route.stops)):
            detail = f"{len(self.route.stops)} stops, at most {self.day.shift.max_stops}"
            yield Violation(Rule.TOO_MANY_STOPS, self.place, detail)
        yield from self._check_cash()
        for i, one in enumerate(self.stops):
            yield from self._check_ride(i)
            yield from self._check_visit(one)
            yield from self._check_detour(i)
        yield from self._check_shift()
        yield from self._check_end()
        yield from self._check_breaks()

    def _check_cash(self) -> Iterator[Violation]:
        too_much = self.day.first_with_too_much_cash(self.day.order)
        if too_much is not None:
            detail = f"more than {self.day.shift.cash_limit} is carried from here on"
            yield Violation(Rule.CASH, self.stops[too_much].place, detail)

    def _left_s(self, position: int) -> int:
        """Return when the place before a stop (or before the end) is left by the visitor."""
        return self.stops[position - 1].stop.leaves_s if position else self.route.leaves_s

    def _check_ride(self, position: int) -> Iterator[Violation]:
        place, stop, candidate = self.stops[position]
        before = self.stops[position - 1].candidate.point if position else self.day.shift.start
        departs_s = stop.arrives_s - stop.travel_s
        seconds = self.day.rides.seconds(before, candidate.point, departs_s)
        if seconds == UNREACHABLE:
            yield Violation(Rule.NO_WAY, place, f"no way leads to {stop.candidate_id!r}")
            return
        metres = self.day.rides.metres(before, candidate.point, departs_s)
        if (stop.travel_s, stop.travel_m) != (seconds, metres):
            detail = f"says {stop.travel_s} s {stop.travel_m} m, is {seconds} s {metres} m"
            yield Violation(Rule.RIDE, place, detail)
        arrives_s = self._earliest_ride_s(position) + seconds
        is_late = stop.arrives_s > arrives_s and not self.day.rides.by_hour
        if stop.arrives_s < arrives_s or is_late:
            left_s = self._left_s(position)
            detail = f"says {stop.arrives_s}, left at {left_s} and rode {seconds} s"
            yield Violation(Rule.CLOCK, f"{place}.arrives_s", detail)

    def _earliest_ride_s(self, position: int) -> int:
        """Return when the ride to a stop can begin: after the stop before, and its breaks."""
        if not position:
            return self.route.leaves_s
        stop = self.stops[position].stop
        departs_s = stop.arrives_s - stop.travel_s
        over = [one.ends_s for one in stop.breaks if one.ends_s <= departs_s]
        return max([self._left_s(position), *over])

    def _check_visit(self, one: Stop) -> Iterator[Violation]:
        place, stop, candidate = one
        if not self.day.may_visit(candidate):
            detail = f"{self.day.shift.id!r} may not visit {candidate.id!r}"
            yield Violation(Rule.NOT_ALLOWED, place, detail)
        if stop.starts_s < stop.arrives_s:
            detail = f"starts at {stop.starts_s}, arrives at {stop.arrives_s}"
            yield Violation(Rule.CLOCK, f"{place}.starts_s", detail)
        if not self.day.is_inside(candidate, stop.starts_s):
            spans = [f"{w.start_s}..{w.end_s}" for w in windows(candidate, self.day.shift)]
            detail = f"starts at {stop.starts_s}, windows are {', '.join(spans) or 'none'}"
            yield Violation(Rule.WINDOW, f"{place}.starts_s", detail)
        elif stop.waits and not self.day.is_preferred(candidate, stop.starts_s):
            detail = f"starts at {stop.starts_s}, which is in no preferred window"
            yield Violation(Rule.WINDOW, f"{place}.waits", detail)
        needs_s = stay_s(candidate)
        if stop.leaves_s - stop.starts_s != needs_s:
            detail = f"stays {stop.leaves_s - stop.starts_s} s, needs {needs_s} s"
            yield Violation(Rule.SERVICE, place, detail)

    def _check_detour(self, position: int) -> Iterator[Violation]:
        place, stop, candidate = self.stops[position]
        rest = self.day.order[:position] + self.day.order[position + 1 :]
        if self.day.rides.by_hour:
            onward_s = self._ride_after_s(position)
            saved_s = stop.travel_s + onward_s
            saved_s -= self.day.direct_s(rest, position, stop.arrives_s - stop.travel_s)
        else:
            saved_s = self.day.detour_s(rest, position, candidate) or 0
        if stop.detour_s != saved_s:
            detail = f"says {stop.detour_s}, leaving it out saves {saved_s}"
            yield Violation(Rule.DETOUR, f"{place}.detour_s", detail)

    def _ride_after_s(self, position: int) -> int:
        """Return how long the ride after a stop takes, as the plan says."""
        if position + 1 < len(self.stops):
            return self.stops[position + 1].stop.travel_s
        return self._ride_home_s()

    def _ride_home_s(self) -> int:
        return self.route.travel_s - sum(one.stop.travel_s for one in self.stops)

    def _check_shift(self) -> Iterator[Violation]:
        window, route = self.day.shift.window, self.route
        if not window.start_s <= route.leaves_s <= route.returns_s <= window.end_s:
            detail = (
                f"{route.leaves_s}..{route.returns_s}, the shift is "
                f"{window.start_s}..{window.end_s}"
            )
            yield Violation(Rule.SHIFT, self.place, detail)

    def _check_end(self) -> Iterator[Violation]:
        """Check the ride to the end, of which the plan tells only the total and the return."""
        if not self.stops:
            if self.route.returns_s != self.route.leaves_s:
                yield Violation(Rule.CLOCK, f"{self.place}.returns_s", "nobody is visited")
            yield from self._check_totals(0, 0)
            return
        last, end = self.stops[-1], self.day.shift.end
        if not self.day.rides.has_way(last.candidate.point, end):
            detail = "no way leads from the last stop to the end"
            yield Violation(Rule.NO_WAY, self.place, detail)
            return
        departs_s = self._departs_home_s()
        if departs_s is None:
            home_s = self.day.rides.seconds(last.candidate.point, end, last.stop.leaves_s)
            detail = (
                f"says {self.route.returns_s}, left at {last.stop.leaves_s} and rode {home_s} s"
            )
            yield Violation(Rule.CLOCK, f"{self.place}.returns_s", detail)
            departs_s = last.stop.leaves_s
        seconds = self.day.rides.seconds(last.candidate.point, end, departs_s)
        metres = self.day.rides.metres(last.candidate.point, end, departs_s)
        yield from self._check_totals(seconds, metres)

    def _departs_home_s(self) -> int | None:
        """Return a departure for the end that makes the return what the plan says it is."""
        last, end, breaks = self.stops[-1], self.day.shift.end, self.route.breaks_at_end
        for taken in range(len(breaks) + 1):
            ready_s = max([last.stop.leaves_s, *(one.ends_s for one in breaks[:taken])])
            at_end = breaks[taken:]
            for departs_s in self.day.rides.departures(ready_s):
                seconds = self.day.rides.seconds(last.candidate.point, end, departs_s)
                if seconds == UNREACHABLE:
                    continue
                arrives_s = departs_s + seconds
                begins = all(one.starts_s >= arrives_s for one in at_end)
                over_s = max([arrives_s, *(one.ends_s for one in at_end)])
                if begins and over_s == self.route.returns_s:
                    return departs_s
        return None

    def _check_totals(self, home_s: int, home_m: int) -> Iterator[Violation]:
        travel_s = sum(one.stop.travel_s for one in self.stops) + home_s
        travel_m = sum(one.stop.travel_m for one in self.stops) + home_m
        says = (self.route.travel_s, self.route.travel_m)
        if says != (travel_s, travel_m):
            detail = f"says {says[0]} s {says[1]} m, is {travel_s} s {travel_m} m"
            yield Violation(Rule.TOTAL, self.place, detail)

    def _check_breaks(self) -> Iterator[Violation]:
        yield from self._check_which_breaks()
        for i, (place, stop, _) in enumerate(self.stops):
            from_s = self._left_s(i) if i else self.day.shift.window.start_s
            rides = (stop.arrives_s - stop.travel_s, stop.arrives_s)
            yield from self._check_when(place, stop.breaks, from_s, rides, stop.starts_s)
        if self.stops:
            departs_s = self._departs_home_s()
            if departs_s is not None:
                last = self.stops[-1]
                end = self.day.shift.end
                home_s = self.day.rides.seconds(last.candidate.point, end, departs_s)
                rides = (departs_s, departs_s + home_s)
                yield from self._check_when(
                    f"{self.place}.breaks_at_end",
                    self.route.breaks_at_end,
                    last.stop.leaves_s,
                    rides,
                    self.route.returns_s,
                )

    def _check_which_breaks(self) -> Iterator[Violation]:
        """Check that the breaks are those of the shift, in order, and that none is missing."""
        taken = [one for stop in self.stops for one in stop.stop.breaks]
        taken += self.route.breaks_at_end
        needed = self.day.shift.breaks
        for i, one in enumerate(taken):
            if i >= len(needed):
                detail = f"{len(taken)} breaks, the shift has {len(needed)}"
                yield Violation(Rule.BREAK, self.place, detail)
                return
            window = needed[i].window
            is_in_time = window.start_s <= one.starts_s <= window.end_s
            if not is_in_time or one.duration_s != needed[i].duration_s:
                detail = (
                    f"{one.duration_s} s from {one.starts_s}, needs {needed[i].duration_s} s "
                    f"from {window.start_s}..{window.end_s}"
                )
                yield Violation(Rule.BREAK, self.place, detail)
        missing = needed[len(taken) :] if self.stops else ()
        if any(one.window.start_s < self.route.returns_s for one in missing):
            detail = f"{len(taken)} breaks taken, back at {self.route.returns_s}"
            yield Violation(Rule.BREAK, self.place, detail)

    def _check_when(
        self,
        place: str,
        breaks: tuple[TakenBreak, ...],
        from_s: int,
        rides: tuple[int, int],
        until_s: int,
    ) -> Iterator[Violation]:
        """Check that breaks lie between two visits, one after the other, and not on the road."""
        departs_s, arrives_s = rides
        for one in breaks:
            is_off_the_road = one.ends_s <= departs_s or one.starts_s >= arrives_s
            if not (from_s <= one.starts_s and one.ends_s <= until_s and is_off_the_road):
                detail = (
                    f"{one.starts_s}..{one.ends_s} is not between {from_s} and {until_s}, "
                    f"or on the road {departs_s}..{arrives_s}"
                )
                yield Violation(Rule.BREAK, place, detail)
            from_s = max(from_s, one.ends_s)
