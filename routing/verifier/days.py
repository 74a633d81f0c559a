"""One shift's day, simulated visit by visit, with every way to place its breaks."""

from collections.abc import Collection, Sequence

from routing.geo import Point
from routing.problem import LATEST_S, Break, Candidate, Problem, Shift, Window
from routing.verifier.rides import Rides
from routing.verifier.rules import is_preferred, may_visit, stay_s, windows

Moments = dict[int, int]  # the earliest moment by the number of breaks taken so far


class Day:
    """One shift: its rides, and what a sequence of visits looks like on its clock."""

    def __init__(self, problem: Problem, shift: Shift, rides: Rides) -> None:
        """Remember the shift and its rides; nobody is visited yet."""
        self.shift = shift
        self.rides = rides
        self.candidates = {candidate.id: candidate for candidate in problem.candidates}
        self.order: list[Candidate] = []
        self.waiting: frozenset[str] = frozenset()
        self._departures: list[Moments] | None = None
        self._latest: list[Moments] = []
        self._stays_s: dict[str, int] = {}
        self._windows: dict[str, list[Window]] = {}

    def hold(self, order: Sequence[Candidate], waiting: Collection[str]) -> None:
        """Remember who is visited, and who of them is put off until a preferred window."""
        self.order, self.waiting = list(order), frozenset(waiting)
        self._departures = self._earliest_departures()
        self._latest = self._latest_departures()

    def may_visit(self, candidate: Candidate) -> bool:
        """Tell whether this shift is allowed to visit, and visits anybody at all."""
        return may_visit(self.shift, candidate)

    def fits(self, order: Sequence[Candidate], *, without: str = "", waits: bool = False) -> bool:
        """Tell whether the visits can be made in this order, each as early as possible.

        `without` names a limit to leave aside: ``stops``, ``cash`` or ``breaks``. `waits` puts
        those off until a preferred window that are not in the order of the plan.
        """
        if without != "stops" and not self.has_room(len(order)):
            return False
        if without != "cash" and not self.keeps_cash(order):
            return False
        breaks = () if without == "breaks" else self.shift.breaks
        now, here = {0: self.shift.window.start_s}, self.shift.start
        planned = {one.id for one in self.order}
        for candidate in order:
            is_put_off = candidate.id in self.waiting or (waits and candidate.id not in planned)
            now = self._after(now, here, candidate, is_put_off, breaks)
            here = candidate.point
        return self._is_over_in_time(now, here, bool(order), breaks)

    def fits_at(self, position: int, candidate: Candidate, *, waits: bool) -> bool:
        """Tell whether one more visit fits before the visit that has that position in the plan."""
        if self._departures is None or not self.has_room(len(self.order) + 1):
            return False
        longer = [*self.order[:position], candidate, *self.order[position:]]
        if self.shift.cash_limit is not None and not self.keeps_cash(longer):
            return False
        here = self.order[position - 1].point if position else self.shift.start
        left = self._after(self._departures[position], here, candidate, waits, self.shift.breaks)
        return self._goes_on(left, candidate.point, position)

    def _goes_on(self, now: Moments, here: Point, position: int) -> bool:
        """Tell whether the visits from a position on can still be made from here and now."""
        breaks = self.shift.breaks
        if position == len(self.order):
            return self._is_over_in_time(now, here, True, breaks)
        one = self.order[position]
        left = self._after(now, here, one, one.id in self.waiting, breaks)
        latest = self._latest[position]
        return any(moment_s <= latest.get(taken, -1) for taken, moment_s in left.items())

    def _latest_departures(self) -> list[Moments]:
        """Return until when each visit has to be left, by halving: being earlier never hurts."""
        self._latest = [{} for _ in self.order]
        for i in reversed(range(len(self.order))):
            here = self.order[i].point
            for taken in range(len(self.shift.breaks) + 1):
                sure, never = -1, LATEST_S + 1
                while never - sure > 1:
                    middle = (sure + never) // 2
                    if self._goes_on({taken: middle}, here, i + 1):
                        sure = middle
                    else:
                        never = middle
                self._latest[i][taken] = sure
        return self._latest

    def has_room(self, stops: int) -> bool:
        """Tell whether so many stops are allowed."""
        return self.shift.max_stops is None or stops <= self.shift.max_stops

    def keeps_cash(self, order: Sequence[Candidate]) -> bool:
        """Tell whether the cash carried never exceeds the limit."""
        return self.first_with_too_much_cash(order) is None

    def first_with_too_much_cash(self, order: Sequence[Candidate]) -> int | None:
        """Return the position of the first visit after which too much is carried."""
        limit, carried = self.shift.cash_limit, 0
        for i, candidate in enumerate(order):
            carried = 0 if candidate.is_deposit else carried + candidate.cash
            if limit is not None and carried > limit:
                return i
        return None

    def _earliest_departures(self) -> list[Moments] | None:
        """Return when the start and each visit can be left at the earliest, None if it can't be."""
        departures, here = [{0: self.shift.window.start_s}], self.shift.start
        breaks = self.shift.breaks
        for one in self.order:
            now = self._after(departures[-1], here, one, one.id in self.waiting, breaks)
            departures.append(now)
            here = one.point
        fits = self._is_over_in_time(departures[-1], here, bool(self.order), breaks)
        return departures if fits else None

    def _after(
        self, now: Moments, here: Point, candidate: Candidate, waits: bool, breaks: Sequence[Break]
    ) -> Moments:
        """Return when a visit is over if one may leave for it now; nothing if it can't be made."""
        left: Moments = {}
        for taken, ready_s in self._arrivals(now, here, candidate.point, breaks).items():
            starts_s = self._start_s(candidate, ready_s, waits)
            if starts_s is not None:
                left[taken] = starts_s + self._stay_s(candidate)
        return left

    def _stay_s(self, candidate: Candidate) -> int:
        if candidate.id not in self._stays_s:
            self._stays_s[candidate.id] = stay_s(candidate)
        return self._stays_s[candidate.id]

    def windows(self, candidate: Candidate) -> list[Window]:
        """Return the hard windows of this day."""
        if candidate.id not in self._windows:
            self._windows[candidate.id] = windows(candidate, self.shift)
        return self._windows[candidate.id]

    def _arrivals(
        self, now: Moments, here: Point, goal: Point | None, breaks: Sequence[Break]
    ) -> Moments:
        """Return when what is done at the goal can begin, with breaks before and after the ride."""
        arrivals: Moments = {}
        for taken, ready_s in _rested(now, breaks).items():
            arrives_s = self.rides.arrives_s(ready_s, here, goal)
            if arrives_s is not None:
                arrivals[taken] = arrives_s
        return _rested(arrivals, breaks)

    def _start_s(self, candidate: Candidate, ready_s: int, waits: bool) -> int | None:
        starts = [
            max(ready_s, one.start_s) for one in self.windows(candidate) if ready_s <= one.end_s
        ]
        if waits:
            starts = [
                max(ready_s, hard.start_s, soft.start_s)
                for hard in self.windows(candidate)
                for soft in candidate.preferred
                if soft.day is None or soft.day == self.shift.day
                if max(ready_s, hard.start_s, soft.start_s) <= min(hard.end_s, soft.end_s)
            ]
        return min(starts, default=None)

    def _is_over_in_time(
        self, now: Moments, here: Point, has_left: bool, breaks: Sequence[Break]
    ) -> bool:
        if not has_left:
            return True
        ends = self._arrivals(now, here, self.shift.end, breaks)
        return any(
            end_s <= self.shift.window.end_s
            and (taken == len(breaks) or end_s <= breaks[taken].window.start_s)
            for taken, end_s in ends.items()
        )

    def detour_s(
        self, order: Sequence[Candidate], position: int, candidate: Candidate, at_s: int = 0
    ) -> int | None:
        """Return what a visit at that position adds on the road at an hour; None without a way."""
        before = order[position - 1].point if position else self.shift.start
        after = order[position].point if position < len(order) else self.shift.end
        if not self.rides.has_way(before, candidate.point):
            return None
        if not self.rides.has_way(candidate.point, after):
            return None
        there_s = self.rides.seconds(before, candidate.point, at_s)
        onward_s = self.rides.seconds(candidate.point, after, at_s)
        return there_s + onward_s - self.direct_s(order, position, at_s)

    def direct_s(self, order: Sequence[Candidate], position: int, at_s: int) -> int:
        """Return the ride that a visit at that position replaces, 0 where there is none."""
        before = order[position - 1].point if position else self.shift.start
        after = order[position].point if position < len(order) else self.shift.end
        if not order or not self.rides.has_way(before, after):
            return 0
        return self.rides.seconds(before, after, at_s)

    def is_inside(self, candidate: Candidate, starts_s: int) -> bool:
        """Tell whether a visit starts in one of the windows of the day."""
        return any(one.start_s <= starts_s <= one.end_s for one in self.windows(candidate))

    def is_preferred(self, candidate: Candidate, starts_s: int) -> bool:
        """Tell whether a visit starts in one of the preferred windows of the day."""
        return is_preferred(candidate, self.shift, starts_s)


def _rested(now: Moments, breaks: Sequence[Break]) -> Moments:
    """Return the earliest moments after as many further breaks here as one likes."""
    if not breaks:
        return now
    rested = dict(now)
    for taken, one in enumerate(breaks):
        if taken in rested and rested[taken] <= one.window.end_s:
            over_s = max(rested[taken], one.window.start_s) + one.duration_s
            rested[taken + 1] = min(over_s, rested.get(taken + 1, over_s))
    return rested
