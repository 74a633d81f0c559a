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

    The states of a candidate are the subsets of the rows that it remembers, as bits; those of all
    candidates are numbered through.

    Parameters
    ----------
    nexts, next_count : int64[n, most], int64[n]
        Where one may go on to from each candidate.
    row : int64[n]
    remembered : int64[n, k]
        Rows that can be remembered at each candidate, besides its own; then -1 for none.

    Returns
    -------
    tuple
        int64[n + 1] with the first state of each candidate; int64[n, most] with the place of each
        step in the last: int32[...], the state at the next candidate by the subset remembered at
        the one before, `FORBIDDEN` where the step leads to a row that is remembered.
    """
    n, most = nexts.shape
    bits = np.zeros(n, np.int64)
    first_state = np.zeros(n + 1, np.int64)
    step_at = np.zeros((n, most), np.int64)
    size = 0
    for i in range(n):
        while bits[i] < remembered.shape[1] and remembered[i, bits[i]] >= 0:
            bits[i] += 1
        first_state[i + 1] = first_state[i] + (1 << bits[i])
        for e in range(next_count[i]):
            step_at[i, e] = size
            size += 1 << bits[i]
    passed = np.full(size, FORBIDDEN, np.int32)
    for i in range(n):
        for e in range(next_count[i]):
            j = nexts[i, e]
            if row[j] == row[i]:
                continue
            at = step_at[i, e]
            passed[at] = first_state[j]
            for c in range(bits[j]):
                if remembered[j, c] == row[i]:
                    passed[at] += 1 << c
            for b in range(bits[i]):
                there = 0
                for c in range(bits[j]):
                    if remembered[j, c] == remembered[i, b]:
                        there = 1 << c
                is_back = remembered[i, b] == row[j]
                for less in range(1 << b):  # the subsets of the rows before this one
                    if not is_back and passed[at + less] != FORBIDDEN:
                        passed[at + less + (1 << b)] = passed[at + less] + there
    return first_state, step_at, passed


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
    first_state,
    step_at,
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
    first_state, step_at, passed : int64[n + 1], int64[n, most], int32[...]
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
        without any; int64[n] and int32[moments, states] for `order_of`; int64[n, n] with the most
        that walks over each step come to, ``MINUS`` for less than ``theta`` and without ``rest``.
    """
    n = len(first_s)
    windows = opens_s.shape[1]
    states = first_state[n]
    slots = longest_s + 1
    value = np.full((slots, states), MINUS, np.int64)
    is_reached = np.zeros((slots, n), np.bool_)
    waiting = np.full((windows, states), MINUS, np.int64)  # for a window to open
    moments = horizon_s + 1 if traces else 0
    before = np.full((moments, states), -1, np.int32)  # moment and state of the step before
    top = np.full(states, MINUS, np.int64)  # of walks that remember no more
    kept_memory, kept_worth = np.empty(states, np.int64), np.empty(states, np.int64)
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
            first, last = first_state[i], first_state[i + 1] - 1
            for w in range(windows):
                if opens_s[i, w] == t:
                    for state in range(first, last + 1):
                        if waiting[w, state] > value[slot, state]:
                            value[slot, state] = waiting[w, state]
                            is_reached[slot, i] = True
            if begins[i] == t:
                worth = gain[i] - first_cost[i]
                is_hopeless = pruned and (rest[i, t] == MINUS or worth + rest[i, t] <= theta)
                if not is_hopeless and worth > value[slot, first]:
                    value[slot, first] = worth
                    is_reached[slot, i] = True
                    if traces:
                        before[t, first] = -1
            if is_reached[slot, i]:
                is_reached[slot, i] = False
                kept = 0
                for memory in range(last - first + 1):
                    worth_here = value[slot, first + memory]
                    value[slot, first + memory] = MINUS
                    if worth_here > top[first + memory]:
                        more = memory
                        while more <= last - first:
                            top[first + more] = max(top[first + more], worth_here)
                            more = (more + 1) | memory
                        kept_memory[kept], kept_worth[kept] = memory, worth_here
                        kept += 1
                for k in range(1, kept):  # the best first
                    memory, worth_here = kept_memory[k], kept_worth[k]
                    place = k
                    while place > 0 and kept_worth[place - 1] < worth_here:
                        kept_memory[place] = kept_memory[place - 1]
                        kept_worth[place] = kept_worth[place - 1]
                        place -= 1
                    kept_memory[place], kept_worth[place] = memory, worth_here
                if t + last_s[i] <= horizon_s:
                    for k in range(kept):
                        if kept_worth[k] - last_cost[i] > end_value[i]:
                            end_value[i] = kept_worth[k] - last_cost[i]
                            end_place[i] = t * states + first + kept_memory[k]
                for e in range(next_count[i] if kept else 0):
                    j = nexts[i, e]
                    arrives = t + step_s[i, j]
                    w = 0
                    while w < windows and arrives > closes_s[j, w]:
                        w += 1
                    if w == windows:
                        continue
                    starts = max(arrives, opens_s[j, w])
                    if starts > horizon_s or (pruned and rest[j, starts] == MINUS):
                        continue
                    brings = gain[j] - step_cost[i, j]
                    waits = arrives <= opens_s[j, w]
                    at = starts % slots
                    least = passed[step_at[i, e]]  # after a walk that remembers nothing here
                    for k in range(kept):
                        there = passed[step_at[i, e] + kept_memory[k]]
                        if there == FORBIDDEN:
                            continue
                        worth = kept_worth[k] + brings
                        if pruned:
                            whole = worth + rest[j, starts]
                            if whole <= theta:
                                break
                            through[i, j] = max(through[i, j], whole)
                        is_better = worth > (waiting[w, there] if waits else value[at, there])
                        if is_better and waits:
                            waiting[w, there] = worth
                        elif is_better:
                            value[at, there] = worth
                            is_reached[at, j] = True
                        if is_better and traces:
                            before[starts, there] = t * states + first + kept_memory[k]
                        if there == least:
                            break  # the others start there no earlier, with less, and remember more
            best[i, t] = top[last]
    return best, end_value, end_place, before, through


@compiled
def order_of(place, before, first_state):
    """Return the visits of the walk that ends at a place, first visit first."""
    moments, states = before.shape
    order = np.empty(moments + 1, np.int64)
    size = 0
    while place >= 0:
        state = place % states
        order[size] = np.searchsorted(first_state, state, side="right") - 1
        size += 1
        place = before[place // states, state]
    return order[:size][::-1]
