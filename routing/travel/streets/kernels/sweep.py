"""Many to many: costs climb from the origins and sweep down over what lies above the destinations.

This is RPHAST (Delling, Goldberg, Werneck, 2011) over an elimination tree: the destinations and all
their ancestors are cut out once, and then some origins at a time go through that part, highest
vertex first, in one pass without any queue.
"""

import numpy as np

from routing.travel.streets.costs import DECIMETRES, METRE_SPAN, MILLISECONDS
from routing.travel.streets.kernels.shared import (
    Bools,
    Doors,
    Floats,
    Ints,
    Longs,
    Tree,
    compiled,
)
from routing.travel.times import UNREACHABLE

# Origins that are swept together: their costs fill two lines of the processor's cache.
LANES = 16


@compiled
def many_to_many(tree: Tree, up: Floats, down: Floats, origins: Doors, targets: Doors) -> Floats:
    """Return the smallest cost from each origin to each target, infinite for no way.

    Origins that lie near each other should be neighbours: they share what they climb.
    """
    count = len(origins.first) - 1
    found = np.full((count, len(targets.first) - 1), np.inf)
    chosen, place = _ancestry(tree, targets.vertex)
    begin, above, step = _narrowed(tree, down, chosen, place)
    climbed = np.empty((len(tree.first) - 1, LANES))
    swept = np.empty((len(chosen), LANES))
    is_met = np.zeros(len(tree.first) - 1, np.bool_)
    met = np.empty(len(tree.first) - 1, np.int32)
    for o in range(0, count, LANES):
        last = min(o + LANES, count)
        size = _enter(tree, origins, o, last, is_met, met, climbed)
        _climb(tree, up, met[:size], climbed)
        _sweep(chosen, begin, above, step, is_met, climbed, swept)
        _leave(targets, place, swept, found[o:last])
        is_met[met[:size]] = False
    return found


@compiled
def _ancestry(tree: Tree, vertices: Ints) -> tuple[Ints, Ints]:
    """Return the vertices and all above them, highest first, and where each is in that list."""
    first, head = tree
    count = len(first) - 1
    is_in = np.zeros(count, np.bool_)
    size = 0
    for start in vertices:
        v = start
        while not is_in[v]:
            is_in[v] = True
            size += 1
            if first[v] == first[v + 1]:
                break
            v = head[first[v]]
    chosen = np.empty(size, np.int32)
    place = np.full(count, -1, np.int32)
    i = 0
    for v in range(count - 1, -1, -1):
        if is_in[v]:
            chosen[i] = v
            place[v] = i
            i += 1
    return chosen, place


@compiled
def _narrowed(tree: Tree, down: Floats, chosen: Ints, place: Ints) -> tuple[Longs, Ints, Floats]:
    """Return the open downward arcs into the chosen vertices, numbered by their places."""
    first, head = tree
    size = 0
    for v in chosen:
        size += first[v + 1] - first[v]
    begin = np.zeros(len(chosen) + 1, np.int64)
    above = np.empty(size, np.int32)
    step = np.empty(size, np.float64)
    m = 0
    for i in range(len(chosen)):
        for k in range(first[chosen[i]], first[chosen[i] + 1]):
            if down[k] < np.inf:
                above[m] = place[head[k]]
                step[m] = down[k]
                m += 1
        begin[i + 1] = m
    return begin, above[:m], step[:m]


@compiled
def _enter(
    tree: Tree, origins: Doors, begin: int, end: int, is_met: Bools, met: Ints, climbed: Floats
) -> int:
    """Put the origins `begin` to `end`, one per lane, on their vertices; return the climb's size.

    The climb is all their ancestors: marked in `is_met`, listed in `met` (lowest first), with empty
    rows in `climbed` but for the origins themselves.
    """
    first, head = tree
    size = 0
    for p in range(begin, end):
        for e in range(origins.first[p], origins.first[p + 1]):
            v = origins.vertex[e]
            while not is_met[v]:
                is_met[v] = True
                climbed[v, :] = np.inf
                met[size] = v
                size += 1
                if first[v] == first[v + 1]:
                    break
                v = head[first[v]]
            v = origins.vertex[e]
            climbed[v, p - begin] = min(climbed[v, p - begin], origins.cost[e])
    met[:size].sort()
    return size


@compiled
def _climb(tree: Tree, up: Floats, met: Ints, climbed: Floats) -> None:
    first, head = tree
    for v in met:
        for k in range(first[v], first[v + 1]):
            u, step = head[k], up[k]
            if step < np.inf:
                for n in range(LANES):
                    through = climbed[v, n] + step
                    climbed[u, n] = through if through < climbed[u, n] else climbed[u, n]


@compiled
def _sweep(
    chosen: Ints,
    begin: Longs,
    above: Ints,
    steps: Floats,
    is_met: Bools,
    climbed: Floats,
    swept: Floats,
) -> None:
    for i in range(len(chosen)):
        if is_met[chosen[i]]:
            for n in range(LANES):
                swept[i, n] = climbed[chosen[i], n]
        else:
            for n in range(LANES):
                swept[i, n] = np.inf
        for k in range(begin[i], begin[i + 1]):
            u, step = above[k], steps[k]
            for n in range(LANES):
                through = swept[u, n] + step
                swept[i, n] = through if through < swept[i, n] else swept[i, n]


@compiled
def _leave(targets: Doors, place: Ints, swept: Floats, found: Floats) -> None:
    """Fill the rows of some origins with the best over the doors of each target."""
    for q in range(len(targets.first) - 1):
        for e in range(targets.first[q], targets.first[q + 1]):
            i, step = place[targets.vertex[e]], targets.cost[e]
            for lane in range(len(found)):
                found[lane, q] = min(found[lane, q], swept[i, lane] + step)


@compiled
def settle(costs: Floats, seconds: Ints, metres: Ints) -> None:
    """Fill seconds and metres, whole ones, from costs; ``UNREACHABLE`` from infinite ones."""
    for i in range(costs.shape[0]):
        for j in range(costs.shape[1]):
            if costs[i, j] < np.inf:
                time = np.floor(costs[i, j] / METRE_SPAN)
                length = costs[i, j] - time * METRE_SPAN
                seconds[i, j] = int(np.floor(time / MILLISECONDS + 0.5))
                metres[i, j] = int(np.floor(length / DECIMETRES + 0.5))
            else:
                seconds[i, j] = UNREACHABLE
                metres[i, j] = UNREACHABLE
