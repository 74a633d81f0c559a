"""What one more visit would mean, for many candidates and every position at once.

Arrays are [breaks taken, position, candidate]; position i is before visit i, or before the end.
"""

from collections.abc import Collection, Sequence
from copy import copy
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from routing.problem import LATEST_S
from routing.timetable.answers import Insertions
from routing.timetable.arrays import NO_WAY_S, Flags, Ints
from routing.timetable.rides import Arrivals

if TYPE_CHECKING:
    from routing.timetable.tables import Timetable


class Spans(NamedTuple):
    """From when to when visits might start if no window bound them; empty where that is over."""

    earliest_s: Ints
    latest_s: Ints


class Additions:
    """Each candidate of a pool put at each position of an order that fits."""

    def __init__(
        self,
        table: "Timetable",
        order: Sequence[int],
        pool: Ints,
        waits: Collection[int],
        *,
        waiting: bool,
    ) -> None:
        """Ride there, rest, visit, rest, and ride on.

        Raises
        ------
        ValueError
            If the order does not fit.
        """
        walk = table.walk(order, waits)
        if order and not walk.fits:
            raise ValueError("expected an order that fits")
        self._table, self._order, self._pool, self._waits = table, order, pool, waits
        self._rests = table.rests
        self._latest_s = np.array(walk.latest_s).T[:, :, None]
        self._there_s = table.rides.of_each_slot(np.array([table.start, *order])[:, None], pool)
        self._onward_s = table.rides.of_each_slot(pool, np.array([*order, table.end])[:, None])
        rested_s = self._rests.rested_all(np.array(walk.leaves_s).T)[:, :, None]
        self._there = table.rides.arrive(rested_s, self._there_s)
        self._ready_s = self._rests.rested_all(self._there.arrives_s)
        starts_s = table.windows.starts_s(pool, self._ready_s, waiting)
        left_s = self._rests.rested_all(_left_s(starts_s, table.visits.service_s[pool]))
        self._onward = table.rides.arrive(left_s, self._onward_s)

    def under(self, **changes: Any) -> "Additions":
        """Return the same additions to a shift with other stops or cash allowed, or a later end."""
        table, latest_s = self._table.under(**changes), self._latest_s
        if "window" in changes:
            walk = table.walk(self._order, self._waits)
            latest_s = np.array(walk.latest_s).T[:, :, None]
        return self._but(_table=table, _latest_s=latest_s)

    def of(self, columns: Ints) -> "Additions":
        """Return those of some candidates, by their places in the pool."""
        return self._but(
            _pool=self._pool[columns],
            _there_s=[one[..., columns] for one in self._there_s],
            _onward_s=[one[..., columns] for one in self._onward_s],
            _there=Arrivals(*(one[..., columns] for one in self._there)),
            _onward=Arrivals(*(one[..., columns] for one in self._onward)),
            _ready_s=self._ready_s[..., columns],
        )

    def _but(self, **changed: Any) -> "Additions":
        """Return a copy in which some of what is known is something else."""
        twin = copy(self)
        twin.__dict__.pop("may_be", None)
        twin.__dict__.update(changed)
        return twin

    @cached_property
    def may_be(self) -> Flags:
        """Tell what no clock forbids: an allowed visit, room for a stop, not too much cash."""
        table, shape = self._table, (len(self._order) + 1, len(self._pool))
        allowed = table.allowed[self._pool] & table.has_room(self._order)
        if table.shift.cash_limit is None:
            return np.broadcast_to(allowed, shape)
        return allowed & (self.cash_over() <= 0)

    def cash_over(self) -> Ints:
        """Return by how much the limit of cash would be exceeded; 0 or less where it is kept."""
        visits = self._table.visits
        room = self._table.cash_room(self._order)[:, None]
        return np.where(visits.is_deposit[self._pool], 0, visits.cash[self._pool] - room)

    def insertions(self) -> Insertions:
        """Return which additions fit, and what they add on the road."""
        table = self._table
        shortest_s = (
            reduce(np.minimum, self._there_s),
            reduce(np.minimum, self._onward_s),
        )
        in_time = self._onward.arrives_s <= self._latest_s
        there_s = self._ride_s(self._there, in_time, shortest_s[0])
        onward_s = self._ride_s(self._onward, in_time, shortest_s[1])
        now_s = np.array(table.rides_s(self._order, self._waits))[:, None]
        return Insertions(
            fits=in_time.any(axis=0) & self.may_be,
            has_way=(shortest_s[0] < NO_WAY_S) & (shortest_s[1] < NO_WAY_S),
            detour_s=there_s + onward_s - now_s,
        )

    def _ride_s(self, rides: Arrivals, in_time: Flags, shortest_s: Ints) -> Ints:
        """Return the rides at the hour of the first way that fits, else at the best hour."""
        if len(self._table.rides.slots) == 1:
            return shortest_s
        first = in_time.argmax(axis=0)[None]
        chosen_s = np.take_along_axis(rides.ride_s, first, axis=0)[0]
        return np.where(in_time.any(axis=0), chosen_s, shortest_s)

    def start_spans(self) -> Spans:
        """Return when the additions might start as far as the rest of the day is concerned."""
        table = self._table
        by_s = table.rides.latest_departures(self._latest_s, self._onward_s)
        leaves_s = self._rests.before_all(by_s)
        return Spans(self._ready_s, leaves_s - table.visits.service_s[self._pool])

    def returns_s(self) -> Ints:
        """Return when the day would be over if the shift had no end, as [position, candidate].

        ``NO_WAY_S`` where a window would be missed.
        """
        table = self._table
        arrives_s = self._onward.arrives_s.copy()
        stations = [*self._order, table.end]
        for i, one in enumerate(self._order):
            ready_s = self._rests.rested_all(arrives_s[:, : i + 1])
            starts_s = table.windows.starts_s(np.array([one]), ready_s, one in self._waits)
            left_s = self._rests.rested_all(_left_s(starts_s, table.visits.service_s[one]))
            onward = table.rides.arrive(left_s, table.rides.of_each_slot(one, stations[i + 1]))
            arrives_s[:, : i + 1] = onward.arrives_s
        ended_s = self._rests.rested_all(arrives_s)
        ends_s = np.array(self._rests.latest_ends(LATEST_S))[:, None, None]
        enough = ended_s <= ends_s
        returns_s: Ints = np.where(enough, ended_s, NO_WAY_S).min(axis=0)
        return returns_s


def _left_s(starts_s: Ints, stays_s: Ints) -> Ints:
    """Return when visits are left that start then, ``NO_WAY_S`` where they never do."""
    return np.where(starts_s < NO_WAY_S, starts_s + stays_s, NO_WAY_S)
