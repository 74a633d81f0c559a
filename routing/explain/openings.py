"""Where visits would fit into one route if one of its limits were another, and by how much."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from routing.explain.state import NOTHING, State
from routing.explain.worth import SECONDS_PER_HOUR
from routing.measure import preferred_on
from routing.problem import LATEST_S, MAX_POINTS, Window
from routing.timetable import NO_WAY_S, Flags, Insertions, Ints, Timetable
from routing.timetable.additions import Additions, Spans

# By number in the pool: the least figure that would do, and the detour of the visit then.
Found = dict[int, tuple[int, int]]

_MUCH = NO_WAY_S * 10**9  # more than any figure


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

    def _additions(self, table: Timetable) -> Additions:
        own = self._state.waits[self._v]
        return table.additions(self._order, self._pool, own, waiting=self.waits)

    @cached_property
    def _now(self) -> Additions:
        return self._additions(self._table)

    @cached_property
    def _found(self) -> Insertions:
        return self._now.insertions()

    def _pays(self, found: Insertions) -> Flags:
        return self._state.pays(self._v, self._pool, found, waits=self.waits) & self._in_turn

    @cached_property
    def _would_do(self) -> Flags:
        """Tell which additions pay and break no limit but that of the clock."""
        return self._pays(self._found) & self._now.may_be

    def as_it_is(self) -> Found:
        """Return who fits without any change."""
        found = self._found
        return _least(found.fits & self._pays(found), found.detour_s, found.detour_s)

    def with_one_more_stop(self) -> Found:
        """Return who would fit if the shift might make one more stop."""
        if self._table.has_room(self._order):
            return {}
        found = self._additions(self._table.under(max_stops=None)).insertions()
        return _least(found.fits & self._pays(found), found.detour_s, found.detour_s)

    def with_a_longer_shift(self) -> Found:
        """Return by how much the shift would have to end later."""
        window = self._table.shift.window
        longer = self._additions(self._table.under(window=Window(window.start_s, LATEST_S)))
        found = longer.insertions()
        seconds = longer.returns_s() - window.end_s
        possible = self._pays(found) & longer.may_be & (seconds > 0)
        return _least(possible & (seconds <= LATEST_S - window.end_s), seconds, found.detour_s)

    def with_wider_windows(self) -> Found:
        """Return by how much a window would have to open earlier or close later."""
        spans = self._now.start_spans()
        least = np.full(self._would_do.shape, _MUCH, dtype=np.int64)
        for j, number in enumerate(self._pool.tolist()):
            own = Spans(spans.earliest_s[:, :, j], spans.latest_s[:, :, j])
            for window in self._table.windows.of(number, waits=False):
                for preferred in self._preferred(number):
                    seconds = _too_narrow_by(window, own, preferred)
                    least[:, j] = np.minimum(least[:, j], seconds.min(axis=0))
        return _least(self._would_do & (least > 0) & (least < _MUCH), least, self._found.detour_s)

    def _preferred(self, number: int) -> Sequence[Window]:
        """Return the windows that a start has to lie in besides the hard one."""
        if not self.waits:
            return [Window(0, LATEST_S)]
        return preferred_on(self._state.part.candidates[number], self._table.shift.day)

    def with_more_cash(self) -> Found:
        """Return how much more would have to be carried."""
        limit = self._table.shift.cash_limit or 0
        found = self._additions(self._table.under(cash_limit=None)).insertions()
        points = self._now.cash_over()
        possible = found.fits & self._pays(found) & (points > 0)
        return _least(possible & (points <= MAX_POINTS - limit), points, found.detour_s)

    def with_a_higher_prize(self) -> Found:
        """Return how much more a visit would have to bring."""
        found = self._found
        gains = self._state.gains(self._v, self._pool, found, waits=self.waits)
        points = -gains // SECONDS_PER_HOUR + 1
        candidates = self._state.part.candidates
        most = MAX_POINTS - np.array([candidates[one].prize for one in self._pool])
        possible = found.fits & self._in_turn & (gains > NOTHING) & (gains <= 0) & (points <= most)
        return _least(possible, points, found.detour_s)


def _too_narrow_by(window: Window, spans: Spans, preferred: Window) -> Ints:
    """Return by how much a window misses the starts that would do, ``_MUCH`` where none would."""
    earliest_s = np.maximum(spans.earliest_s, preferred.start_s)
    latest_s = np.minimum(spans.latest_s, preferred.end_s)
    missing_s = np.maximum(window.start_s - latest_s, earliest_s - window.end_s)
    return np.where(earliest_s > latest_s, _MUCH, np.maximum(missing_s, 0))


def _least(possible: Flags, figures: Ints, detours_s: Ints) -> Found:
    """Return the least figure of each column and the detour that goes with it."""
    shown = np.where(possible, figures, _MUCH)
    places = shown.argmin(axis=0)
    columns = np.flatnonzero(possible.any(axis=0))
    return {j: (int(shown[places[j], j]), int(detours_s[places[j], j])) for j in columns.tolist()}
