"""One to one: the quickest way and the transitions that it takes."""

from typing import NamedTuple

import numpy as np

from routing.travel.streets.kernels.shared import (
    Bools,
    Costs,
    Floats,
    Ints,
    Longs,
    Tree,
    compiled,
)


class Ascent(NamedTuple):
    """A search upwards; all but `met` are per vertex and mean something only where it was met.

    `by` is the arc by which a vertex was reached, or ``-1 - entry``, and `below` the lower end of
    that arc.
    """

    met: Ints
    cost: Floats
    by: Longs
    below: Ints


class Scratch(NamedTuple):
    """Memory for one search at a time, by vertex; `is_met` is all False between searches.

    It is kept, as fresh memory of a whole map's size costs more than a search.
    """

    is_met: Bools
    met: Ints
    cost: Floats
    by: Longs
    below: Ints


class Chain(NamedTuple):
    """Arcs of the hierarchy one after the other: lower end, number, and whether it is climbed."""

    low: Ints
    arc: Longs
    is_up: Bools


@compiled
def quickest(
    tree: Tree,
    costs: Costs,
    entries: Ints,
    entry_cost: Floats,
    exits: Ints,
    exit_cost: Floats,
    scratch: tuple[Scratch, Scratch],
) -> tuple[float, int, int, Longs]:
    """Return the quickest way from any of the entries to any of the exits.

    Returns
    -------
    cost, entry, exit, transitions
        The cost is infinite, and the rest means nothing, when there is no way.
    """
    ahead = _ascend(tree, costs.up, entries, entry_cost, scratch[0])
    back = _ascend(tree, costs.down, exits, exit_cost, scratch[1])
    best, top = _meet(ahead, back)
    if top < 0:
        return best, -1, -1, np.empty(0, np.int64)
    chain, entry, leave = _chain(ahead, back, top)
    return best, entry, leave, _unpacked(tree, costs, chain)


@compiled
def _ascend(
    tree: Tree, step: Floats, vertices: Ints, entry_cost: Floats, scratch: Scratch
) -> Ascent:
    """Search upwards from some vertices over the costs `step`."""
    first, head = tree
    is_met, met, cost, by, below = scratch
    size = 0
    for e in range(len(vertices)):
        v = vertices[e]
        while not is_met[v]:
            is_met[v] = True
            cost[v] = np.inf
            met[size] = v
            size += 1
            if first[v] == first[v + 1]:
                break
            v = head[first[v]]
        v = vertices[e]
        if entry_cost[e] < cost[v]:
            cost[v] = entry_cost[e]
            by[v] = -1 - e
    ascent = Ascent(met[:size], cost, by, below)
    ascent.met.sort()
    for v in ascent.met:
        is_met[v] = False
        if cost[v] < np.inf:
            _relax(first[v], first[v + 1], head, step, v, ascent)
    return ascent


@compiled
def _relax(begin: int, end: int, head: Ints, step: Floats, v: np.int32, ascent: Ascent) -> None:
    for k in range(begin, end):
        through = ascent.cost[v] + step[k]
        u = head[k]
        if through < ascent.cost[u]:
            ascent.cost[u] = through
            ascent.by[u] = k
            ascent.below[u] = v


@compiled
def _meet(ahead: Ascent, back: Ascent) -> tuple[float, int]:
    """Return the smallest cost over a vertex that both met, and that vertex; -1 if none."""
    best, top = np.inf, -1
    i = j = 0
    while i < len(ahead.met) and j < len(back.met):
        v, u = ahead.met[i], back.met[j]
        if v == u and ahead.cost[v] + back.cost[v] < best:
            best, top = ahead.cost[v] + back.cost[v], v
        i += v <= u
        j += u <= v
    return best, top


@compiled
def _chain(ahead: Ascent, back: Ascent, top: int) -> tuple[Chain, int, int]:
    """Return the arcs up to the meeting point and down from it, with the entry and the exit."""
    rising, entry = _height(ahead, top)
    falling, leave = _height(back, top)
    size = rising + falling
    chain = Chain(np.empty(size, np.int32), np.empty(size, np.int64), np.zeros(size, np.bool_))
    v = top
    for n in range(rising - 1, -1, -1):
        chain.arc[n], chain.low[n], chain.is_up[n] = ahead.by[v], ahead.below[v], True
        v = ahead.below[v]
    v = top
    for n in range(rising, size):
        chain.arc[n], chain.low[n] = back.by[v], back.below[v]
        v = back.below[v]
    return chain, entry, leave


@compiled
def _height(ascent: Ascent, top: int) -> tuple[int, int]:
    """Return over how many arcs a vertex was reached, and from which entry."""
    size, v = 0, top
    while ascent.by[v] >= 0:
        v = ascent.below[v]
        size += 1
    return size, -1 - ascent.by[v]


@compiled
def _unpacked(tree: Tree, costs: Costs, chain: Chain) -> Longs:
    """Return the transitions of a chain of arcs."""
    first, head = tree
    found = np.empty(256, np.int64)
    size = 0
    # What is still to be unpacked, the next one last.
    low = list(chain.low[::-1])
    arc = list(chain.arc[::-1])
    rises = list(chain.is_up[::-1])
    while len(arc) > 0:
        x, k, is_up = low.pop(), arc.pop(), rises.pop()
        v = costs.via_up[k] if is_up else costs.via_down[k]
        if v < 0:
            if size == len(found):
                found = np.concatenate((found, np.empty(size, np.int64)))
            found[size] = -1 - v
            size += 1
            continue
        heads = head[first[v] : first[v + 1]]
        to_x = first[v] + np.searchsorted(heads, x)
        to_y = first[v] + np.searchsorted(heads, head[k])
        # Down to the middle, then up; what comes first is put on the pile last.
        low.append(v)
        arc.append(to_y if is_up else to_x)
        rises.append(True)
        low.append(v)
        arc.append(to_x if is_up else to_y)
        rises.append(False)
    return found[:size].copy()
