"""Takes out what does not pay, once the step is done."""

from routing.solver.kernels.changes import clock, release, take_marked, touch
from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.records import NOWHERE, TOUCHED, State, Work, World


@compiled
def prune(world: World, state: State, work: Work, mark: int) -> None:
    """Take visits out of the touched routes that bring no more than their detours cost.

    Routes that bring no more than all of their travel costs are given up.
    """
    for i in range(state.sizes[TOUCHED]):
        r = state.touched[i]
        while True:
            k = _worst(world, state, r)
            if k < 0 or not _take_out(world, state, r, k):
                break
        if not _pays(world, state, r):
            stops = state.stops[r]
            for k in range(1, state.totals[r].count + 1):
                work.marks[stops[k].visit] = mark
            take_marked(world, state, r, work.marks, mark)


@compiled
def _value(world: World, state: State, u: int, r: int) -> float:
    """Return what taking visit u off route r would lose."""
    visit = world.visits[u]
    value = visit.first_value if state.held[visit.family] == 1 else visit.later_value
    if visit.home >= 0 and visit.home != r:
        value -= visit.moved_price
    if visit.required_until >= world.routes[r].day and state.due[visit.family] == 1:
        value += world.bonus
    return float(value)


@compiled
def _enabled(world: World, state: State, u: int, here: int) -> float:
    """Return what visits bring that wait for visit u alone, but for those on route `here`."""
    value = 0.0
    if state.held[world.visits[u].family] == 1:
        for i in range(world.enables_first[u], world.enables_first[u + 1]):
            w = world.enables[i]
            if state.where[w] >= 0 and state.where[w] != here:
                value += _value(world, state, w, state.where[w])
    return value


@compiled
def _worst(world: World, state: State, r: int) -> int:
    """Return the stop that loses most, -1 if none does."""
    stops = state.stops[r]
    rides_s = world.rides_s[world.routes[r].layer]
    found, least = -1, 0.0
    for k in range(1, state.totals[r].count + 1):
        u, after = stops[k].visit, stops[k + 1]
        if world.visits[u].is_deposit and stops[k - 1].cash + stops[k].cash > (
            world.routes[r].cash_limit
        ):
            continue
        direct_s = rides_s[stops[k - 1].point, after.point] if after.point >= 0 else 0
        if state.totals[r].count == 1:
            direct_s = 0
        saved_s = stops[k].ride_s + after.ride_s - direct_s
        gain = _value(world, state, u, r) - world.price * saved_s
        if world.has_order:
            gain += _enabled(world, state, u, NOWHERE)
        if gain < least or (gain <= 0.0 and found < 0 and saved_s > 0):
            found, least = k, gain
    return found


@compiled
def _take_out(world: World, state: State, r: int, k: int) -> bool:
    """Take stop k out if the rest still fits; tell whether it was."""
    touch(state, r)
    stops, total = state.stops[r], state.totals[r]
    u = stops[k].visit
    for j in range(k, total.count):
        stops[j].visit = stops[j + 1].visit
    total.count -= 1
    if clock(world, state, r):
        release(world, state, u)
        return True
    total.count += 1
    for j in range(total.count, k, -1):
        stops[j].visit = stops[j - 1].visit
    stops[k].visit = u
    clock(world, state, r)
    return False


@compiled
def _pays(world: World, state: State, r: int) -> bool:
    stops, count = state.stops[r], state.totals[r].count
    if count == 0 or world.price <= 0.0:
        return True
    value = 0.0
    for k in range(1, count + 1):
        value += _value(world, state, stops[k].visit, r)
        if world.has_order:
            value += _enabled(world, state, stops[k].visit, r)
    return bool(value > world.price * state.totals[r].travel_s)
