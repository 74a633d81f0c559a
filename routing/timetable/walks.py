"""One order walked through in plain integers: forwards, backwards, and once more to tell the day.

Lists of moments have one entry for each number of breaks taken so far.
"""

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise

from routing.plan import TakenBreak
from routing.problem import Shift
from routing.timetable.answers import Clock, Leg
from routing.timetable.arrays import NO_WAY_S
from routing.timetable.rests import Rests
from routing.timetable.rides import Rides
from routing.timetable.visits import Visits, WindowsOfDay

Moments = list[int]


class Walk:
    """An order of visits of one shift, whether it fits or not.

    Attributes
    ----------
    leaves_s : list of k + 1 moments
        Earliest leaving of the start and of each visit, before any break taken there.
    arrives_s : list of k + 1 moments
        Earliest arrival at each visit and at the end, before any break taken there.
    """

    def __init__(
        self,
        shift: Shift,
        rides: Rides,
        visits: Visits,
        order: Sequence[int],
        waits: Collection[int],
    ) -> None:
        """Walk forwards."""
        self._shift, self._rides, self._visits = shift, rides, visits
        self._windows: WindowsOfDay = visits.on(shift.day)
        self._rests = Rests(shift.breaks)
        self._order, self._waits = order, waits
        self._nodes = [rides.start, *order, rides.end]
        self.leaves_s = [self._rests.none_taken(shift.window.start_s)]
        self.arrives_s: list[Moments] = []
        for origin, goal in pairwise(self._nodes):
            rested_s = self._rests.rested(self.leaves_s[-1])
            self.arrives_s.append([rides.arrival(one, origin, goal)[0] for one in rested_s])
            if goal != rides.end:
                self.leaves_s.append(self._left(goal, self._rests.rested(self.arrives_s[-1])))

    def _left(self, number: int, ready_s: Moments) -> Moments:
        starts_s = [self._start(number, one) for one in ready_s]
        stay_s = self._visits.stay_s[number]
        return [one + stay_s if one < NO_WAY_S else NO_WAY_S for one in starts_s]

    def _start(self, number: int, ready_s: int) -> int:
        return self._windows.start(number, ready_s, number in self._waits)

    @cached_property
    def latest_s(self) -> list[Moments]:
        """Return the latest arrivals, like `arrives_s`, with which all that follows fits."""
        ends_s = self._rests.latest_ends(self._shift.window.end_s)
        latest_s = [self._rests.before(ends_s)]
        for origin, goal in reversed(list(pairwise(self._nodes[1:]))):
            departs_s = [self._rides.latest_departure(one, origin, goal) for one in latest_s[-1]]
            leaves_s = self._rests.before(departs_s)
            stay_s, waits = self._visits.stay_s[origin], origin in self._waits
            starts_s = [self._windows.latest_start(origin, one - stay_s, waits) for one in leaves_s]
            latest_s.append(self._rests.before(starts_s))
        return latest_s[::-1]

    @property
    def fits(self) -> bool:
        """Tell whether the day is over in time."""
        return self._breaks_at_the_end is not None

    @cached_property
    def _breaks_at_the_end(self) -> int | None:
        """Return with how many breaks the day ends first, None if it never does in time."""
        ended_s = self._rests.rested(self.arrives_s[-1])
        ends_s = self._rests.latest_ends(self._shift.window.end_s)
        pairs = zip(ended_s, ends_s, strict=True)
        return next((i for i, (over_s, end_s) in enumerate(pairs) if over_s <= end_s), None)

    def clock(self) -> Clock | None:
        """Return when the visits happen, None when they don't fit."""
        taken = self._breaks_at_the_end
        if taken is None:
            return None
        legs: list[Leg] = []
        for i in reversed(range(len(self._nodes) - 1)):
            ready_s, there, at_goal = self._retraced(self.arrives_s[i], taken)
            left_s, taken, at_origin = self._retraced(self.leaves_s[i], there)
            origin, goal = self._nodes[i], self._nodes[i + 1]
            arrives_s, ride_s = self._rides.arrival(left_s, origin, goal)
            ride_m = self._rides.metres_at(arrives_s - ride_s, origin, goal)
            departs_s, breaks = arrives_s - ride_s, (*at_origin, *at_goal)
            legs.append(Leg(departs_s, ride_s, ride_m, arrives_s, breaks, ready_s))
        legs.reverse()
        starts_s = [
            self._start(one, leg.ready_s) for one, leg in zip(self._order, legs, strict=False)
        ]
        legs[0] = self._left_late(legs[0], starts_s[0])
        stays_s = [self._visits.stay_s[one] for one in self._order]
        leaves_s = [start_s + stay_s for start_s, stay_s in zip(starts_s, stays_s, strict=True)]
        return Clock(legs, starts_s, leaves_s)

    def _retraced(self, before_s: Moments, taken: int) -> tuple[int, int, tuple[TakenBreak, ...]]:
        """Return the moment after breaks taken in one place, how many before, and the breaks.

        Breaks are taken as late as they put nothing off.
        """
        after_s = self._rests.rested(before_s)
        moment_s, breaks = after_s[taken], []
        while taken and self._rests.over(taken - 1, after_s[taken - 1]) == after_s[taken]:
            taken -= 1
            duration_s = self._rests.breaks[taken].duration_s
            breaks.append(TakenBreak(after_s[taken + 1] - duration_s, duration_s))
        return moment_s, taken, tuple(reversed(breaks))

    def _left_late(self, leg: Leg, starts_s: int) -> Leg:
        """Return the first leg, left as late as what follows the ride allows."""
        origin, goal = self._nodes[:2]
        at_goal = [one for one in leg.breaks if one.starts_s >= leg.arrives_s]
        by_s = at_goal[0].starts_s if at_goal else starts_s
        departs_s = self._rides.latest_departure(by_s, origin, goal)
        ride_s = self._rides.seconds_at(departs_s, origin, goal)
        return leg._replace(
            departs_s=departs_s,
            ride_s=ride_s,
            ride_m=self._rides.metres_at(departs_s, origin, goal),
            arrives_s=departs_s + ride_s,
        )
