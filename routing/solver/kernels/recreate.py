"""Fills routes greedily with what brings most for its time, more or less."""

from typing import NamedTuple

from routing.solver.kernels.changes import insert, value_of
from routing.solver.kernels.compiled import compiled, inlined
from routing.solver.kernels.dice import pick, roll
from routing.solver.kernels.hours import best_hour
from routing.solver.kernels.order import first_place
from routing.solver.kernels.places import best_place
from routing.solver.kernels.queue import dequeue, is_too_long, order_queue
from routing.solver.kernels.records import FREE, NOWHERE, TOUCHED, Mood, State, Work, World
from routing.solver.kernels.tuning import Tuning

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
    put_chosen(world, state, work, mark, tuning, _consider(world, state, work, mark, tuning))


@compiled
def put_chosen(
    world: World, state: State, work: Work, mark: int, tuning: Tuning, considered: int
) -> None:
    """Put those of the first `considered` chosen visits into routes that fit and pay."""
    greed = pick(state.random, len(world.appeal))
    spread = tuning.spread * roll(state.random)
    lean = tuning.least_lean + (tuning.most_lean - tuning.least_lean) * roll(state.random)
    # Now and then travel is cheap, so that visits join that pay only together.
    thrift = roll(state.random) if roll(state.random) < tuning.bold else 1.0
    hope = roll(state.random)
    mood = Mood(mark, greed, spread, thrift, hope, lean, tuning.margin_s, tuning.shuns)
    _queue(world, state, work, mood, considered)
    queued, pairs, best = _look(world, state, work, mood, considered, 0)
    while best >= 0 and work.pair_score[best] > 0.0:
        r, k = work.pair_route[best], work.pair_place[best]
        insert(world, state, r, k, work.pair_visit[best])
        pairs = _renew(world, state, work, mood, r, k, pairs)
        queued, pairs, best = _look(world, state, work, mood, queued, pairs)


@compiled
def _queue(world: World, state: State, work: Work, mood: Mood, considered: int) -> None:
    """Have the chosen visits wait, by what they score at most.

    What a place costs is its detour, and a part of its delay, which is no less than the visit.
    """
    for i in range(considered):
        u = work.chosen[i]
        work.blur[u] = world.appeal[mood.greed, u] * (
            1.0 + mood.spread * (roll(state.random) - 0.5)
        )
        work.queue_visit[i] = u
        work.queue_bound[i] = work.blur[u] / (1.0 + mood.lean * world.visits[u].service_s)
    order_queue(work, considered)


@compiled
def _look(
    world: World, state: State, work: Work, mood: Mood, queued: int, pairs: int
) -> tuple[int, int, int]:
    """Look places up until the best pair of all is known and holds.

    Returns how many visits wait, how many pairs of visit and route have a place, and the best
    pair, NOWHERE if there is none.
    """
    best, looked = _best(work, pairs), pairs
    while True:
        p = best
        if looked < pairs:
            p = looked
        elif queued > 0 and (best < 0 or work.queue_bound[0] > work.pair_score[best]):
            queued = dequeue(work, queued)
            pairs = _pair(world, state, work, mood, work.queue_visit[queued], pairs)
            continue
        elif best < 0 or work.pair_score[best] <= 0.0 or _holds(state, work, best):
            return queued, pairs, best
        holds = _offer(world, state, work, mood, p, _WHOLE)
        if not holds:
            pairs -= 1
            _move(work, pairs, p)
        if p == best:
            best, looked = _best(work, pairs), pairs
        elif holds:
            looked += 1
            best = _better(work, best, p)


@inlined
def _holds(state: State, work: Work, p: int) -> bool:
    """Tell whether nobody has joined the route since the places of a pair were looked up."""
    return bool(work.pair_count[p] == state.totals[work.pair_route[p]].count)


@inlined
def _better(work: Work, best: int, p: int) -> int:
    """Return the pair that scores more."""
    return p if best < 0 or work.pair_score[p] > work.pair_score[best] else best


@inlined
def _best(work: Work, pairs: int) -> int:
    """Return the pair that scores most, NOWHERE if there is none."""
    best = NOWHERE
    for p in range(pairs):
        best = _better(work, best, p)
    return best


@compiled
def _pair(world: World, state: State, work: Work, mood: Mood, u: int, pairs: int) -> int:
    """Write down visit u with each route that it may have the time for; return how many pairs.

    Routes that were touched are tried; with who was just taken out, some others near them as well.
    """
    m, tried = len(state.totals), state.sizes[TOUCHED]
    is_taken = work.marks[u] == mood.mark
    if is_taken:
        tried = m if m <= _ALL_ROUTES else _routes_near(world, state, work, u)
    for j in range(tried):
        if not is_taken:
            r = state.touched[j]
        elif m <= _ALL_ROUTES:
            r = j
        else:
            r = work.routes[j]
        if mood.shuns > 0.0 and roll(state.random) < mood.shuns:
            continue
        if pairs < len(work.pair_visit) and not is_too_long(
            world, state, work, u, r, mood.mark, mood.margin_s
        ):
            work.pair_visit[pairs], work.pair_route[pairs] = u, r
            pairs += 1
    return pairs


