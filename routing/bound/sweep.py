"""The dynamic programme: all routes of a network at once, each remembering part of its past.

A label stands for prefixes of routes: who was visited last, when that visit starts, which rows the
prefix remembers to have visited, and the most value of any prefix it stands for. A prefix forgets
rows that are not in the memory of where it goes (ng-routes: Baldacci, Mingozzi, Roberti 2011), so
some labels stand for walks that visit somebody twice: more is allowed than in truth, nothing less.

Three things make it fast, and none may lose a route that would be worth more than ``theta``:

- A label is dropped if another one at the same candidate starts no later, has no less value and
  remembers a subset: whatever follows the one may follow the other.
- A label is dropped if its value and the most that could follow (``rest``) do not exceed ``theta``.
- With ``width_s`` > 1, labels at the same candidate with the same memory whose starts lie in the
  same span of that width become one with the earlier start and the larger value. It stands for
  both: earlier is never worse, as every ride and window lets who is early wait.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917, PLR1730 - one loop that is compiled whole: a call for each label would cost more than its work
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc"
# Numba infers the types of compiled functions from the arrays they are called with.

import numpy as np

from routing.bound.kernels import compiled

MINUS = -(1 << 62)  # less than any value; sums with one stay in range
SOLVED, TOO_MANY_LABELS = 0, 1
_FRONT = 768  # most labels kept for comparison at a candidate; the rest is not compared


@compiled
def _is_covered(v, m0, m1, t, k, size, front_v, front_m0, front_m1, front_t, front_k, counts):
    for e in range(size):
        if front_v[e] < v:
            return False
        if (
            (front_m0[e] & ~m0) == 0
            and (front_m1[e] & ~m1) == 0
            and front_t[e] <= t
            and (not counts or front_k[e] <= k)
        ):
            return True
    return False


@compiled
def _put(v, m0, m1, t, k, size, front_v, front_m0, front_m1, front_t, front_k, counts):
    """Insert by falling value, dropping what the new label makes useless; return the size."""
    at = 0
    while at < size and front_v[at] >= v:
        at += 1
    kept = at
    for e in range(at, size):
        useless = (
            (m0 & ~front_m0[e]) == 0
            and (m1 & ~front_m1[e]) == 0
            and (not counts or k <= front_k[e])
        )
        if not useless:
            front_v[kept] = front_v[e]
            front_m0[kept] = front_m0[e]
            front_m1[kept] = front_m1[e]
            front_t[kept] = front_t[e]
            front_k[kept] = front_k[e]
            kept += 1
    if kept == len(front_v):
        if at == kept:
            return kept
        kept -= 1
    for e in range(kept, at, -1):
        front_v[e] = front_v[e - 1]
        front_m0[e] = front_m0[e - 1]
        front_m1[e] = front_m1[e - 1]
        front_t[e] = front_t[e - 1]
        front_k[e] = front_k[e - 1]
    front_v[at] = v
    front_m0[at] = m0
    front_m1[at] = m1
    front_t[at] = t
    front_k[at] = k
    return kept + 1


@compiled
def sweep(
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
    bit0,
    bit1,
    memory0,
    memory1,
    rest,
    theta,
    width_s,
    most_stops,
    counts,
    label_cap,
    work_cap,
):
    """Return what all routes of a network come to.

    Parameters
    ----------
    nexts, next_count : int64[n, most], int64[n]
        Where one may go on to from each candidate.
    gain : int64[n]
        Value less prices.
    bit0, bit1, memory0, memory1 : uint64[n]
        Row of each candidate, and the rows remembered on coming there, as two words of bits.
    rest : int64[n, horizon_s + 1] or int64[0, 0]
        The most that can follow a visit that starts at that second, ``MINUS`` for nothing.
    most_stops, counts : int, bool
        Routes end there, if ``counts``; labels then compare their stops as well.
    label_cap, work_cap : int
        When to give up.

    Returns
    -------
    tuple
        Whether it was solved; int64[n, horizon_s + 1] with the most value of a prefix that starts
        a visit there no later than that second; value and label of the best route that ends at
        each candidate; the steps that labels took, bool[n + 1, n], from the start last; candidate
        and predecessor of each label; how many there are; comparisons made.
    """
    n = len(first_s)
    windows = opens_s.shape[1]
    buckets = horizon_s // width_s + 1
    head = np.full((buckets, n), -1, np.int32)
    label_v = np.empty(label_cap, np.int64)
    label_m0 = np.empty(label_cap, np.uint64)
    label_m1 = np.empty(label_cap, np.uint64)
    label_t = np.empty(label_cap, np.int32)
    label_k = np.empty(label_cap, np.int16)
    label_node = np.empty(label_cap, np.int16)
    label_before = np.empty(label_cap, np.int32)
    label_next = np.empty(label_cap, np.int32)
    used = 0
    front_size = np.zeros(n, np.int64)
    front_v = np.empty((n, _FRONT), np.int64)
    front_m0 = np.empty((n, _FRONT), np.uint64)
    front_m1 = np.empty((n, _FRONT), np.uint64)
    front_t = np.empty((n, _FRONT), np.int32)
    front_k = np.empty((n, _FRONT), np.int16)
    best = np.full((n, horizon_s + 1), MINUS, np.int64)
    end_value = np.full(n, MINUS, np.int64)
    end_label = np.full(n, -1, np.int32)
    arcs = np.zeros((n + 1, n), np.bool_)
    pruned = rest.shape[0] > 0
    work = 0

    for bucket in range(-1, buckets):
        again = True
        while again:
            again = False
            for i in range(n):
                if bucket >= 0 and head[bucket, i] < 0:
                    continue
                if bucket < 0 and i > 0:
                    break
                while True:
                    if bucket < 0:
                        label = -1
                        count = n
                        t = v = k = 0
                        m0 = m1 = np.uint64(0)
                    else:
                        label = head[bucket, i]
                        if label < 0:
                            break
                        head[bucket, i] = label_next[label]
                        t, v, k = label_t[label], label_v[label], label_k[label]
                        m0, m1 = label_m0[label], label_m1[label]
                        if _is_covered(
                            v,
                            m0,
                            m1,
                            t,
                            k,
                            front_size[i],
                            front_v[i],
                            front_m0[i],
                            front_m1[i],
                            front_t[i],
                            front_k[i],
                            counts,
                        ):
                            continue
                        front_size[i] = _put(
                            v,
                            m0,
                            m1,
                            t,
                            k,
                            front_size[i],
                            front_v[i],
                            front_m0[i],
                            front_m1[i],
                            front_t[i],
                            front_k[i],
                            counts,
                        )
                        if v > best[i, t]:
                            best[i, t] = v
                        if t + last_s[i] <= horizon_s and v - last_cost[i] > end_value[i]:
                            end_value[i] = v - last_cost[i]
                            end_label[i] = label
                        if counts and k >= most_stops:
                            continue
                        count = next_count[i]
                    for e in range(count):
                        work += 1
                        j = e if bucket < 0 else nexts[i, e]
                        if (m0 & bit0[j]) != 0 or (m1 & bit1[j]) != 0:
                            continue
                        arrives = first_s[j] if bucket < 0 else t + step_s[i, j]
                        starts = horizon_s + 1
                        for w in range(windows):
                            if arrives <= closes_s[j, w]:
                                starts = max(arrives, opens_s[j, w])
                                break
                        if starts > horizon_s:
                            continue
                        worth = v - (first_cost[j] if bucket < 0 else step_cost[i, j]) + gain[j]
                        if pruned and (
                            rest[j, starts] == MINUS or worth + rest[j, starts] <= theta
                        ):
                            continue
                        arcs[n if bucket < 0 else i, j] = True
                        work += front_size[j]
                        n0 = (m0 & memory0[j]) | bit0[j]
                        n1 = (m1 & memory1[j]) | bit1[j]
                        stops = k + 1
                        if _is_covered(
                            worth,
                            n0,
                            n1,
                            starts,
                            stops,
                            front_size[j],
                            front_v[j],
                            front_m0[j],
                            front_m1[j],
                            front_t[j],
                            front_k[j],
                            counts,
                        ):
                            continue
                        b = starts // width_s
                        other = head[b, j]
                        while other >= 0:
                            if label_m0[other] == n0 and label_m1[other] == n1:
                                break
                            other = label_next[other]
                        if other >= 0:
                            if worth > label_v[other]:
                                label_v[other] = worth
                                label_before[other] = label
                            label_t[other] = min(label_t[other], starts)
                            label_k[other] = min(label_k[other], stops)
                            continue
                        if used == label_cap or work > work_cap:
                            return (
                                TOO_MANY_LABELS,
                                best,
                                end_value,
                                end_label,
                                arcs,
                                label_node,
                                label_before,
                                used,
                                work,
                            )
                        label_v[used] = worth
                        label_m0[used] = n0
                        label_m1[used] = n1
                        label_t[used] = starts
                        label_k[used] = stops
                        label_node[used] = j
                        label_before[used] = label
                        label_next[used] = head[b, j]
                        head[b, j] = used
                        used += 1
                        if b == bucket and j <= i:
                            again = True
                    if bucket < 0:
                        break
    for i in range(n):
        most = MINUS
        for t in range(horizon_s + 1):
            most = max(most, best[i, t])
            best[i, t] = most
    return SOLVED, best, end_value, end_label, arcs, label_node, label_before, used, work


@compiled
def rest_of(best, gain):
    """Turn the best prefixes of the mirrored day into the most that can follow a start."""
    n, moments = best.shape
    rest = np.empty((n, moments), np.int64)
    for i in range(n):
        for t in range(moments):
            value = best[i, moments - 1 - t]
            rest[i, t] = value if value == MINUS else value - gain[i]
    return rest
