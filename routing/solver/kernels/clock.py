"""When the stops of a route happen, and how late each of them could."""

from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.records import NEVER_S, NOWHERE, Array, Records, World


@inlined
def earliest_start(arrives_s: int, span: Records, windows: Array) -> int:
    """Return when a visit starts, NEVER_S if it is too late."""
    for w in range(span.first, span.last + 1):
        if arrives_s <= windows[w, 1]:
            return int(max(arrives_s, windows[w, 0]))
    return NEVER_S


@inlined
def latest_start(bound_s: int, span: Records, windows: Array) -> int:
    """Return the last legal start up to a bound, NOWHERE if there is none."""
    if bound_s < span.opens_s:
        return NOWHERE
    if span.first == span.last:
        return int(min(bound_s, span.closes_s))
    for w in range(span.last, span.first - 1, -1):
        if windows[w, 0] <= bound_s:
            return int(min(bound_s, windows[w, 1]))
    return NOWHERE


@compiled
def set_clock(world: World, stops: Records, total: Records, r: int) -> bool:
    """Work the clock of route r out anew; tell whether its visits fit.

    Parameters
    ----------
    stops : STOP[length]
        Of this route, with its visits in place.
    total : TOTAL
        Of this route; gets its travel.
    """
    route = world.routes[r]
    count = total.count
    rides_s = world.rides_s[route.layer]
    now_s = route.opens_s
    stops[0].leaves_s = now_s
    stops[0].point = route.start
    travel_s = 0
    before = route.start
    for k in range(1, count + 1):
        stop = stops[k]
        visit = world.visits[stop.visit]
        ride_s = rides_s[before, visit.point]
        starts_s = earliest_start(now_s + ride_s, world.spans[route.day, stop.visit], world.windows)
        if starts_s >= NEVER_S:
            return False
        stop.point = visit.point
        stop.ride_s = ride_s
        stop.arrives_s = now_s + ride_s
        now_s = starts_s + visit.service_s
        stop.leaves_s = now_s
        travel_s += ride_s
        before = visit.point
    home_s = rides_s[before, route.end] if count > 0 and route.end >= 0 else 0
    if now_s + home_s > route.closes_s:
        return False
    last = stops[count + 1]
    last.visit = NOWHERE
    last.point = route.end
    last.ride_s = home_s
    last.arrives_s = now_s + home_s
    last.latest_s = route.closes_s
    total.travel_s = travel_s + home_s
    _set_latest(world, stops, count, r)
    return not route.limits_cash or set_cash(world, stops, count, r)


@compiled
def _set_latest(world: World, stops: Records, count: int, r: int) -> None:
    day = world.routes[r].day
    for k in range(count, 0, -1):
        stop, after = stops[k], stops[k + 1]
        bound_s = after.latest_s - after.ride_s - world.visits[stop.visit].service_s
        stop.latest_s = latest_start(bound_s, world.spans[day, stop.visit], world.windows)


@compiled
def set_cash(world: World, stops: Records, count: int, r: int) -> bool:
    """Sum up what is carried between deposits; tell whether it is never too much."""
    limit = world.routes[r].cash_limit
    first, carried = 0, 0
    for k in range(1, count + 2):
        is_end = k == count + 1
        if is_end or world.visits[stops[k].visit].is_deposit:
            for j in range(first, k):
                stops[j].cash = carried
            first, carried = k, 0
        else:
            carried += world.visits[stops[k].visit].cash
            if carried > limit:
                return False
    return True
