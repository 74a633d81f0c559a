"""Begins routes where travel costs money, so that they can pay with what joins them.

The first visit of a route pays for the ride there and back alone, so no step that adds one visit
after the other would ever begin one. Here a route is begun around some place whatever it costs;
what joins it then decides whether it stays.
"""

from routing.solver.kernels.changes import clock, insert, release
from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.dice import pick
from routing.solver.kernels.order import first_place
from routing.solver.kernels.records import FREE, State, World
from routing.solver.kernels.recreate import may_join

_LATEST, _NEARBY = 8, 8  # visits taken out last, and visits near one of them


@compiled
def open_route(world: World, state: State) -> None:
    """Put one of the visits just taken out, or one near them, on a route without visits."""
    r = _empty(state)
    free = state.sizes[FREE]
    if r < 0 or free == 0:
        return
    u = state.free[free - 1 - pick(state.random, min(free, _LATEST))]
    near = world.near[u]
    u = near[pick(state.random, min(len(near), _NEARBY))]
    if state.where[u] >= 0 or not may_join(world, state, u, r):
        return
    if world.has_order and first_place(world, state, u, r) < 0:
        return
    if not insert(world, state, r, 1, u):
        release(world, state, u)
        state.totals[r].count = 0
        clock(world, state, r)


@compiled
def _empty(state: State) -> int:
    """Return a route without visits, -1 if there is none."""
    m = len(state.totals)
    first = pick(state.random, m)
    for i in range(m):
        r = first + i
        if r >= m:
            r -= m
        if state.totals[r].count == 0:
            return int(r)
    return -1
