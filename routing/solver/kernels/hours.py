"""Rides by the hour and breaks: the earliest and the latest moments, by breaks taken so far.

A moment is kept for each number of breaks taken, which is all that the rest of a day can depend
on; `NEVER_S` and `NOT_YET_S` say that it can't be. Whoever leaves later never arrives earlier, as
waiting for a quicker hour is allowed. So a visit between two stops is checked in a time that
depends on breaks and hours only, not on the length of the route.
"""

from routing.solver.kernels.clock import earliest_start, latest_start
from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.records import NEVER_S, NOWHERE, Array, Records, State, World

NOT_YET_S = -NEVER_S  # before any day


@inlined
def arrive(world: World, layer: int, depart_s: int, origin: int, goal: int) -> int:
    """Return the earliest arrival of a ride from then on; an open end is where one is."""
    if depart_s >= NEVER_S:
        return NEVER_S
    if goal < 0:
        return depart_s
    slots = len(world.slots_s)
    found = NEVER_S
    for q in range(slots):
        if q + 1 < slots and world.slots_s[q + 1] <= depart_s:
            continue
        leaves_s = max(depart_s, world.slots_s[q])
        if leaves_s >= found:
            break
        found = min(found, leaves_s + world.rides_s[layer + q, origin, goal])
    return found


@inlined
def latest_departure(world: World, layer: int, bound_s: int, origin: int, goal: int) -> int:
    """Return the latest departure that arrives by then."""
    if goal < 0:
        return bound_s
    slots = len(world.slots_s)
    found = NOT_YET_S
    for q in range(slots):
        leaves_s = bound_s - world.rides_s[layer + q, origin, goal]
        if q + 1 < slots:
            leaves_s = min(leaves_s, world.slots_s[q + 1] - 1)
        if leaves_s >= world.slots_s[q] or q == 0:
            found = max(found, leaves_s)
    return found


@inlined
def rest(world: World, route: Records, moments: Array) -> None:
    """Let breaks be taken here: turn earliest moments before them into those afterwards."""
    for b in range(route.breaks):
        one = world.breaks_s[route.first_break + b]
        if moments[b] <= one[1]:
            moments[b + 1] = min(moments[b + 1], max(moments[b], one[0]) + one[2])


@inlined
def rest_back(world: World, route: Records, moments: Array) -> None:
    """Let breaks be taken here: turn latest moments after them into those before."""
    for b in range(route.breaks - 1, -1, -1):
        one = world.breaks_s[route.first_break + b]
        bound_s = moments[b + 1]
        if one[0] + one[2] <= bound_s:
            moments[b] = max(moments[b], min(one[1], bound_s - one[2]))


@compiled
def visit_moments(world: World, r: int, u: int, origin: int, departs: Array, leaves: Array) -> None:
    """Write when visit u can be left, breaks before leaving included, after such departures."""
    route = world.routes[r]
    visit, span = world.visits[u], world.spans[route.day, u]
    for b in range(route.breaks + 1):
        leaves[b] = arrive(world, route.layer, departs[b], origin, visit.point)
    rest(world, route, leaves)
    for b in range(route.breaks + 1):
        starts_s = earliest_start(leaves[b], span, world.windows)
        leaves[b] = starts_s + visit.service_s if starts_s < NEVER_S else NEVER_S
    rest(world, route, leaves)


@compiled
def set_hours(world: World, state: State, r: int) -> bool:
    """Work the moments of route r out anew; tell whether its visits fit."""
    route = world.routes[r]
    stops, total = state.stops[r], state.totals[r]
    departs = state.departs_s[r]
    count, travel_s = total.count, 0
    for b in range(route.breaks + 1):
        departs[0, b] = NEVER_S
    departs[0, 0] = route.opens_s
    rest(world, route, departs[0])
    stops[0].point, stops[0].leaves_s = route.start, route.opens_s
    for k in range(1, count + 1):
        u = stops[k].visit
        visit_moments(world, r, u, stops[k - 1].point, departs[k - 1], departs[k])
        stops[k].point = world.visits[u].point
    last = stops[count + 1]
    last.visit, last.point = NOWHERE, route.end if count > 0 else NOWHERE
    _set_latest(world, state, r)
    if not _tell(world, state, r) and count > 0:  # whoever stays at home needs no rest
        return False
    for k in range(1, count + 2):
        travel_s += stops[k].ride_s
    total.travel_s = travel_s
    return True


