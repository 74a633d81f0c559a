"""Visits that have to be made before others: earlier on the same route, or on an earlier day."""

from routing.solver.kernels.changes import take_marked
from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.records import NOWHERE, State, Work, World


@compiled
def first_place(world: World, state: State, u: int, r: int) -> int:
    """Return the first stop after which visit u may be made on route r, NOWHERE if none."""
    first = 0
    for i in range(world.needs_first[u], world.needs_first[u + 1]):
        needed = world.needs[i]
        earliest = len(state.stops[r])
        for j in range(world.made_first[needed], world.made_first[needed + 1]):
            on = state.where[world.made_by[j]]
            if on < 0:
                continue
            if world.routes[on].day < world.routes[r].day:
                earliest = 0
            elif on == r:
                k = 1
                while state.stops[r, k].visit != world.made_by[j]:
                    k += 1
                earliest = min(earliest, k)
        if earliest == len(state.stops[r]):
            return NOWHERE
        first = max(first, earliest)
    return first


@compiled
def take_unready(world: World, state: State, work: Work, mark: int) -> None:
    """Take out visits that wait for one that is not made any more."""
    is_stable = False
    while not is_stable:
        is_stable = True
        for i in range(len(world.waiting)):
            u = world.waiting[i]
            r = state.where[u]
            if r < 0:
                continue
            k = 1
            while state.stops[r, k].visit != u:
                k += 1
            first = first_place(world, state, u, r)
            if first < 0 or first >= k:
                work.marks[u] = mark
                take_marked(world, state, r, work.marks, mark)
                is_stable = False
