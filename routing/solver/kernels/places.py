"""Where a visit would fit into a route, and at what cost: constant time for each place."""

from routing.solver.kernels.clock import earliest_start
from routing.solver.kernels.compiled import inlined
from routing.solver.kernels.records import NOWHERE, State, World

_FAR = 1e18


@inlined
def best_place(
    world: World, state: State, r: int, u: int, first: int, last: int, lean: float
) -> tuple[int, float, int]:
    """Return the place before which visit u costs least, what it costs, and the detour.

    It comes after stop `first` or a later one up to `last`. The cost is seconds: `lean` parts of
    delay for what follows, the rest detour. NOWHERE: it fits nowhere.
    """
    route = world.routes[r]
    visit = world.visits[u]
    span = world.spans[route.day, u]
    stops = state.stops[r]
    onward = world.rides_s[route.layer, visit.point]
    there = world.back_s[route.layer, visit.point]
    opens_s, closes_s, service_s = span.opens_s, span.closes_s, visit.service_s
    is_simple = span.first == span.last
    room = route.cash_limit - visit.cash if route.limits_cash and not visit.is_deposit else _FAR
    last = min(last, state.totals[r].count)
    found, least, found_detour = NOWHERE, _FAR, 0
    k = first
    while k < last and stops[k + 1].latest_s < opens_s + service_s:
        k += 1
    while k <= last and stops[k].leaves_s <= closes_s:
        here, after = stops[k], stops[k + 1]
        k += 1
        there_s = there[here.point]
        arrives_s = here.leaves_s + there_s
        if is_simple:
            starts_s = max(arrives_s, opens_s)
        else:
            starts_s = earliest_start(arrives_s, span, world.windows)
        onward_s = onward[after.point] if after.point >= 0 else 0
        next_s = starts_s + service_s + onward_s
        if (next_s > after.latest_s) | (starts_s > closes_s) | (here.cash > room):
            continue
        detour_s = there_s + onward_s - after.ride_s
        cost = lean * (next_s - after.arrives_s) + (1.0 - lean) * detour_s
        if cost < least:
            found, least, found_detour = k, cost, detour_s
    return found, least, found_detour
