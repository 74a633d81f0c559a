"""Makes the arcs of a hierarchy, and puts costs on them."""

import numpy as np

from routing.travel.streets.kernels.shared import Bools, Costs, Floats, Ints, Tree, compiled


@compiled
def fill_in(given: Tree) -> Tree:
    """Return the arcs of the hierarchy: those given and all shortcuts that any cost may need.

    Contracting a vertex joins its higher neighbours; it is enough to hand them to the lowest.
    """
    first, head = given
    count = len(first) - 1
    filled = np.empty(4 * len(head) + 16, np.int32)
    filled_first = np.zeros(count + 1, np.int64)
    # The children of each vertex in the elimination tree, as lists.
    child = np.full(count, -1, np.int32)
    sibling = np.full(count, -1, np.int32)
    seen_by = np.full(count, -1, np.int32)
    size = 0
    for v in range(count):
        begin = size
        filled, size = _append(filled, size, head[first[v] : first[v + 1]], v, seen_by)
        c = child[v]
        while c >= 0:
            # The first one of the child is this very vertex.
            others = filled[filled_first[c] + 1 : filled_first[c + 1]]
            filled, size = _append(filled, size, others, v, seen_by)
            c = sibling[c]
        filled[begin:size].sort()
        filled_first[v + 1] = size
        if size > begin:
            sibling[v] = child[filled[begin]]
            child[filled[begin]] = v
    return Tree(filled_first, filled[:size].copy())


@compiled
def _append(filled: Ints, size: int, heads: Ints, v: int, seen_by: Ints) -> tuple[Ints, int]:
    """Append the heads that `v` has not seen yet; the array grows when it must."""
    if size + len(heads) > len(filled):
        filled = np.concatenate((filled, np.empty(len(filled) + len(heads), np.int32)))
    for u in heads:
        if seen_by[u] != v:
            seen_by[u] = v
            filled[size] = u
            size += 1
    return filled, size


@compiled
def locate_arcs(tree: Tree, low: Ints, high: Ints) -> Ints:
    """Return the arc of the hierarchy between two vertices, row by row; -1 from one to itself."""
    first, head = tree
    arcs = np.full(len(low), -1, np.int32)
    for k in range(len(low)):
        if low[k] != high[k]:
            begin, end = first[low[k]], first[low[k] + 1]
            arcs[k] = begin + np.searchsorted(head[begin:end], high[k])
    return arcs


@compiled
def customize(tree: Tree, arc_of: Ints, is_up: Bools, cost: Floats, filled: Costs) -> None:
    """Fill the costs of all arcs from those of the transitions; `arc_of` and `is_up` place them."""
    up, down, via_up, via_down = filled
    up[:] = np.inf
    down[:] = np.inf
    via_up[:] = -1
    via_down[:] = -1
    for t in range(len(cost)):
        k = arc_of[t]
        if k >= 0:
            if is_up[t]:
                if cost[t] < up[k]:
                    up[k] = cost[t]
                    via_up[k] = -1 - t
            elif cost[t] < down[k]:
                down[k] = cost[t]
                via_down[k] = -1 - t
    _shorten(tree, filled)


@compiled
def _shorten(tree: Tree, costs: Costs) -> None:
    """Lower, from the bottom up, the cost of every arc that has a cheaper way below it."""
    first, head = tree
    up, down, via_up, via_down = costs
    for v in range(len(first) - 1):
        for i in range(first[v], first[v + 1]):
            # Each pair of higher neighbours x < y of v has an arc k, maybe shorter through v.
            k = first[head[i]]
            for j in range(i + 1, first[v + 1]):
                while head[k] < head[j]:
                    k += 1
                through = down[i] + up[j]
                if through < up[k]:
                    up[k] = through
                    via_up[k] = v
                through = down[j] + up[i]
                if through < down[k]:
                    down[k] = through
                    via_down[k] = v
