"""Changes worked out to the end of a route, where whoever comes after rides at another hour."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from routing.explain.state import State
from routing.explain.worth import SECONDS_PER_HOUR
from routing.objective import outside_price
from routing.plan import Change, ChangeKind
from routing.problem import LATEST_S, MAX_POINTS, Window
from routing.timetable import Timetable

_PLACES = 4  # the best ones by the visit's own two rides

# What the figure of a change is called; the others have none.
FIGURE = {
    ChangeKind.LENGTHEN_SHIFT: "seconds",
    ChangeKind.WIDEN_WINDOW: "seconds",
    ChangeKind.RAISE_CASH_LIMIT: "points",
    ChangeKind.RAISE_PRIZE: "points",
}


def change_of(shift_id: str, kind: ChangeKind, figure: int, detour_s: int) -> Change:
    """Return a change of a shift, or for it."""
    facts: dict[str, int | str] = {"shift": shift_id, "detour_s": detour_s}
    if kind in FIGURE:
        facts[FIGURE[kind]] = figure
    return Change(kind, facts)


class Place(NamedTuple):
    """Where one more visit would be made, and whether it would wait for a preferred window."""

    number: int
    v: int
    position: int
    waits: bool


def brings(
    state: State,
    v: int,
    order: Sequence[int],
    waits: Collection[int],
    table: Timetable | None = None,
) -> int | None:
    """Return what a route brings after travel, as if of first visits, in 1/3600 point.

    None where the order does not fit.
    """
    table = state.tables[v] if table is None else table
    clock = table.clock(order, waits)
    if clock is None:
        return None
    points = int(state.points(v, np.array(order, dtype=np.int64), waits=True).sum())
    candidates = state.part.candidates
    for one, starts_s in zip(order, clock.starts_s, strict=True):
        points -= outside_price(candidates[one], table.shift, starts_s)
    travel_s = sum(leg.ride_s for leg in clock.legs)
    return points * SECONDS_PER_HOUR - travel_s * state.part.travel_cost_per_hour


def exact_change(state: State, place: Place, change: Change) -> Change | None:
    """Return the change as it is when the whole route is worked out, None if it does not do.

    Who fits may need a higher prize, and a raised prize may turn out higher, lower or not needed.
    """
    is_needed = bool(state.must(place.v, np.array([place.number]))[0])
    gains = [_gain(state, place, table) for table in _changed(state, place, change)]
    if any(gain is not None and (gain > 0 or is_needed) for gain in gains):
        if change.kind is ChangeKind.RAISE_PRIZE:
            return change_of(
                str(change.facts["shift"]), ChangeKind.ADD, 0, int(change.facts["detour_s"])
            )
        return change
    if change.kind in {ChangeKind.ADD, ChangeKind.RAISE_PRIZE}:
        return _for_a_prize(state, place)
    return None


def _gain(state: State, place: Place, table: Timetable | None = None) -> int | None:
    """Return by how much more a route brings with one more visit, None where it does not fit."""
    order, waits = state.orders[place.v], state.waits[place.v]
    longer = [*order[: place.position], place.number, *order[place.position :]]
    waiting = waits | ({place.number} if place.waits else set())
    after = brings(state, place.v, longer, waiting, table)
    before = _before(state, place.v)
    return None if after is None or before is None else after - before


def _before(state: State, v: int) -> int | None:
    """Return what a route brings as it is."""
    if v not in state.brought:
        state.brought[v] = brings(state, v, state.orders[v], state.waits[v])
    return state.brought[v]


def _for_a_prize(state: State, place: Place) -> Change | None:
    """Return by how much a prize has to rise at the best of the places with the least detours."""
    number, v = place.number, place.v
    order, pool = state.orders[v], np.array([number])
    shift_id = state.tables[v].shift.id
    found: list[tuple[int, int]] = []
    for waits, _ in state.ways(pool):
        added = state.tables[v].insertions(order, pool, state.waits[v], waiting=waits)
        does = added.fits & added.has_way & state.in_turn(v, pool, len(order) + 1)
        places = [(int(added.detour_s[i, 0]), int(i)) for i in np.flatnonzero(does[:, 0])]
        for detour_s, i in sorted(places)[:_PLACES]:
            gain = _gain(state, Place(number, v, i, waits))
            found += [] if gain is None else [(gain, detour_s)]
    if not found:
        return None
    gain, detour_s = max(found, key=lambda one: one[0])
    if gain > 0:
        return change_of(shift_id, ChangeKind.ADD, 0, detour_s)
    points = -gain // SECONDS_PER_HOUR + 1
    if points > MAX_POINTS - state.part.candidates[number].prize:
        return None
    return change_of(shift_id, ChangeKind.RAISE_PRIZE, points, detour_s)


def _changed(state: State, place: Place, change: Change) -> Iterator[Timetable]:
    """Yield the timetable with the change made; a window may be widened at either end."""
    number, table = place.number, state.tables[place.v]
    shift = table.shift
    figure = int(change.facts[FIGURE[change.kind]]) if change.kind in FIGURE else 0
    match change.kind:
        case ChangeKind.ADD_STOP_SLOT:
            yield table.under(max_stops=(shift.max_stops or 0) + 1)
        case ChangeKind.LENGTHEN_SHIFT:
            yield table.under(window=Window(shift.window.start_s, shift.window.end_s + figure))
        case ChangeKind.RAISE_CASH_LIMIT:
            yield table.under(cash_limit=(shift.cash_limit or 0) + figure)
        case ChangeKind.ALLOW_SHIFT:
            yield table.welcoming()
        case ChangeKind.WIDEN_WINDOW:
            hard = table.windows.of(number, waits=False)
            for i, one in enumerate(hard):
                earlier = Window(max(0, one.start_s - figure), one.end_s)
                later = Window(one.start_s, min(LATEST_S, one.end_s + figure))
                for wider in (earlier, later):
                    yield table.with_windows(number, [*hard[:i], wider, *hard[i + 1 :]])
        case _:
            yield table
