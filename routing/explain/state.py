"""One part of a plan as it stands, and the best place of each further visit in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from routing.explain.worth import SECONDS_PER_HOUR, has_two_ways, points_of
from routing.horizon import Horizon
from routing.measure import required_until
from routing.problem import Problem
from routing.timetable import NO_WAY_S, Flags, Insertions, Ints, Timetable

NOTHING = -(2**62)  # a gain that nobody would take


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
        """Return what visits by a shift would bring before travel."""
        if (v, waits) not in self._points:
            shift, candidates = self.tables[v].shift, self.part.candidates
            self._points[v, waits] = np.array(
                [points_of(self.part, one, shift, inside=waits) for one in candidates],
                dtype=np.int64,
            )
        return self._points[v, waits][pool]

    @cached_property
    def _points(self) -> dict[tuple[int, bool], Ints]:
        """Hold what everybody brings, by shift and by whether they wait, once it was asked for."""
        return {}

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
        best: dict[int, tuple[tuple[bool, int, int], Offer]] = {}
        for v, table in enumerate(self.tables):
            allowed = self.pool[table.allowed[self.pool]]
            for waits, pool in self.ways(allowed):
                found = table.insertions(self.orders[v], pool, self.waits[v], waiting=waits)
                for one, key, offer in self._best_places(v, pool, found, waits):
                    if one not in best or key > best[one][0]:
                        best[one] = (key, offer)
        return {one: best[one][1] if one in best else None for one in self.pool.tolist()}

    def _best_places(
        self, v: int, pool: Ints, found: Insertions, waits: bool
    ) -> list[tuple[int, tuple[bool, int, int], Offer]]:
        if not len(pool):
            return []
        in_turn = self.in_turn(v, pool, len(self.orders[v]) + 1)
        fits = found.fits & found.has_way & in_turn
        anywhere = np.where(found.has_way & in_turn, found.detour_s, NO_WAY_S)
        fitting = np.where(fits, found.detour_s, NO_WAY_S)
        does_fit = np.asarray(fits.any(axis=0))
        places = np.where(does_fit, fitting.argmin(axis=0), anywhere.argmin(axis=0))
        columns = np.arange(len(pool))
        detours_s = np.where(does_fit, fitting[places, columns], anywhere[places, columns])
        points = self.points(v, pool, waits=waits)
        gains = self.gains(v, pool, found, waits=waits)[places, columns]
        return [
            (
                int(pool[j]),
                (bool(does_fit[j]), int(gains[j]), -int(detours_s[j])),
                Offer(
                    v,
                    int(places[j]),
                    int(detours_s[j]),
                    int(points[j]),
                    bool(does_fit[j]),
                    waits,
                ),
            )
            for j in columns.tolist()
            if detours_s[j] < NO_WAY_S
        ]
