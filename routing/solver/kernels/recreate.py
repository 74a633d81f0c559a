"""Fills routes greedily with what brings most for its time, more or less."""

from routing.solver.kernels.changes import insert, value_of
from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.dice import pick, roll
from routing.solver.kernels.hours import best_hour
from routing.solver.kernels.order import first_place
from routing.solver.kernels.places import best_place
from routing.solver.kernels.records import FREE, TOUCHED, Mood, State, Work, World
from routing.solver.kernels.tuning import Tuning

_ALL_FREE = 500  # up to so many free visits are all tried, else those near what was taken out
_NEAR_TAKEN = 60
_ALL_ROUTES = 6


@compiled
def is_rested(world: World, state: State, u: int, r: int) -> bool:
    """Tell whether the other visits of the family lie on days far enough from that of route r."""
    family = world.families[world.visits[u].family]
    for i in range(family.first, family.last):
        on = state.where[world.members[i]]
        if on >= 0 and abs(world.routes[on].day - world.routes[r].day) < family.rest_days:
            return False
    return True


@inlined
def may_join(world: World, state: State, u: int, r: int) -> bool:
    """Tell whether visit u may be put on route r, whatever the clock."""
    visit = world.visits[u]
    family = world.families[visit.family]
    if state.held[visit.family] >= family.most or not world.may[r, u]:
        return False
    if state.held[visit.family] > 0 and not is_rested(world, state, u, r):
        return False
    return bool(state.totals[r].count < world.routes[r].most_stops)


@compiled
def recreate(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> None:
    """Put free visits into routes as long as one fits and pays."""
    greed = pick(state.random, len(world.appeal))
    spread = tuning.spread * roll(state.random)
    lean = tuning.least_lean + (tuning.most_lean - tuning.least_lean) * roll(state.random)
    # Now and then travel is cheap, so that visits join that pay only together.
    thrift = roll(state.random) if roll(state.random) < tuning.bold else 1.0
    hope = roll(state.random)
    mood = Mood(mark, greed, spread, thrift, hope, lean)
    pairs = _offers(world, state, work, mood, _consider(world, state, work, mark))
    while pairs > 0:
        best = 0
        for p in range(1, pairs):
            if work.pair_score[p] > work.pair_score[best]:
                best = p
        if work.pair_score[best] <= 0.0:
            break
        r, u = work.pair_route[best], work.pair_visit[best]
        insert(world, state, r, work.pair_place[best], u)
        pairs = _renew(world, state, work, mood, r, pairs)


@compiled
def _offers(world: World, state: State, work: Work, mood: Mood, considered: int) -> int:
    """Find places for the chosen visits; return how many pairs of visit and route there are."""
    m, touched, pairs = len(state.totals), state.sizes[TOUCHED], 0
    for i in range(considered):
        u = work.chosen[i]
        work.blur[u] = world.appeal[mood.greed, u] * (
            1.0 + mood.spread * (roll(state.random) - 0.5)
        )
        is_taken = work.marks[u] == mood.mark
        tried = touched
        if is_taken:
            tried = m if m <= _ALL_ROUTES else _routes_near(world, state, work, u)
        for j in range(tried):
            if not is_taken:
                r = state.touched[j]
            elif m <= _ALL_ROUTES:
                r = j
            else:
                r = work.routes[j]
            if pairs < len(work.pair_visit):
                pairs += _offer(world, state, work, mood, r, u, pairs)
    return pairs


@compiled
def _consider(world: World, state: State, work: Work, mark: int) -> int:
    """Choose the free visits that are worth trying; return how many."""
    free = state.sizes[FREE]
    if free <= _ALL_FREE or free == len(state.free):
        for i in range(free):
            work.chosen[i] = state.free[i]
        return int(free)
    chosen = 0
    for i in range(free - 1, -1, -1):  # what was taken out last lies last
        w = state.free[i]
        if work.marks[w] != mark:
            break
        near = world.near[w]
        for j in range(min(_NEAR_TAKEN, len(near))):
            u = near[j]
            if state.where[u] < 0 and work.seen[u] != mark:
                work.seen[u] = mark
                work.chosen[chosen] = u
                chosen += 1
    return chosen


@inlined
def _offer(world: World, state: State, work: Work, mood: Mood, r: int, u: int, p: int) -> bool:
    """Write the best place of visit u on route r as pair p; tell whether there is any."""
    if not may_join(world, state, u, r):
        return False
    first = first_place(world, state, u, r) if world.has_order else 0
    if first < 0:
        return False
    if world.is_plain:
        k, cost, detour_s = best_place(world, state, r, u, first, mood.lean)
    else:
        k, cost, detour_s = best_hour(world, state, r, u, first, mood.lean)
    if k < 0:
        return False
    needed = world.visits[u].required_until >= world.routes[r].day
    value = value_of(world, state, u, r) + world.bonus * needed
    if world.visits[u].is_deposit and world.routes[r].limits_cash:
        value += world.mean_value * mood.hope  # it makes room for others, who pay later
    gain = value - world.price * mood.thrift * detour_s
    pays = gain > 0.0 and value > 0.0
    # What does not pay now may do so when its neighbours have joined.
    score = work.blur[u] / (1.0 + max(0.0, cost)) * gain / value if pays else 0.0
    work.pair_visit[p], work.pair_route[p] = u, r
    work.pair_place[p], work.pair_score[p] = k, score
    return True


@compiled
def _routes_near(world: World, state: State, work: Work, u: int) -> int:
    """Write down the routes touched, and some that come near visit u; return how many."""
    tried = state.sizes[TOUCHED]
    work.stamp[0] += 1
    for i in range(tried):
        work.routes[i] = state.touched[i]
        work.tried[state.touched[i]] = work.stamp[0]
    most = min(tried + _ALL_ROUTES, len(state.totals))
    near = world.near[u]
    for i in range(len(near)):
        r = state.where[near[i]]
        if tried == most:
            break
        if r >= 0 and work.tried[r] != work.stamp[0]:
            work.tried[r] = work.stamp[0]
            work.routes[tried] = r
            tried += 1
    return int(tried)


@compiled
def _renew(world: World, state: State, work: Work, mood: Mood, r: int, pairs: int) -> int:
    """Bring the pairs up to date after route r has got a visit; return how many are left."""
    p = 0
    while p < pairs:
        u, on = work.pair_visit[p], work.pair_route[p]
        if on == r:
            holds = state.where[u] < 0 and _offer(world, state, work, mood, r, u, p)
        else:
            family = world.visits[u].family
            holds = state.where[u] < 0 and state.held[family] < world.families[family].most
            holds = holds and (state.held[family] == 0 or is_rested(world, state, u, on))
        if holds:
            p += 1
        else:
            pairs -= 1
            work.pair_visit[p], work.pair_route[p] = work.pair_visit[pairs], work.pair_route[pairs]
            work.pair_place[p], work.pair_score[p] = work.pair_place[pairs], work.pair_score[pairs]
    return pairs
