"""Routes that the search is given to begin with."""

from routing.solver.kernels.changes import clock, forget, hold, release, touch
from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.order import first_place
from routing.solver.kernels.records import Array, State, World
from routing.solver.kernels.recreate import may_join

_BESIDE_VISITS = 3  # of a row of stops: both ends, and one to work in


@compiled
def put_order(world: World, state: State, r: int, visits: Array) -> None:
    """Put these visits on route r, which is empty; where they don't fit, as many as do.

    There may be more of them than a route has room for: compiled loops check no bounds.
    """
    touch(state, r)
    total = state.totals[r]
    for i in range(len(visits)):
        _append(world, state, r, visits[i])
    if not clock(world, state, r):
        for k in range(1, total.count + 1):
            release(world, state, state.stops[r, k].visit)
        total.count = 0
        for i in range(len(visits)):
            is_new = _append(world, state, r, visits[i])
            if is_new and not clock(world, state, r):
                release(world, state, visits[i])
                total.count -= 1
        clock(world, state, r)
    forget(state)


@compiled
def _append(world: World, state: State, r: int, u: int) -> bool:
    if state.totals[r].count + _BESIDE_VISITS >= state.stops.shape[1]:
        return False
    if state.where[u] >= 0 or not may_join(world, state, u, r):
        return False
    if world.has_order and first_place(world, state, u, r) < 0:
        return False
    state.totals[r].count += 1
    state.stops[r, state.totals[r].count].visit = u
    hold(world, state, u, r)
    return True
