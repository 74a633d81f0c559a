"""The dynamic programme over walks that remember a few of their last visits, moment by moment.

As `walks`, but at each candidate a walk remembers which of a few rows it has visited (ng-routes),
and may not visit those again. Walks at the same candidate that remember different rows are kept
apart; one is dropped if another starts no later, has no less value and remembers no more. Prices
that suit such walks are not those that suit walks without a memory: these go to and fro between
two good candidates unless both are dear.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop that is compiled whole: a call for each state would cost more than its work
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc"
# Numba infers the types of compiled functions from the arrays they are called with.

import numpy as np

from routing.bound.kernels import compiled
from routing.bound.sweep import MINUS

FORBIDDEN = -1


@compiled
def passed_on(nexts, next_count, row, remembered):
    """Return what a walk remembers after each step, by what it remembered before.

    Parameters
    ----------
    nexts, next_count : int64[n, most], int64[n]
        Where one may go on to from each candidate.
    row : int64[n]
    remembered : int64[n, k]
        Rows that can be remembered at each candidate, besides its own; -1 for none.

    Returns
    -------
    int16[n, most, 2**k]
        The k rows remembered at the next candidate as bits; `FORBIDDEN` where the step leads to a
        row that is remembered.
    """
    n, most = nexts.shape
    bits = remembered.shape[1]
    passed = np.full((n, most, 1 << bits), FORBIDDEN, np.int16)
    for i in range(n):
        for e in range(next_count[i]):
            j = nexts[i, e]
            if row[j] == row[i]:
                continue
            first = 0
            bit_there = np.zeros(bits, np.int64)
            bit_back = 0
            for b in range(bits):
                if remembered[i, b] == row[j]:
                    bit_back = 1 << b
                if remembered[j, b] == row[i]:
                    first = 1 << b
            for b in range(bits):
                for c in range(bits):
                    if remembered[i, b] >= 0 and remembered[j, c] == remembered[i, b]:
                        bit_there[b] = 1 << c
            for memory in range(1 << bits):
                if memory & bit_back:
                    continue
                there = first
                for b in range(bits):
                    if memory & (1 << b):
                        there |= bit_there[b]
                passed[i, e, memory] = there
    return passed


@compiled
def recollecting_walks(
    horizon_s,
    first_s,
    first_cost,
    last_s,
    last_cost,
    step_s,
    step_cost,
    opens_s,
    closes_s,
    nexts,
    next_count,
    gain,
    passed,
    rest,
    theta,
    longest_s,
    traces,
):
    """Return what all walks of a network come to that remember; every step has to take some time.

    Parameters
    ----------
    nexts, next_count : int64[n, most], int64[n]
        Where one may go on to from each candidate.
    gain : int64[n]
        Value less prices.
    passed : int16[n, most, memories]
        See `passed_on`.
    rest, theta : int64[n, horizon_s + 1] or int64[0, 0], int
        The most that can follow a start at that moment; walks that can't exceed ``theta`` so are
        dropped.
    longest_s : int
        No step takes longer.
    traces : bool
        Whether the visits of the best walk are asked for, which takes room for all moments.

    Returns
    -------
    tuple
        int64[n, horizon_s + 1] with the most value of a walk that starts a visit there no later
        than that moment; int64[n] with the most value of a whole walk that ends there, ``MINUS``
        without any; int64[n] and int32[moments, n, memories] for `order_of`; int64[n, n] with the
        most that walks over each step come to, ``MINUS`` for less than ``theta`` and without
        ``rest``.
    """
    n = len(first_s)
    windows = opens_s.shape[1]
    memories = passed.shape[2]
    slots = longest_s + 1
    value = np.full((slots, n, memories), MINUS, np.int64)
    is_reached = np.zeros((slots, n), np.bool_)
    waiting = np.full((n, windows, memories), MINUS, np.int64)  # for a window to open
    moments = horizon_s + 1 if traces else 0
    before = np.full((moments, n, memories), -1, np.int32)  # moment, candidate, memory of the step
    top = np.full((n, memories), MINUS, np.int64)  # of walks that remember no more
    best = np.full((n, horizon_s + 1), MINUS, np.int64)
    through = np.full((n, n), MINUS, np.int64)
    pruned = rest.shape[0] > 0
    end_value = np.full(n, MINUS, np.int64)
    end_place = np.full(n, -1, np.int64)
    begins = np.full(n, -1, np.int64)
    for j in range(n):
        for w in range(windows):
            if first_s[j] <= closes_s[j, w]:
                begins[j] = max(first_s[j], opens_s[j, w])
                break
    for t in range(horizon_s + 1):
        slot = t % slots
        for i in range(n):
            for w in range(windows):
                if opens_s[i, w] == t:
                    for memory in range(memories):
                        if waiting[i, w, memory] > value[slot, i, memory]:
                            value[slot, i, memory] = waiting[i, w, memory]
                            is_reached[slot, i] = True
            if begins[i] == t:
                worth = gain[i] - first_cost[i]
                is_hopeless = pruned and (rest[i, t] == MINUS or worth + rest[i, t] <= theta)
                if not is_hopeless and worth > value[slot, i, 0]:
                    value[slot, i, 0] = worth
                    is_reached[slot, i] = True
                    if traces:
                        before[t, i, 0] = -1
            if is_reached[slot, i]:
                is_reached[slot, i] = False
                ends = t + last_s[i] <= horizon_s
                for memory in range(memories):
                    worth_here = value[slot, i, memory]
                    value[slot, i, memory] = MINUS
                    if worth_here <= top[i, memory]:
                        continue
                    more = memory
                    while more < memories:
                        top[i, more] = max(top[i, more], worth_here)
                        more = (more + 1) | memory
                    place = (t * n + i) * memories + memory
                    if ends and worth_here - last_cost[i] > end_value[i]:
                        end_value[i], end_place[i] = worth_here - last_cost[i], place
                    for e in range(next_count[i]):
                        there = passed[i, e, memory]
                        if there == FORBIDDEN:
                            continue
                        j = nexts[i, e]
                        worth = worth_here - step_cost[i, j] + gain[j]
                        arrives = t + step_s[i, j]
                        w = 0
                        while w < windows and arrives > closes_s[j, w]:
                            w += 1
                        if w == windows:
                            continue
                        starts = max(arrives, opens_s[j, w])
                        if starts > horizon_s:
                            continue
                        if pruned:
                            whole = worth + rest[j, starts]
                            if rest[j, starts] == MINUS or whole <= theta:
                                continue
                            through[i, j] = max(through[i, j], whole)
                        if worth <= top[j, there]:
                            continue
                        if arrives <= opens_s[j, w]:
                            if worth <= waiting[j, w, there]:
                                continue
                            waiting[j, w, there] = worth
                        else:
                            at = starts % slots
                            if worth <= value[at, j, there]:
                                continue
                            value[at, j, there] = worth
                            is_reached[at, j] = True
                        if traces:
                            before[starts, j, there] = place
            best[i, t] = top[i, memories - 1]
    return best, end_value, end_place, before, through


@compiled
def order_of(place, before):
    """Return the visits of the walk that ends at a place, first visit first."""
    moments, n, memories = before.shape
    order = np.empty(moments + 1, np.int64)
    size = 0
    while place >= 0:
        memory = place % memories
        i = place // memories % n
        order[size] = i
        size += 1
        place = before[place // memories // n, i, memory]
    return order[:size][::-1]
