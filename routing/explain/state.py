"""One part of a plan as it stands, and the best place of each further visit in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from routing.explain.worth import SECONDS_PER_HOUR, has_two_ways
from routing.horizon import Horizon
from routing.measure import required_until
from routing.problem import Problem
from routing.timetable import NO_WAY_S, Flags, Insertions, Ints, Timetable

NOTHING = -(2**62)  # a gain that nobody would take

NOBODY, ELSEWHERE = -1, -2  # who was to visit: no shift at all, or one of another part


class Offer(NamedTuple):
    """A place for a visit.

    Attributes
    ----------
    table : int
        Number of the shift in the part.
    points : int
        What the visit brings before travel.
    fits : bool
        Otherwise the place is the best one regardless of the clock and of all limits.
    waits : bool
        The visit is put off until a preferred window.
    """

    table: int
    position: int
    detour_s: int
    points: int
    fits: bool
    waits: bool


@dataclass(frozen=True)
class State:
    """A part, its timetables, and who is visited: candidates by number, for each shift."""

    part: Problem
    tables: Sequence[Timetable]
    orders: Sequence[Sequence[int]]
    waits: Sequence[frozenset[int]]

    @cached_property
    def horizon(self) -> Horizon:
        """Return who is visited when."""
        ids = [one.id for one in self.part.candidates]
        return Horizon(
            self.part,
            {
                table.shift.id: [ids[number] for number in order]
                for table, order in zip(self.tables, self.orders, strict=True)
            },
        )

    @cached_property
    def pool(self) -> Ints:
        """Return the candidates whom nobody visits."""
        visited = {number for order in self.orders for number in order}
        left = [i for i in range(len(self.part.candidates)) if i not in visited]
        return np.array(left, dtype=np.int64)

    def points(self, v: int, pool: Ints, *, waits: bool) -> Ints:
        """Return what first visits by a shift would bring before travel.

        The prize, and what dropping a published candidate would cost; less the price of another
        shift's visit and, where they do not wait, of a start in no preferred window. Unfairness is
        left aside.
        """
        points = self._before_prices[pool]
        own = self._published[pool] == v
        points = points - np.where(own, 0, self._moved[pool])
        return points if waits else points - self._outside[pool]

    @cached_property
    def prizes(self) -> Ints:
        """Return the prize of each candidate."""
        return self._of_each([one.prize for one in self.part.candidates])

    @cached_property
    def _before_prices(self) -> Ints:
        dropped = self.part.prices.dropped
        return self.prizes + np.where(self._published != NOBODY, dropped, 0)

    @cached_property
    def _published(self) -> Ints:
        """Return by which shift each was to be visited: its number, or one of no shift."""
        number: dict[str | None, int] = {one.shift.id: v for v, one in enumerate(self.tables)}
        number[None] = NOBODY
        published = [one.published_shift for one in self.part.candidates]
        return self._of_each([number.get(one, ELSEWHERE) for one in published])

    @cached_property
    def _moved(self) -> Ints:
        """Return what it costs each if somebody else comes."""
        return np.where(self._published == NOBODY, 0, self.part.prices.moved)

    @cached_property
    def _outside(self) -> Ints:
        """Return what a start in no preferred window costs."""
        people = self.part.candidates
        return self._of_each([one.outside_price if one.preferred else 0 for one in people])

    def _of_each(self, figures: list[int]) -> Ints:
        return np.array(figures, dtype=np.int64)

    def must(self, v: int, pool: Ints) -> Flags:
        """Tell which visits by a shift would be made whatever they cost."""
        must: Flags = self._required_until[pool] >= self.tables[v].shift.day
        return must

    @cached_property
    def _required_until(self) -> Ints:
        """Return the last day on which each candidate counts as required, -1 if on none."""
        untils = (required_until(self.part, one) for one in self.part.candidates)
        return np.array([-1 if until is None else until for until in untils], dtype=np.int64)

    def ways(self, pool: Ints) -> list[tuple[bool, Ints]]:
        """Return the candidates of a pool by whether they wait; some can be visited both ways."""
        both = pool[self._has_two_ways[pool]]
        return [(False, pool), *([(True, both)] if len(both) else [])]

    @cached_property
    def _has_two_ways(self) -> Flags:
        return np.array([has_two_ways(one) for one in self.part.candidates], dtype=np.bool_)

    @cached_property
    def brought(self) -> dict[int, int | None]:
        """Hold what routes bring by themselves, by number, once that was worked out."""
        return {}

    def is_by_hour(self, v: int) -> bool:
        """Tell whether rides of a route depend on the hour."""
        return len(self.tables[v].rides.slots) > 1

    def has_hours(self, v: int) -> bool:
        """Tell whether the hour of a visit of the route makes a difference to anybody."""
        return self.is_by_hour(v) or bool(self._has_two_ways[list(self.orders[v])].any())

    def in_turn(self, v: int, pool: Ints, positions: int, *, ignore_group: bool = False) -> Flags:
        """Tell where candidates may stand after those they wait for, as [position, candidate]."""
        may = np.ones((positions, len(pool)), dtype=np.bool_)
        for j in np.flatnonzero(self._is_bound[pool]).tolist():
            candidate = self.part.candidates[pool[j]]
            if candidate.after:
                first = self.horizon.first_position(candidate, self.tables[v].shift)
                may[: positions if first is None else first, j] = False
            if not ignore_group and self.horizon.visited_of_group(candidate) is not None:
                may[:, j] = False
        return may

    @cached_property
    def _is_bound(self) -> Flags:
        """Tell whose visit hangs on that of others."""
        candidates = self.part.candidates
        return np.array(
            [bool(one.after) or one.group is not None for one in candidates], dtype=np.bool_
        )

    def gains(self, v: int, pool: Ints, found: Insertions, *, waits: bool) -> Ints:
        """Return what additions bring after travel, in 1/3600 point; ``NOTHING`` without a way."""
        detour_s = np.where(found.has_way, found.detour_s, 0)
        brings = self.points(v, pool, waits=waits) * SECONDS_PER_HOUR
        gains = brings - detour_s * self.part.travel_cost_per_hour
        return np.where(found.has_way, gains, NOTHING)

    def pays(self, v: int, pool: Ints, found: Insertions, *, waits: bool) -> Flags:
        """Tell which additions pay, or are to be made whatever they cost."""
        return found.has_way & ((self.gains(v, pool, found, waits=waits) > 0) | self.must(v, pool))

    def offers(self) -> dict[int, Offer | None]:
        """Return the best place of each candidate of the pool, None where no way leads.

        The best is what gains most, then has the shortest detour, then comes first. Places that
        fit come before all others.
        """
        best = _Best(len(self.part.candidates))
        for v, table in enumerate(self.tables):
            allowed = self.pool[table.allowed[self.pool]]
            for waits, pool in self.ways(allowed):
                if len(pool):
                    found = table.insertions(self.orders[v], pool, self.waits[v], waiting=waits)
                    self._compete(best, v, pool, found, waits=waits)
        return {one: best.offer(one) for one in self.pool.tolist()}

    def _compete(
        self, best: "_Best", v: int, pool: Ints, found: Insertions, *, waits: bool
    ) -> None:
        in_turn = self.in_turn(v, pool, len(self.orders[v]) + 1)
        anywhere = np.where(found.has_way & in_turn, found.detour_s, NO_WAY_S)
        fitting = np.where(found.fits, anywhere, NO_WAY_S)
        does_fit = np.asarray((found.fits & found.has_way & in_turn).any(axis=0))
        places = np.where(does_fit, fitting.argmin(axis=0), anywhere.argmin(axis=0))
        columns = np.arange(len(pool))
        detours_s = anywhere[places, columns]
        points = self.points(v, pool, waits=waits)
        gains = points * SECONDS_PER_HOUR - detours_s * self.part.travel_cost_per_hour
        leads = detours_s < NO_WAY_S
        best.take(
            pool[leads],
            (does_fit[leads], gains[leads], -detours_s[leads]),
            (places[leads], points[leads], np.full(leads.sum(), v), np.full(leads.sum(), waits)),
        )


class _Best:
    """The best places found so far, by candidate number."""

    def __init__(self, size: int) -> None:
        nothing = np.full(size, NOTHING, dtype=np.int64)
        self._keys = [nothing.copy() for _ in range(3)]  # fits, gains, detour below 0
        self._others = [nothing.copy() for _ in range(4)]  # position, points, table, waits

    def take(self, numbers: Ints, keys: Sequence[Ints | Flags], others: Sequence[Ints]) -> None:
        """Keep the places that are better than those kept."""
        is_better = np.zeros(len(numbers), dtype=np.bool_)
        is_equal = np.ones(len(numbers), dtype=np.bool_)
        for new, held in zip(keys, self._keys, strict=True):
            is_better |= is_equal & (new > held[numbers])
            is_equal &= new == held[numbers]
        for new, held in zip([*keys, *others], [*self._keys, *self._others], strict=True):
            held[numbers[is_better]] = new[is_better]

    def offer(self, number: int) -> Offer | None:
        """Return the place of a candidate, None where there is none."""
        fits, _, detour_s = (int(one[number]) for one in self._keys)
        position, points, table, waits = (int(one[number]) for one in self._others)
        if table == NOTHING:
            return None
        return Offer(table, position, -detour_s, points, bool(fits), bool(waits))
