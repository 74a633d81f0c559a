"""The quickest dynamic programme: walks that forget whom they visited, over moments of the day.

Of all walks that start a visit to a candidate at a moment, the one of most value counts; one that
starts later and has no more value is dropped, as whatever follows it may follow the earlier one.
Nothing forbids visits again: prices have to make them dear. So a sweep costs candidates times
moments times steps, at most, whatever the prices are.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0917 - one loop that is compiled whole: a call for each state would cost more than its work
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc"
# Numba infers the types of compiled functions from the arrays they are called with.

import numpy as np

from routing.bound.kernels import compiled
from routing.bound.sweep import MINUS


@compiled
def walks(
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
    rest,
    theta,
):
    """Return what all walks of a network come to; every step has to take some time.

    Parameters
    ----------
    nexts, next_count : int64[n, most], int64[n]
        Where one may go on to from each candidate.
    gain : int64[n]
        Value less prices.
    rest, theta : int64[n, horizon_s + 1] or int64[0, 0], int
        The most that can follow a start at that moment; walks that can't exceed ``theta`` so are
        dropped.

    Returns
    -------
    tuple
        int64[n, horizon_s + 1] with the most value of a walk that starts a visit there no later
        than that moment; the most value of a whole walk, ``MINUS`` without any; its visits, last
        first; int64[n, n] with the most that walks over each step come to, ``MINUS`` for less than
        ``theta`` and without ``rest``.
    """
    n = len(first_s)
    windows = opens_s.shape[1]
    best = np.full((n, horizon_s + 1), MINUS, np.int64)
    before = np.full((n, horizon_s + 1), -1, np.int32)  # candidate and moment of the step before
    top = np.full(n, MINUS, np.int64)
    through = np.full((n, n), MINUS, np.int64)
    pruned = rest.shape[0] > 0
    end_value, end_node, end_s = MINUS, -1, -1
    for j in range(n):
        starts = horizon_s + 1
        for w in range(windows):
            if first_s[j] <= closes_s[j, w]:
                starts = max(first_s[j], opens_s[j, w])
                break
        if starts > horizon_s:
            continue
        worth = gain[j] - first_cost[j]
        if pruned and (rest[j, starts] == MINUS or worth + rest[j, starts] <= theta):
            continue
        best[j, starts] = worth
    for t in range(horizon_s + 1):
        for i in range(n):
            value = best[i, t]
            if value <= top[i]:
                best[i, t] = top[i]
                continue
            top[i] = value
            if t + last_s[i] <= horizon_s and value - last_cost[i] > end_value:
                end_value, end_node, end_s = value - last_cost[i], i, t
            for e in range(next_count[i]):
                j = nexts[i, e]
                arrives = t + step_s[i, j]
                starts = horizon_s + 1
                for w in range(windows):
                    if arrives <= closes_s[j, w]:
                        starts = max(arrives, opens_s[j, w])
                        break
                if starts > horizon_s:
                    continue
                worth = value - step_cost[i, j] + gain[j]
                if pruned:
                    whole = worth + rest[j, starts]
                    if rest[j, starts] == MINUS or whole <= theta:
                        continue
                    through[i, j] = max(through[i, j], whole)
                if worth > best[j, starts] and worth > top[j]:
                    best[j, starts] = worth
                    before[j, starts] = t * n + i
    order = np.empty(horizon_s + 2, np.int64)
    size = 0
    while end_node >= 0:
        order[size] = end_node
        size += 1
        place = before[end_node, end_s]
        end_node, end_s = (-1, -1) if place < 0 else (place % n, place // n)
    return best, end_value, order[:size], through