@compiled
def _consider(world: World, state: State, work: Work, mark: int, tuning: Tuning) -> int:
    """Choose the free visits that are worth trying; return how many."""
    free = state.sizes[FREE]
    if free <= tuning.all_free:
        for i in range(free):
            work.chosen[i] = state.free[i]
        return int(free)
    chosen = 0
    for i in range(free - 1, -1, -1):  # what was taken out last lies last
        w = state.free[i]
        if work.marks[w] != mark:
            break
        near = world.near[w]
        for j in range(min(int(tuning.near_taken), len(near))):
            u = near[j]
            if state.where[u] < 0 and work.seen[u] != mark:
                work.seen[u] = mark
                work.chosen[chosen] = u
                chosen += 1
    return chosen


class _Reach(NamedTuple):
    """After which stops a place is looked for: `first` and so many more; what it has to beat."""

    first: int
    more: int
    least: float


_WHOLE = _Reach(0, 1 << 30, -1.0)


@inlined
def _offer(world: World, state: State, work: Work, mood: Mood, p: int, reach: _Reach) -> bool:
    """Find the best place for pair p; tell whether there is any."""
    u, r = work.pair_visit[p], work.pair_route[p]
    if not may_join(world, state, u, r):
        return False
    ready = first_place(world, state, u, r) if world.has_order else 0
    if ready < 0:  # whom it waits for may still join
        work.pair_place[p], work.pair_score[p] = NOWHERE, 0.0
        work.pair_count[p] = state.totals[r].count
        return True
    first, last = max(reach.first, ready), reach.first + reach.more
    if world.is_plain:
        k, cost, detour_s = best_place(world, state, r, u, first, last, mood.lean)
    else:
        k, cost, detour_s = best_hour(world, state, r, u, first, last, mood.lean)
    if k < 0:
        return False
    value = _worth(world, state, u, r)
    if world.visits[u].is_deposit and world.routes[r].limits_cash:
        value += world.mean_value * mood.hope  # it makes room for others, who pay later
    if world.has_order:
        value += mood.hope * _hoped(world, state, u, r)
    gain = value - world.price * mood.thrift * detour_s
    pays = gain > 0.0 and value > 0.0
    # What does not pay now may do so when its neighbours have joined.
    score = work.blur[u] / (1.0 + max(0.0, cost)) * gain / value if pays else 0.0
    if score > reach.least:
        work.pair_place[p], work.pair_score[p] = k, score
        work.pair_count[p] = state.totals[r].count
    return True


@inlined
def _worth(world: World, state: State, u: int, r: int) -> float:
    """Return what visit u would add on route r, with the bonus of one that is required."""
    needed = world.visits[u].required_until >= world.routes[r].day
    return float(value_of(world, state, u, r) + world.bonus * needed)


@compiled
def _hoped(world: World, state: State, u: int, r: int) -> float:
    """Return the most that a free visit brings which waits for visit u."""
    most = 0.0
    if state.held[world.visits[u].family] == 0:
        for i in range(world.enables_first[u], world.enables_first[u + 1]):
            w = world.enables[i]
            if state.where[w] < 0:
                most = max(most, _worth(world, state, w, r))
    return most


@inlined
def _move(work: Work, origin: int, goal: int) -> None:
    """Put one pair where another one was."""
    work.pair_visit[goal], work.pair_route[goal] = work.pair_visit[origin], work.pair_route[origin]
    work.pair_place[goal], work.pair_score[goal] = work.pair_place[origin], work.pair_score[origin]
    work.pair_count[goal] = work.pair_count[origin]


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
def _renew(world: World, state: State, work: Work, mood: Mood, r: int, k: int, pairs: int) -> int:
    """Bring the pairs up to date after stop k of route r has joined; return how many are left.

    Those on route r are tried beside the new stop only. Whether their other places still hold is
    asked when one of them is the best of all: in most steps most pairs never are.
    """
    joined = state.stops[r, k].visit
    family, is_deposit = world.visits[joined].family, world.visits[joined].is_deposit > 0
    p = 0
    while p < pairs:
        u, on = work.pair_visit[p], work.pair_route[p]
        if on == r and state.where[u] < 0:
            is_gone = is_deposit or work.pair_place[p] == k or work.pair_place[p] < 0
            work.pair_place[p] += work.pair_place[p] > k
            reach = _WHOLE if is_gone else _Reach(k - 1, 1, work.pair_score[p])
            holds = _offer(world, state, work, mood, p, reach) or not is_gone
        elif world.visits[u].family == family:
            holds = state.where[u] < 0 and state.held[family] < world.families[family].most
            holds = holds and is_rested(world, state, u, on)
        elif work.pair_place[p] < 0:  # it waits for somebody, perhaps for the one who joined
            holds = _offer(world, state, work, mood, p, _WHOLE)
        else:
            holds = True
        if holds:
            p += 1
        else:
            pairs -= 1
            _move(work, pairs, p)
    return pairs
