"""Who would have to give way for a candidate, and what the plan would lose."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from routing.explain.exactly import brings
from routing.explain.state import NOTHING, State
from routing.explain.worth import SECONDS_PER_HOUR, is_required_on
from routing.objective import outside_price
from routing.timetable import Ints

_DEAR = 2**62  # a loss that nobody would take
_PLACES = 4  # the best ones, where the rest of a route is worked out


class Swap(NamedTuple):
    """One visit instead of another.

    Attributes
    ----------
    loses : int, points
        What the plan is worth less then, rounded up; below 0 when it is worth more.
    """

    number: int
    shift_id: str
    detour_s: int
    gives_way: str
    loses: int


class _Room(NamedTuple):
    """A route without one of its visits."""

    v: int
    gone: int
    order: list[int]
    loss: int  # 1/3600 point, what leaving the visit out costs


def swaps(
    state: State, numbers: Ints, in_group: Sequence[int], go_on: Callable[[], None]
) -> Iterator[Swap]:
    """Yield swaps for candidates left out: the best of each shift, those in groups for theirs.

    Only optional visits give way that are the candidate's only one and that nobody waits for.
    Candidates that wait for others are not looked at. Before each shift `go_on` is called, which
    may raise.
    """
    free = [one for one in numbers.tolist() if not state.part.candidates[one].after]
    for v, table in enumerate(state.tables):
        go_on()
        pool = np.array([one for one in free if table.allowed[one]], dtype=np.int64)
        if len(pool):
            yield from _in_route(state, pool, list(_rooms(state, v)))
    for number in in_group:
        go_on()
        yield from _in_group(state, number)


def _rooms(state: State, v: int) -> Iterator[_Room]:
    table, order, waits = state.tables[v], state.orders[v], state.waits[v]
    candidates = state.part.candidates
    losses, travel_s = _losses(state, v), table.travel_s(order, waits)
    for i, one in enumerate(order):
        candidate = candidates[one]
        rest = [*order[:i], *order[i + 1 :]]
        is_needed = (
            is_required_on(state.part, candidate, table.shift.day)
            or len(state.horizon.visits(candidate.id)) > 1
            or state.horizon.is_waited_for(candidate.id)
        )
        if not is_needed and table.fits(rest, waits):
            saved_s = travel_s - table.travel_s(rest, waits)
            loss = losses[i] * SECONDS_PER_HOUR - saved_s * state.part.travel_cost_per_hour
            yield _Room(v, one, rest, loss)


def _losses(state: State, v: int) -> list[int]:
    """Return what a plan is worth less without each visit of a route but for travel, points."""
    table, order = state.tables[v], state.orders[v]
    clock = table.clock(order, state.waits[v])
    assert clock is not None  # noqa: S101 - the orders of a state fit
    inside = state.points(v, np.array(order, dtype=np.int64), waits=True).tolist()
    candidates = state.part.candidates
    return [
        points - outside_price(candidates[one], table.shift, starts_s)
        for points, one, starts_s in zip(inside, order, clock.starts_s, strict=True)
    ]


def _in_route(state: State, pool: Ints, rooms: Sequence[_Room]) -> Iterator[Swap]:
    """Yield the best swap of each candidate with a visit of one route.

    The cheapest rooms come first. Nobody is tried in a room that can't beat what they have, or
    that has not the time for them even if nobody ever waited.
    """
    if not rooms:
        return
    table = state.tables[rooms[0].v]
    least_s = table.least_detours_s(state.orders[rooms[0].v], pool)
    needs_s = least_s + table.visits.service_s[pool]
    day_s = table.shift.window.end_s - table.shift.window.start_s
    most = _most_gains(state, rooms[0].v, pool, least_s)
    best = np.full(len(pool), _DEAR, dtype=np.int64)
    chosen: dict[int, tuple[_Room, int]] = {}
    for room in sorted(rooms, key=lambda one: one.loss):
        has_time = needs_s <= day_s - table.least_work_s(room.order)
        tried = np.flatnonzero(has_time & (room.loss - most < best))
        if not len(tried):
            continue
        gains, detours_s = _gains(state, pool[tried], room)
        losses = np.where(gains > NOTHING, room.loss - gains, _DEAR)
        for i in np.flatnonzero(losses < best[tried]).tolist():
            chosen[int(tried[i])] = (room, int(detours_s[i]))
        best[tried] = np.minimum(best[tried], losses)
    for j, (room, detour_s) in chosen.items():
        yield _swap(state, int(pool[j]), room, room.v, detour_s, int(best[j]))


def _most_gains(state: State, v: int, pool: Ints, least_s: Ints) -> Ints:
    """Return what no addition gains more, 1/3600 point."""
    points = np.maximum(state.points(v, pool, waits=False), state.points(v, pool, waits=True))
    return points * SECONDS_PER_HOUR - least_s * state.part.travel_cost_per_hour


def _gains(
    state: State, pool: Ints, room: _Room, v: int | None = None, *, ignore_group: bool = False
) -> tuple[Ints, Ints]:
    """Return the best gain of each candidate that fits and pays, and its detour."""
    v = room.v if v is None else v
    table = state.tables[v]
    order = room.order if v == room.v else state.orders[v]
    gains = np.full(len(pool), NOTHING, dtype=np.int64)
    detours_s = np.zeros(len(pool), dtype=np.int64)
    for waits, some in state.ways(pool):
        found = table.insertions(order, some, state.waits[v], waiting=waits)
        in_turn = state.in_turn(v, some, len(order) + 1, ignore_group=ignore_group)
        does = found.fits & in_turn & state.pays(v, some, found, waits=waits)
        brought = np.where(does, state.gains(v, some, found, waits=waits), NOTHING)
        places = brought.argmax(axis=0)
        columns = np.arange(len(some))
        where = np.searchsorted(pool, some)
        better = brought[places, columns] > gains[where]
        gains[where[better]] = brought[places, columns][better]
        detours_s[where[better]] = found.detour_s[places, columns][better]
    return gains, detours_s


def _in_group(state: State, number: int) -> Iterator[Swap]:
    """Yield the best swap of a candidate with whoever of its group is visited."""
    candidate = state.part.candidates[number]
    other = state.horizon.visited_of_group(candidate)
    if other is None or candidate.after:
        return
    at = state.horizon.visits(other)[0]
    u = next(v for v, table in enumerate(state.tables) if table.shift.id == at.shift_id)
    pool = np.array([number])
    for room in _rooms(state, u):
        if state.part.candidates[room.gone].id != other:
            continue
        for v, table in enumerate(state.tables):
            if table.allowed[number]:
                gains, detours_s = _gains(state, pool, room, v, ignore_group=True)
                if gains[0] > NOTHING:
                    loss = room.loss - int(gains[0])
                    yield _swap(state, number, room, v, int(detours_s[0]), loss)


def _swap(state: State, number: int, room: _Room, v: int, detour_s: int, loss: int) -> Swap:
    return Swap(
        number=number,
        shift_id=state.tables[v].shift.id,
        detour_s=detour_s,
        gives_way=state.part.candidates[room.gone].id,
        loses=-(-loss // SECONDS_PER_HOUR),
    )


def worked_out(state: State, swap: Swap) -> Swap:
    """Return a swap with what it loses to the point, at the best of its places.

    Whoever else is on the route may come at another hour then, which can have a price of its own
    or other rides; `swaps` does not look at that.
    """
    numbers = state.tables[0].visits.number
    gone = numbers[swap.gives_way]
    u = next(i for i, order in enumerate(state.orders) if gone in order)
    v = next(i for i, table in enumerate(state.tables) if table.shift.id == swap.shift_id)
    routes = {u, v}
    if not any(state.has_hours(one) for one in routes):
        return swap
    orders = {one: [i for i in state.orders[one] if i != gone] for one in routes}
    before = _together(state, {one: state.orders[one] for one in routes}, state.waits)
    best: tuple[int, int] | None = None
    for position, detour_s, waits in _places(state, swap.number, v, orders[v]):
        order = [*orders[v][:position], swap.number, *orders[v][position:]]
        waiting = state.waits[v] | ({swap.number} if waits else set())
        after = _together(state, orders | {v: order}, {u: state.waits[u], v: waiting})
        if best is None or before - after < best[0]:
            best = before - after, detour_s
    if best is None:
        return swap
    return swap._replace(detour_s=best[1], loses=-(-best[0] // SECONDS_PER_HOUR))


def _together(
    state: State,
    orders: Mapping[int, Sequence[int]],
    waits: Mapping[int, frozenset[int]] | Sequence[frozenset[int]],
) -> int:
    """Return what some routes bring, all of which fit."""
    return sum(brings(state, v, order, waits[v]) or 0 for v, order in orders.items())


def _places(
    state: State, number: int, v: int, order: Sequence[int]
) -> Sequence[tuple[int, int, bool]]:
    """Return the places that gain most by themselves: position, detour, whether it waits."""
    table, gains = state.tables[v], []
    for waits, pool in state.ways(np.array([number])):
        found = table.insertions(order, pool, state.waits[v], waiting=waits)
        in_turn = state.in_turn(v, pool, len(order) + 1, ignore_group=True)
        does = found.fits & in_turn & state.pays(v, pool, found, waits=waits)
        brought = state.gains(v, pool, found, waits=waits)
        gains += [
            (-int(brought[i, 0]), int(i), int(found.detour_s[i, 0]), waits)
            for i in np.flatnonzero(does[:, 0])
        ]
    return [(i, detour_s, waits) for _, i, detour_s, waits in sorted(gains)[:_PLACES]]
