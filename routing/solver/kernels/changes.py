"""Puts visits into routes and takes them out, and can take all of it back."""

from routing.solver.kernels.clock import set_cash, set_clock
from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.hours import set_hours
from routing.solver.kernels.records import (
    FREE,
    NOWHERE,
    REQUIRED,
    TOUCHED,
    TRAVEL,
    VALUE,
    Array,
    State,
    World,
)


@inlined
def touch(state: State, r: int) -> None:
    """Keep route r as it is now, once, before it is changed."""
    if state.totals[r].is_kept:
        return
    count = state.totals[r].count
    for k in range(count + 2):
        state.kept_stops[r, k] = state.stops[r, k]
    state.kept_totals[r] = state.totals[r]
    state.totals[r].is_kept = 1
    state.touched[state.sizes[TOUCHED]] = r
    state.sizes[TOUCHED] += 1


@inlined
def hold(world: World, state: State, u: int, r: int) -> None:
    """Note that visit u is on route r now: its value, its family, its place among the free."""
    state.where[u] = r
    last = state.sizes[FREE] - 1
    other = state.free[last]
    i = state.slot[u]
    state.free[i], state.free[last] = other, u
    state.slot[other], state.slot[u] = i, last
    state.sizes[FREE] = last
    visit = world.visits[u]
    state.sums[VALUE] += value_of(world, state, u, r)
    state.held[visit.family] += 1
    if visit.required_until >= world.routes[r].day:
        if state.due[visit.family] == 0:
            state.sums[REQUIRED] += 1
        state.due[visit.family] += 1


@inlined
def release(world: World, state: State, u: int) -> None:
    """Note that visit u is free again; undoes `hold`."""
    r = state.where[u]
    state.where[u] = NOWHERE
    first = state.sizes[FREE]
    other = state.free[first]
    i = state.slot[u]
    state.free[i], state.free[first] = other, u
    state.slot[other], state.slot[u] = i, first
    state.sizes[FREE] = first + 1
    visit = world.visits[u]
    state.held[visit.family] -= 1
    state.sums[VALUE] -= value_of(world, state, u, r)
    if visit.required_until >= world.routes[r].day:
        state.due[visit.family] -= 1
        if state.due[visit.family] == 0:
            state.sums[REQUIRED] -= 1


@inlined
def value_of(world: World, state: State, u: int, r: int) -> float:
    """Return what visit u would add on route r."""
    visit = world.visits[u]
    value = visit.first_value if state.held[visit.family] == 0 else visit.later_value
    if visit.home >= 0 and visit.home != r:
        value -= visit.moved_price
    return float(value)


@compiled
def insert(world: World, state: State, r: int, k: int, u: int) -> bool:
    """Put visit u before stop k of route r; tell whether the route still fits."""
    touch(state, r)
    stops, total = state.stops[r], state.totals[r]
    for j in range(total.count + 1, k, -1):
        stops[j].visit = stops[j - 1].visit
    stops[k].visit = u
    total.count += 1
    hold(world, state, u, r)
    return clock(world, state, r)


@compiled
def clock(world: World, state: State, r: int) -> bool:
    """Set the clock of a route whose visits have changed; tell whether it fits.

    The travel of one that does not is not counted, whichever rule it breaks.
    """
    total = state.totals[r]
    before_s = total.travel_s
    if world.is_plain:
        fits = set_clock(world, state.stops[r], total, r)
    else:
        fits = set_hours(world, state, r)
        if fits and world.routes[r].limits_cash:
            fits = set_cash(world, state.stops[r], total.count, r)
    if fits:
        state.sums[TRAVEL] += total.travel_s - before_s
    else:
        total.travel_s = before_s
    return fits


@compiled
def take_marked(world: World, state: State, r: int, marks: Array, mark: int) -> None:
    """Take the marked visits out of route r, and more of them if the rest does not fit."""
    touch(state, r)
    stops, total = state.stops[r], state.totals[r]
    kept = 0
    for k in range(1, total.count + 1):
        u = stops[k].visit
        if marks[u] == mark:
            release(world, state, u)
        else:
            kept += 1
            stops[kept].visit = u
    total.count = kept
    while not clock(world, state, r):  # only where the direct way is longer, or a deposit left
        release(world, state, stops[total.count].visit)
        total.count -= 1


@compiled
def take_back(world: World, state: State) -> None:
    """Undo everything since the routes were touched."""
    for i in range(state.sizes[TOUCHED]):
        r = state.touched[i]
        for k in range(1, state.totals[r].count + 1):
            release(world, state, state.stops[r, k].visit)
    for i in range(state.sizes[TOUCHED]):
        r = state.touched[i]
        state.sums[TRAVEL] += state.kept_totals[r].travel_s - state.totals[r].travel_s
        state.totals[r] = state.kept_totals[r]
        count = state.totals[r].count
        for k in range(count + 2):
            state.stops[r, k] = state.kept_stops[r, k]
        for k in range(1, count + 1):
            hold(world, state, state.stops[r, k].visit, r)
        if not world.is_plain:
            clock(world, state, r)
    forget(state)


@compiled
def forget(state: State) -> None:
    """Take the routes as they are now for good."""
    for i in range(state.sizes[TOUCHED]):
        state.totals[state.touched[i]].is_kept = 0
    state.sizes[TOUCHED] = 0
