"""Where visits would fit into one route if one of its limits were another, and by how much."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from routing.explain.state import NOTHING, State
from routing.explain.worth import SECONDS_PER_HOUR
from routing.measure import preferred_on
from routing.problem import LATEST_S, MAX_POINTS, Window
from routing.timetable import NO_WAY_S, Flags, Insertions, Ints, padded
from routing.timetable.additions import Spans

_MUCH = NO_WAY_S * 10**9  # more than any figure


class Found(NamedTuple):
    """Who of the pool would come in, by which least figure, and with which detour where then."""

    columns: Ints
    figures: Ints
    detours_s: Ints
    places: Ints


class Openings:
    """Candidates of a pool against one route; all of them are left out.

    Parameters
    ----------
    waits : bool
        The visits would be put off until a preferred window.
    welcome : bool
        As if the shift were allowed to visit.
    """

    def __init__(
        self, state: State, v: int, pool: Ints, *, waits: bool, welcome: bool = False
    ) -> None:
        """Look at the route as it is."""
        self.waits = waits
        self._state, self._v, self._pool = state, v, pool
        self._order = state.orders[v]
        table = state.tables[v]
        self._table = table.welcoming() if welcome else table
        self._in_turn = state.in_turn(v, pool, len(self._order) + 1)
        self._prizes = state.prizes[pool]
        self._now = self._table.additions(self._order, pool, state.waits[v], waiting=waits)

    @cached_property
    def _found(self) -> Insertions:
        return self._now.insertions()

    @cached_property
    def _gains(self) -> Ints:
        return self._state.gains(self._v, self._pool, self._found, waits=self.waits)

    @cached_property
    def _pay(self) -> Flags:
        return self._pays(self._found)

    def _pays(self, found: Insertions) -> Flags:
        return self._state.pays(self._v, self._pool, found, waits=self.waits) & self._in_turn

    @cached_property
    def _would_do(self) -> Flags:
        """Tell which additions pay and break no limit but that of the clock."""
        return self._pay & self._now.may_be

    @cached_property
    def _worth_a_look(self) -> Ints:
        """Return who might come in by another clock; by the hour, it may mean shorter rides."""
        if len(self._table.rides.slots) > 1:
            return np.arange(len(self._pool))
        return np.flatnonzero(self._would_do.any(axis=0))

    def as_it_is(self) -> Found:
        """Return who fits without any change."""
        found = self._found
        return _least(found.fits & self._pay, found.detour_s, found.detour_s)

    def with_one_more_stop(self) -> Found:
        """Return who would fit if the shift might make one more stop."""
        if self._table.has_room(self._order):
            return NOBODY
        found = self._now.under(max_stops=None).insertions()
        return _least(found.fits & self._pays(found), found.detour_s, found.detour_s)

    def with_a_longer_shift(self) -> Found:
        """Return by how much the shift would have to end later."""
        window, columns = self._table.shift.window, self._worth_a_look
        if not len(columns):
            return NOBODY
        some, pool = self._now.of(columns), self._pool[columns]
        longer = some.under(window=Window(window.start_s, LATEST_S))
        found = longer.insertions()
        seconds = longer.returns_s() - window.end_s
        pay = self._state.pays(self._v, pool, found, waits=self.waits) & self._in_turn[:, columns]
        possible = pay & longer.may_be & (seconds > 0) & (seconds <= LATEST_S - window.end_s)
        least = _least(possible, seconds, found.detour_s)
        return least._replace(columns=columns[least.columns])

    def with_wider_windows(self) -> Found:
        """Return by how much a window would have to open earlier or close later."""
        columns = np.flatnonzero(self._would_do.any(axis=0))
        if not len(columns):
            return NOBODY
        pool, spans = self._pool[columns], self._now.of(columns).start_spans()
        least = np.full((len(self._order) + 1, len(pool)), _MUCH, dtype=np.int64)
        opens_s, closes_s = (ends[pool] for ends in self._table.windows.arrays[False])
        for first_s, last_s in self._preferred(pool):
            for w in range(opens_s.shape[1]):
                missing_s = _too_narrow_by(opens_s[:, w], closes_s[:, w], spans, first_s, last_s)
                least = np.minimum(least, missing_s.min(axis=0))
        possible = self._would_do[:, columns] & (least > 0) & (least < _MUCH)
        found = _least(possible, least, self._found.detour_s[:, columns])
        return found._replace(columns=columns[found.columns])

    def _preferred(self, pool: Ints) -> list[tuple[Ints, Ints]]:
        """Return the windows that starts have to lie in besides the hard ones, one of each."""
        if not self.waits:
            return [(np.zeros_like(pool), np.full_like(pool, LATEST_S))]
        day, candidates = self._table.shift.day, self._state.part.candidates
        opens_s, closes_s = padded([preferred_on(candidates[one], day) for one in pool])
        return [(opens_s[:, w], closes_s[:, w]) for w in range(opens_s.shape[1])]

    def with_more_cash(self) -> Found:
        """Return how much more would have to be carried."""
        limit = self._table.shift.cash_limit or 0
        found = self._now.under(cash_limit=None).insertions()
        points = self._now.cash_over()
        possible = found.fits & self._pays(found) & (points > 0)
        return _least(possible & (points <= MAX_POINTS - limit), points, found.detour_s)

    def with_a_higher_prize(self) -> Found:
        """Return how much more a visit would have to bring."""
        found, gains = self._found, self._gains
        points = -gains // SECONDS_PER_HOUR + 1
        most = MAX_POINTS - self._prizes
        possible = found.fits & self._in_turn & (gains > NOTHING) & (gains <= 0) & (points <= most)
        return _least(possible, points, found.detour_s)


def _too_narrow_by(
    opens_s: Ints, closes_s: Ints, spans: Spans, first_s: Ints, last_s: Ints
) -> Ints:
    """Return by how much windows miss the starts that would do, ``_MUCH`` where none would.

    Starts that would do lie in the spans, and from ``first_s`` to ``last_s``.
    """
    earliest_s = np.maximum(spans.earliest_s, first_s)
    latest_s = np.minimum(spans.latest_s, last_s)
    missing_s = np.maximum(opens_s - latest_s, earliest_s - closes_s)
    never = (earliest_s > latest_s) | (opens_s > closes_s)
    return np.where(never, _MUCH, np.maximum(missing_s, 0))


def _least(possible: Flags, figures: Ints, detours_s: Ints) -> Found:
    """Return the least figure of each column and the detour that goes with it."""
    columns = np.flatnonzero(possible.any(axis=0))
    shown = np.where(possible[:, columns], figures[:, columns], _MUCH)
    places, each = shown.argmin(axis=0), np.arange(len(columns))
    return Found(columns, shown[places, each], detours_s[:, columns][places, each], places)


NOBODY = Found(*[np.zeros(0, dtype=np.int64)] * 4)
