"""Ways to take visits out of a solution so that something better can take their place."""

from routing.solver.kernels.changes import take_marked, touch
from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.dice import pick, roll
from routing.solver.kernels.order import take_unready
from routing.solver.kernels.records import FREE, State, Work, World
from routing.solver.kernels.tuning import Tuning

_MOST_ROUTES = 4  # touched by one step: what a step costs must not grow with the fleet


@compiled
def ruin(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    """Take some visits out; those taken are marked."""
    if roll(state.random) < tuning.idle:
        _rouse(state)
    if len(state.free) > state.sizes[FREE]:
        _take_some(world, state, work, mark, tuning)
    if world.has_order:
        take_unready(world, state, work, mark)


@compiled
def _take_some(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    draw = roll(state.random)
    if draw < tuning.strings:
        _strings(world, state, work, mark, tuning)
    elif draw < tuning.chains:
        _chains(world, state, work, mark, tuning)
    elif draw < tuning.cluster:
        _cluster(world, state, work, mark, tuning)
    elif draw < tuning.poor:
        _poor(world, state, work, mark, tuning)
    else:
        _band(world, state, work, mark, tuning)


@compiled
def _rouse(state: State) -> None:
    """Have a route without visits tried, if chance finds one."""
    r = pick(state.random, len(state.totals))
    if state.totals[r].count == 0:
        touch(state, r)


@inlined
def _visited(state: State) -> int:
    """Return any visit that is on a route."""
    free = state.sizes[FREE]
    return int(state.free[free + pick(state.random, len(state.free) - free)])


@inlined
def _place_of(state: State, u: int) -> int:
    r = state.where[u]
    k = 1
    while state.stops[r, k].visit != u:
        k += 1
    return k


@inlined
def _mark_string(state: State, work: Work, mark: int, u: int, length: int) -> None:
    """Mark so many visits in a row, u among them; now and then some in the middle stay."""
    r = state.where[u]
    count = state.totals[r].count
    length = min(length, count)
    at = _place_of(state, u)
    lowest, highest = max(1, at - length + 1), min(at, count - length + 1)
    first = lowest + pick(state.random, highest - lowest + 1)
    for k in range(first, first + length):
        work.marks[state.stops[r, k].visit] = mark


@compiled
def _strings(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    """Take strings of neighbouring routes out, near one place (Christiaens, Vanden Berghe)."""
    n, m = len(state.free), len(state.totals)
    seed = pick(state.random, n)
    mean_length = (n - state.sizes[FREE]) / m
    longest = max(1.0, min(tuning.longest_string, mean_length))
    most = 4.0 * tuning.mean_removed / (1.0 + longest) - 1.0
    strings = min(_MOST_ROUTES, int(roll(state.random) * most + 1.0))
    near = world.near[seed]
    for i in range(len(near)):
        r = state.where[near[i]]
        if r < 0 or work.route_marks[r] == mark:
            continue
        work.route_marks[r] = mark
        length = 1 + int(roll(state.random) * min(longest, float(state.totals[r].count)))
        _mark_string(state, work, mark, near[i], length)
        take_marked(world, state, r, work.marks, mark)
        strings -= 1
        if strings <= 0:
            break


@inlined
def _how_many(state: State, most: float, visited: int) -> int:
    return 1 + pick(state.random, max(1, min(int(most), visited // 2)))


@compiled
def _chains(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    """Take strings out of one route, anywhere on it."""
    r = state.where[_visited(state)]
    count = state.totals[r].count
    left = _how_many(state, tuning.most_removed, count)
    while left > 0:
        length = 1 + pick(state.random, left)
        u = state.stops[r, 1 + pick(state.random, count)].visit
        _mark_string(state, work, mark, u, length)
        left -= length
    take_marked(world, state, r, work.marks, mark)


@compiled
def _cluster(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    """Take out those nearest to one visit, more or less."""
    visited = len(state.free) - state.sizes[FREE]
    left = _how_many(state, tuning.most_removed, visited)
    seed = _visited(state)
    near = world.near[seed]
    routes = 0
    for i in range(len(near)):
        u = near[i]
        r = state.where[u]
        if r < 0 or (i > 0 and roll(state.random) < 0.3):
            continue
        if work.route_marks[r] != mark:
            if routes == _MOST_ROUTES:
                continue
            work.route_marks[r] = mark
            work.chosen[routes] = r
            routes += 1
        work.marks[u] = mark
        left -= 1
        if left == 0:
            break
    for i in range(routes):
        take_marked(world, state, work.chosen[i], work.marks, mark)


@compiled
def _poor(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    """Take out of one route those that bring little for the time they take, more or less."""
    r = state.where[_visited(state)]
    stops, count = state.stops[r], state.totals[r].count
    rides_s = world.rides_s[world.routes[r].layer]
    for k in range(1, count + 1):
        u = stops[k].visit
        after = stops[k + 1]
        direct_s = rides_s[stops[k - 1].point, after.point] if after.point >= 0 else 0
        spent_s = stops[k].ride_s + after.ride_s - direct_s + world.visits[u].service_s
        blur = 0.5 + roll(state.random)
        work.scores[k] = blur * world.appeal[1, u] / (1.0 + max(0, spent_s))
    for _ in range(_how_many(state, tuning.most_removed, count)):
        worst = 1
        for k in range(2, count + 1):
            if work.scores[k] < work.scores[worst]:
                worst = k
        work.scores[worst] = 1e300
        work.marks[stops[worst].visit] = mark
    take_marked(world, state, r, work.marks, mark)


@compiled
def _band(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    """Take out what happens at about the same time on a few routes that come near one another."""
    seed = _visited(state)
    at_s = state.stops[state.where[seed], _place_of(state, seed)].arrives_s
    near = world.near[seed]
    routes = 1 + pick(state.random, min(_MOST_ROUTES, len(state.totals)))
    half = max(1.0, tuning.most_removed / routes)
    for i in range(len(near)):
        r = state.where[near[i]]
        if r < 0 or work.route_marks[r] == mark:
            continue
        work.route_marks[r] = mark
        count, k = state.totals[r].count, 1
        while k < count and state.stops[r, k].leaves_s < at_s:
            k += 1
        length = 1 + int(roll(state.random) * min(half, float(count)))
        _mark_string(state, work, mark, state.stops[r, k].visit, length)
        take_marked(world, state, r, work.marks, mark)
        routes -= 1
        if routes == 0:
            break
