"""Routes that the search is given to begin with."""

from routing.solver.kernels.changes import clock, forget, hold, release, touch
from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.records import Array, State, World
from routing.solver.kernels.recreate import may_join


@compiled
def put_order(world: World, state: State, r: int, visits: Array) -> None:
    """Put these visits on route r, one after the other, leaving out each that does not fit."""
    touch(state, r)
    total = state.totals[r]
    for i in range(len(visits)):
        u = visits[i]
        if state.where[u] >= 0 or not may_join(world, state, u, r):
            continue
        total.count += 1
        state.stops[r, total.count].visit = u
        hold(world, state, u, r)
        if not clock(world, state, r):
            release(world, state, u)
            total.count -= 1
            clock(world, state, r)
    forget(state)