@compiled
def _tell(world: World, state: State, r: int) -> bool:
    """Write the moments of the day with the fewest breaks so far; tell whether it fits."""
    route = world.routes[r]
    stops, count = state.stops[r], state.totals[r].count
    for k in range(1, count + 2):
        before = stops[k - 1].point
        found = False
        for b in range(route.breaks + 1):
            departs_s = state.departs_s[r, k - 1, b]
            arrives_s = arrive(world, route.layer, departs_s, before, stops[k].point)
            if arrives_s <= state.latest_s[r, k, b]:
                stops[k].arrives_s, stops[k].latest_s = arrives_s, state.latest_s[r, k, b]
                stops[k].ride_s = _ride(world, route.layer, departs_s, before, stops[k].point)
                stops[k].leaves_s = min(state.departs_s[r, k, b], NEVER_S)
                found = True
                break
        if not found:
            return False
    return True


@inlined
def _ride(world: World, layer: int, depart_s: int, origin: int, goal: int) -> int:
    """Return how long the ride takes that arrives first."""
    if goal < 0:
        return 0
    arrives_s = arrive(world, layer, depart_s, origin, goal)
    best = NEVER_S
    for q in range(len(world.slots_s)):
        ride_s = world.rides_s[layer + q, origin, goal]
        if max(depart_s, world.slots_s[q]) + ride_s == arrives_s:
            best = min(best, ride_s)
    return best


@compiled
def _set_latest(world: World, state: State, r: int) -> None:
    route = world.routes[r]
    stops, count = state.stops[r], state.totals[r].count
    latest = state.latest_s[r]
    for b in range(route.breaks + 1):
        latest[count + 1, b] = route.closes_s
        if b < route.breaks:
            latest[count + 1, b] = min(route.closes_s, world.breaks_s[route.first_break + b, 0])
    rest_back(world, route, latest[count + 1])
    for k in range(count, 0, -1):
        u = stops[k].visit
        visit, span = world.visits[u], world.spans[route.day, u]
        for b in range(route.breaks + 1):
            latest[k, b] = latest_departure(
                world, route.layer, latest[k + 1, b], visit.point, stops[k + 1].point
            )
        rest_back(world, route, latest[k])
        for b in range(route.breaks + 1):
            starts_s = latest_start(latest[k, b] - visit.service_s, span, world.windows)
            latest[k, b] = starts_s if starts_s >= 0 else NOT_YET_S
        rest_back(world, route, latest[k])


@compiled
def best_hour(
    world: World, state: State, r: int, u: int, first: int, last: int, lean: float
) -> tuple[int, float, int]:
    """Return what `best_place` returns, on a day with breaks or with rides by the hour."""
    route, visit, span = world.routes[r], world.visits[u], world.spans[world.routes[r].day, u]
    stops, count = state.stops[r], state.totals[r].count
    room = route.cash_limit - visit.cash
    is_limited = route.limits_cash and not visit.is_deposit
    leaves = state.departs_s[r, count + 2]  # free: no stop is there
    found, least, found_detour = NOWHERE, 1e18, 0
    for k in range(first, min(last, count) + 1):
        here, after = stops[k], stops[k + 1]
        if here.leaves_s > span.closes_s and route.breaks == 0:
            break
        if is_limited and here.cash > room:
            continue
        goal = after.point if count > 0 else route.end
        visit_moments(world, r, u, here.point, state.departs_s[r, k], leaves)
        for b in range(route.breaks + 1):
            next_s = arrive(world, route.layer, leaves[b], visit.point, goal)
            if next_s <= state.latest_s[r, k + 1, b]:
                there_s = world.rides_s[route.layer, here.point, visit.point]
                onward_s = world.rides_s[route.layer, visit.point, goal] if goal >= 0 else 0
                detour_s = there_s + onward_s - after.ride_s
                cost = lean * max(0, next_s - after.arrives_s) + (1.0 - lean) * detour_s
                if cost < least:
                    found, least, found_detour = k + 1, cost, detour_s
                break
    return found, least, found_detour
