"""A good route to measure the bound against: ruin and recreate on one route.

The bound needs to know what it must stay above; the closer that is to the best, the more the
dynamic programme may drop. Any route does: a poor one makes the bound weaker, never wrong.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - compiled loops over plain arrays
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc"
# Numba infers the types of compiled functions from the arrays they are called with.

import numba
import numpy as np

from routing.bound.network import NO_WAY_S, Network

_LONGEST_CUT = 12
_NOISE = 0.3  # of the rate at which a visit pays, either way
_COOLEST, _WARMEST = 0.002, 0.02  # of the value of the route, accepted losses
_BONUS = 4  # a required visit counts as so many of the most valuable ones


def improve(network: Network, order: list[int], *, steps: int, seed: int) -> list[int]:
    """Return the best order found in so many steps, never worse than the one given.

    Same network, order, steps and seed: same answer.
    """
    if network.size == 0:
        return []
    bonus = _BONUS * int(network.value.max()) + 1
    value = network.value + network.required * bonus
    found = _improve(
        network.horizon_s,
        network.first_s,
        network.first_cost,
        network.last_s,
        network.last_cost,
        network.step_s,
        network.step_cost,
        network.opens_s,
        network.closes_s,
        value,
        network.row,
        np.array(order, dtype=np.int64),
        steps,
        seed,
    )
    return [int(node) for node in found]


@numba.njit(cache=True)
def _earliest(arrives, node, opens_s, closes_s):
    for w in range(opens_s.shape[1]):
        if arrives <= closes_s[node, w]:
            return max(arrives, opens_s[node, w])
    return NO_WAY_S


@numba.njit(cache=True)
def _latest(bound, node, opens_s, closes_s):
    for w in range(opens_s.shape[1] - 1, -1, -1):
        if closes_s[node, w] >= 0 and opens_s[node, w] <= bound:
            return min(bound, closes_s[node, w])
    return -NO_WAY_S


@numba.njit(cache=True)
def _recreate(
    order,
    length,
    horizon_s,
    first_s,
    first_cost,
    last_s,
    last_cost,
    step_s,
    step_cost,
    opens_s,
    closes_s,
    value,
    row,
    noise,
):
    """Insert who pays best per second until nobody fits; return the length."""
    n = len(first_s)
    taken = np.zeros(n, np.bool_)
    for e in range(length):
        taken[row[order[e]]] = True
    starts = np.empty(n + 1, np.int64)
    late = np.empty(n + 2, np.int64)
    while True:
        now = 0
        for e in range(length):
            i = order[e]
            arrives = first_s[i] if e == 0 else now + step_s[order[e - 1], i]
            now = _earliest(arrives, i, opens_s, closes_s)
            starts[e] = now
        for e in range(length - 1, -1, -1):
            i = order[e]
            if e == length - 1:
                bound = horizon_s - last_s[i]
            else:
                bound = late[e + 1] - step_s[i, order[e + 1]]
            late[e] = _latest(bound, i, opens_s, closes_s)
        best, best_at, best_rate = -1, -1, 0.0
        for j in range(n):
            if taken[row[j]]:
                continue
            for e in range(length + 1):
                if e == 0:
                    arrives, cost = first_s[j], first_cost[j]
                else:
                    arrives = starts[e - 1] + step_s[order[e - 1], j]
                    cost = step_cost[order[e - 1], j]
                start = _earliest(arrives, j, opens_s, closes_s)
                if start > horizon_s:
                    continue
                if e == length:
                    if start + last_s[j] > horizon_s:
                        continue
                    delay = start + last_s[j]
                    cost += last_cost[j]
                    if length:
                        delay -= starts[e - 1] + last_s[order[e - 1]]
                        cost -= last_cost[order[e - 1]]
                else:
                    following = order[e]
                    arrives = start + step_s[j, following]
                    if arrives > late[e]:
                        continue
                    delay = arrives - starts[e]
                    cost += step_cost[j, following]
                    if e:
                        cost -= step_cost[order[e - 1], following]
                    else:
                        cost -= first_cost[following]
                pays = value[j] - cost
                if pays <= 0:
                    continue
                rate = pays * noise[j] / max(60.0, float(delay) + 60.0)
                if rate > best_rate:
                    best, best_at, best_rate = j, e, rate
        if best < 0:
            return length
        for e in range(length, best_at, -1):
            order[e] = order[e - 1]
        order[best_at] = best
        taken[row[best]] = True
        length += 1


@numba.njit(cache=True)
def _improve(
    horizon_s,
    first_s,
    first_cost,
    last_s,
    last_cost,
    step_s,
    step_cost,
    opens_s,
    closes_s,
    value,
    row,
    given,
    steps,
    seed,
):
    np.random.seed(seed)
    n = len(first_s)
    current = np.zeros(n + 1, np.int64)
    length = len(given)
    current[:length] = given
    trial = np.zeros(n + 1, np.int64)
    noise = np.ones(n)
    best = current[:length].copy()
    best_worth = worth = 0
    if length:
        best_worth = worth = _worth(current, length, first_cost, last_cost, step_cost, value)
    for step in range(steps):
        first = last = 0
        if length:
            cut = 1 + np.random.randint(0, min(_LONGEST_CUT, length))
            first = np.random.randint(0, length - cut + 1)
            last = first + cut
        kept = 0
        thin = np.random.random() < 0.3
        for e in range(length):
            inside = first <= e < last
            if thin and length > 3:
                inside = np.random.random() < 0.25
            if not inside:
                trial[kept] = current[e]
                kept += 1
        if not _fits(trial, kept, horizon_s, first_s, last_s, step_s, opens_s, closes_s):
            continue
        for j in range(n):
            noise[j] = 1 + _NOISE * (2 * np.random.random() - 1)
        size = _recreate(
            trial,
            kept,
            horizon_s,
            first_s,
            first_cost,
            last_s,
            last_cost,
            step_s,
            step_cost,
            opens_s,
            closes_s,
            value,
            row,
            noise,
        )
        got = _worth(trial, size, first_cost, last_cost, step_cost, value)
        share = step / steps
        warmth = (_WARMEST * (1 - share) + _COOLEST * share) * abs(best_worth) * (1 - share)
        if got >= worth + warmth * np.log(max(1e-12, np.random.random())):
            worth = got
            length = size
            current[:size] = trial[:size]
            if got > best_worth:
                best_worth = got
                best = trial[:size].copy()
    return best


@numba.njit(cache=True)
def _worth(order, length, first_cost, last_cost, step_cost, value):
    if length == 0:
        return 0
    worth = -first_cost[order[0]] - last_cost[order[length - 1]]
    for e in range(length):
        worth += value[order[e]]
        if e:
            worth -= step_cost[order[e - 1], order[e]]
    return worth


@numba.njit(cache=True)
def _fits(order, length, horizon_s, first_s, last_s, step_s, opens_s, closes_s):
    now = 0
    for e in range(length):
        arrives = first_s[order[0]] if e == 0 else now + step_s[order[e - 1], order[e]]
        now = _earliest(arrives, order[e], opens_s, closes_s)
        if now > horizon_s:
            return False
    return length == 0 or now + last_s[order[length - 1]] <= horizon_s
