"""When the visits of one shift happen, and what adding another one would mean."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from routing.measure import Matrices, Measured
from routing.plan import PlannedStop, Route
from routing.problem import Problem, Shift, Window
from routing.timetable.additions import Additions
from routing.timetable.answers import Clock, Insertions, Leg
from routing.timetable.arrays import NO_WAY_S, Flags, Ints
from routing.timetable.rests import Rests
from routing.timetable.rides import Rides
from routing.timetable.visits import Visits
from routing.timetable.walks import Walk

Waits = Collection[int]  # the visits of an order that are put off until a preferred window


class Timetable:
    """One shift against the candidates of its part.

    Attributes
    ----------
    allowed : bool[n]
        This shift may visit, and the last contact lies long enough back.
    reachable : bool[n]
        Allowed, and a way leads there and on to the end.
    visitable : bool[n]
        Reachable, and fits into the shift if it were the only visit.
    """

    def __init__(self, shift: Shift, visits: Visits, measured: Measured) -> None:
        """Look the rides up and find who could be visited at all."""
        self.shift = shift
        self.visits = visits
        self.windows = visits.on(shift.day)
        self.rides = Rides(shift, visits.rows(measured.points), measured)
        self.rests = Rests(shift.breaks)
        self.start, self.end = self.rides.start, self.rides.end
        everybody = np.arange(self.start)
        self.allowed: Flags = visits.allowed(shift)
        there_s = self.rides.shortest_s(self.start, everybody)
        home_s = self.rides.shortest_s(everybody, self.end)
        self.reachable: Flags = self.allowed & (there_s < NO_WAY_S) & (home_s < NO_WAY_S)
        self.visitable: Flags = self.insertions([], everybody).fits[0]

    def under(self, **changes: Any) -> "Timetable":
        """Return the timetable of a shift with other limits: stops, cash, breaks or hours."""
        twin = copy(self)
        twin.shift = replace(self.shift, **changes)
        twin.rests = Rests(twin.shift.breaks)
        return twin

    def welcoming(self) -> "Timetable":
        """Return the timetable of a shift that may visit whomever it likes."""
        twin = copy(self)
        twin.allowed = np.ones_like(self.allowed)
        return twin

    def with_windows(self, number: int, windows: Sequence[Window]) -> "Timetable":
        """Return the timetable as if a candidate had these windows on the day."""
        twin = copy(self)
        twin.visits = self.visits.with_windows(number, self.shift.day, windows)
        twin.windows = twin.visits.on(self.shift.day)
        return twin

    def walk(self, order: Sequence[int], waits: Waits = ()) -> Walk:
        """Return an order walked through, whether it fits or not."""
        return Walk(self.shift, self.rides, self.visits, order, waits)

    def clock(self, order: Sequence[int], waits: Waits = ()) -> Clock | None:
        """Return when the visits happen, None when they don't fit."""
        if not order:
            now_s = self.shift.window.start_s
            return Clock([Leg(now_s, 0, 0, now_s, (), now_s)], [], [])
        keeps_cash = self.cash_carried(order) is not None
        return self.walk(order, waits).clock() if keeps_cash else None

    def fits(self, order: Sequence[int], waits: Waits = ()) -> bool:
        """Tell whether the visits can be made; how many there may be is not asked."""
        return not order or (self.cash_carried(order) is not None and self.walk(order, waits).fits)

    def has_room(self, order: Sequence[int]) -> bool:
        """Tell whether one more stop is allowed."""
        return self.shift.max_stops is None or len(order) < self.shift.max_stops

    def cash_carried(self, order: Sequence[int]) -> list[int] | None:
        """Return what is carried after each visit, None where that is too much."""
        carried: list[int] = []
        now, limit = 0, self.shift.cash_limit
        for one in order:
            candidate = self.visits.candidates[one]
            now = 0 if candidate.is_deposit else now + candidate.cash
            if limit is not None and now > limit:
                return None
            carried.append(now)
        return carried

    def cash_room(self, order: Sequence[int]) -> Ints:
        """Return how much more cash a visit may bring before visit i (or the end), as [i].

        The order itself must keep the limit, and there must be one.
        """
        carried = self.cash_carried(order)
        if carried is None or self.shift.cash_limit is None:
            raise ValueError("expected a limit of cash that the order keeps")
        room, most = [], 0  # most carried from here until the next deposit
        for i in reversed(range(len(order) + 1)):
            before = carried[i - 1] if i else 0
            room.append(self.shift.cash_limit - max(before, most))
            if i:
                is_deposit = self.visits.candidates[order[i - 1]].is_deposit
                most = 0 if is_deposit else max(most, carried[i - 1])
        return np.array(room[::-1], dtype=np.int64)

    def insertions(
        self, order: Sequence[int], pool: Ints, waits: Waits = (), *, waiting: bool = False
    ) -> Insertions:
        """Return what adding each candidate of the pool at each position would mean.

        The order itself must fit. Candidates that are not allowed never fit. One that would not
        fit alone may fit all the same: rounded rides can be shorter by way of others.

        Parameters
        ----------
        waiting : bool
            The additions are put off until a preferred window.
        """
        return self.additions(order, pool, waits, waiting=waiting).insertions()

    def additions(
        self, order: Sequence[int], pool: Ints, waits: Waits = (), *, waiting: bool = False
    ) -> Additions:
        """Return each candidate of the pool put at each position, for further questions."""
        return Additions(self, order, pool, waits, waiting=waiting)

    def travel_s(self, order: Sequence[int], waits: Waits = ()) -> int:
        """Return the seconds on the road of an order that fits."""
        return sum(self.rides_s(order, waits))

    def rides_s(self, order: Sequence[int], waits: Waits = ()) -> list[int]:
        """Return the ride to each visit and to the end, of an order that fits."""
        if len(self.rides.slots) == 1:
            origins, goals = np.array([self.start, *order]), np.array([*order, self.end])
            return [int(ride_s) for ride_s in self.rides.seconds(0, origins, goals)]
        return [leg.ride_s for leg in self._clock_that_fits(order, waits).legs]

    def _clock_that_fits(self, order: Sequence[int], waits: Waits) -> Clock:
        clock = self.clock(order, waits)
        if clock is None:
            raise ValueError("expected an order that fits")
        return clock

    def detours_s(self, order: Sequence[int], waits: Waits = ()) -> list[int]:
        """Return what leaving each visit out would save on the road.

        The direct ride is that of the hour of setting out for the visit. Where no direct way
        skips it, the visit costs both of its rides.
        """
        nodes = [self.start, *order, self.end]
        rides_s = self.rides_s(order, waits)
        slots = [0] * len(order)
        if len(self.rides.slots) > 1:
            legs = self._clock_that_fits(order, waits).legs
            slots = [self.rides.slot_at(leg.departs_s) for leg in legs[:-1]]
        detours_s = []
        for i, slot in enumerate(slots):
            direct_s = int(self.rides.seconds(slot, nodes[i], nodes[i + 2]))
            saved_s = rides_s[i] + rides_s[i + 1]
            detours_s.append(saved_s - (direct_s if direct_s < NO_WAY_S else 0))
        return detours_s

    def least_detours_s(self, order: Sequence[int], pool: Ints) -> Ints:
        """Return what no detour to a candidate undercuts, with or without one of the visits."""
        nodes = np.array([self.start, *order, self.end])
        befores = np.concatenate([nodes[:-1], nodes[:-2]])[:, None]
        afters = np.concatenate([nodes[1:], nodes[2:]])[:, None]
        there_s = self.rides.shortest_s(befores, pool)
        onward_s = self.rides.shortest_s(pool, afters)
        least_s: Ints = (there_s + onward_s - self.rides.longest_s(befores, afters)).min(axis=0)
        return least_s

    def least_work_s(self, order: Sequence[int]) -> int:
        """Return how long an order takes at least: rides at their best hour, and visits."""
        rides_s = self.rides.shortest_s(
            np.array([self.start, *order]), np.array([*order, self.end])
        )
        return int(rides_s.sum()) + sum(self.visits.stay_s[one] for one in order)

    def route(self, order: Sequence[int], waits: Waits = ()) -> Route:
        """Return the route that makes the visits in this order, which must fit.

        The collector leaves as late as the first visit allows; a shift without visits stays at
        home. Each stop has the prize of a first visit and no other price.
        """
        clock = self._clock_that_fits(order, waits)
        detours_s = self.detours_s(order, waits)
        stops = tuple(
            PlannedStop(
                candidate_id=self.visits.candidates[one].id,
                arrives_s=leg.arrives_s,
                starts_s=clock.starts_s[i],
                leaves_s=clock.leaves_s[i],
                travel_s=leg.ride_s,
                travel_m=leg.ride_m,
                prize=self.visits.candidates[one].prize,
                detour_s=detours_s[i],
                waits=one in waits,
                breaks=leg.breaks,
            )
            for i, (one, leg) in enumerate(zip(order, clock.legs, strict=False))
        )
        last = clock.legs[-1]
        return Route(
            shift_id=self.shift.id,
            stops=stops,
            leaves_s=clock.legs[0].departs_s,
            returns_s=last.ready_s,
            travel_s=sum(leg.ride_s for leg in clock.legs),
            travel_m=sum(leg.ride_m for leg in clock.legs),
            breaks_at_end=last.breaks,
        )


def timetables(part: Problem, matrices: Matrices) -> list[Timetable]:
    """Return the timetable of each shift of a part, in order."""
    visits = Visits(part.candidates)
    return [Timetable(shift, visits, matrices[shift.id]) for shift in part.shifts]
