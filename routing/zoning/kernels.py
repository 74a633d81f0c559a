"""The loops of zoning that Numba compiles: searches over borders and moves of single units."""

import heapq
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Function = TypeVar("Function", bound=Callable[..., Any])

compiled = cast("Callable[[Function], Function]", njit(nogil=True, cache=True))

MOST_VISITED = 20_000  # units looked at before a zone counts as falling apart
BOTH = 2  # loads that are balanced: work and money
LEAST_GAIN = -1e-9  # of a move, against rounding


class Borders(NamedTuple):
    """Neighbours as rows: those of unit u are ``near[first[u]:first[u + 1]]``, metres beside."""

    first: Ints
    near: Ints
    length_m: Floats


class Division(NamedTuple):
    """Who is where; `label`, `load` and `members` change in place.

    Attributes
    ----------
    label, home : int32[units]
        Zone now, and zone of today, -1 for none.
    load : float64[zones, 2]
    members : int64[zones]
    is_free, is_open : bool[units], bool[zones]
        Which units may leave their zone, and which zones may change.
    """

    label: Ints
    home: Ints
    load: Floats
    members: Longs
    is_free: Bools
    is_open: Bools


class Aim(NamedTuple):
    """What is made small, in units of work.

    Squared distance to `centre` over `span2`, plus `pull` times the squared deviation of the loads
    beyond `slack`, plus `stay` for each unit that is not in its zone of today.

    Attributes
    ----------
    where, work : float64[units, 2]
        Metres; two loads of each unit, the first of which also weighs distances.
    centre, target : float64[zones, 2]
        A target of 0 is not asked for.
    slack : float64[2]
    is_one_sided : bool
        A zone may be light.
    """

    where: Floats
    work: Floats
    centre: Floats
    target: Floats
    slack: Floats
    is_one_sided: bool
    pull: float
    stay: float
    span2: float


class Scratch(NamedTuple):
    """Memory of the searches: marks of the units, and a queue of them."""

    stamp: Longs
    queue: Ints


@compiled
def _holds(ranks: Ints, count: int, rank: int) -> bool:
    holds = False
    for i in range(count):
        holds = holds or ranks[i] == rank
    return holds


@compiled
def reach_first(borders: Borders, centres: Longs, delay: Floats, most: int) -> tuple[Ints, Floats]:
    """Return the `most` centres that reach each unit first, and when; each departs after its delay.

    Returns
    -------
    who : int32[units, most]
        Rank of the centre, -1 where fewer reach the unit.
    after : float64[units, most]
        Metres on the way, delay included; infinite where `who` is -1.
    """
    first, near, length_m = borders
    who = np.full((len(first) - 1, most), -1, np.int32)
    after = np.full((len(first) - 1, most), np.inf)
    held = np.zeros(len(first) - 1, np.int32)
    heap = [(delay[0], np.int64(centres[0]), 0)]
    for rank in range(1, len(centres)):
        heapq.heappush(heap, (delay[rank], np.int64(centres[rank]), rank))
    while len(heap) > 0:
        far, unit, rank = heapq.heappop(heap)
        if held[unit] == most or _holds(who[unit], held[unit], rank):
            continue
        who[unit, held[unit]] = rank
        after[unit, held[unit]] = far
        held[unit] += 1
        for edge in range(first[unit], first[unit + 1]):
            other = near[edge]
            if held[other] < most and not _holds(who[other], held[other], rank):
                heapq.heappush(heap, (far + length_m[edge], np.int64(other), rank))
    return who, after


@compiled
def loads_under(who: Ints, after: Floats, delay: Floats, weight: Floats) -> Floats:
    """Return the load of each centre if all units chose the best under further delays."""
    load = np.zeros(len(delay))
    for unit in range(len(who)):
        best = who[unit, 0]
        least = after[unit, 0] + delay[best]
        for i in range(1, who.shape[1]):
            rank = who[unit, i]
            if rank >= 0 and after[unit, i] + delay[rank] < least:
                least = after[unit, i] + delay[rank]
                best = rank
        load[best] += weight[unit]
    return load


@compiled
def parts(borders: Borders, label: Ints) -> Ints:
    """Return the part of its zone that each unit belongs to, numbered over all zones."""
    first, near, _ = borders
    part = np.full(len(label), -1, np.int32)
    stack = np.empty(len(label), np.int32)
    number = 0
    for start in range(len(label)):
        if part[start] >= 0:
            continue
        part[start] = number
        stack[0] = start
        height = 1
        while height > 0:
            height -= 1
            unit = stack[height]
            for edge in range(first[unit], first[unit + 1]):
                other = near[edge]
                if part[other] < 0 and label[other] == label[unit]:
                    part[other] = number
                    stack[height] = other
                    height += 1
        number += 1
    return part


@compiled
def _can_leave(borders: Borders, label: Ints, unit: int, scratch: Scratch, mark: int) -> bool:
    """Tell whether the zone of a unit hangs together without it."""
    first, near, _ = borders
    wanted = 0
    start = unit
    for edge in range(first[unit], first[unit + 1]):
        if label[near[edge]] == label[unit]:
            wanted += 1
            start = near[edge]
            scratch.stamp[start] = -mark
    if wanted <= 1:
        return True
    scratch.stamp[unit] = mark
    scratch.stamp[start] = mark
    scratch.queue[0] = start
    return _meets(borders, label, wanted - 1, scratch, mark)


@compiled
def _meets(borders: Borders, label: Ints, wanted: int, scratch: Scratch, mark: int) -> bool:
    """Tell whether a search from the head of the queue meets so many units stamped ``-mark``."""
    first, near, _ = borders
    stamp, queue = scratch
    zone = label[queue[0]]
    head, tail = 0, 1
    while head < tail and head < MOST_VISITED:
        here = queue[head]
        head += 1
        for edge in range(first[here], first[here + 1]):
            other = near[edge]
            if label[other] != zone or stamp[other] == mark:
                continue
            wanted -= stamp[other] == -mark
            stamp[other] = mark
            queue[tail] = other
            tail += 1
        if wanted == 0:
            return True
    return False


@compiled
def _strain(aim: Aim, load: float, target: float, j: int) -> float:
    over = load / target - 1.0
    if over < 0.0 and aim.is_one_sided:
        return 0.0
    excess = max(abs(over) - aim.slack[j], 0.0)
    return float(excess * excess * target)


@compiled
def _change(aim: Aim, division: Division, unit: int, b: int) -> float:
    """Return by how much the aim grows when a unit moves to zone b."""
    a = division.label[unit]
    work = aim.work[unit]
    # One number at a time: small arrays made here would double the time.
    nearer = 0.0
    for axis in range(2):
        to_a = aim.where[unit, axis] - aim.centre[a, axis]
        to_b = aim.where[unit, axis] - aim.centre[b, axis]
        nearer += to_b * to_b - to_a * to_a
    change = work[0] * nearer / aim.span2
    home = division.home[unit]
    change += aim.stay * work[0] * (int(home == a) - int(home == b))
    for j in range(BOTH):
        target_a, target_b = aim.target[a, j], aim.target[b, j]
        if target_a > 0 and target_b > 0:
            load_a, load_b = division.load[a, j], division.load[b, j]
            change += aim.pull * (
                _strain(aim, load_a - work[j], target_a, j)
                + _strain(aim, load_b + work[j], target_b, j)
                - _strain(aim, load_a, target_a, j)
                - _strain(aim, load_b, target_b, j)
            )
    return float(change)


@compiled
def _best_zone(borders: Borders, division: Division, aim: Aim, unit: int) -> int:
    """Return the neighbouring zone where a unit helps most, -1 when it is best where it is."""
    best, least, last = -1, LEAST_GAIN, division.label[unit]
    for edge in range(borders.first[unit], borders.first[unit + 1]):
        b = division.label[borders.near[edge]]
        if b != last and b != division.label[unit] and division.is_open[b]:
            change = _change(aim, division, unit, b)
            if change < least:
                least = change
                best = b
        last = b
    return best


@compiled
def _is_at_border(first: Ints, near: Ints, label: Ints, unit: int) -> bool:
    """Tell whether a neighbour of a unit is in another zone: few are, so this is asked first."""
    for edge in range(first[unit], first[unit + 1]):  # noqa: SIM110 - generators are slow here
        if label[near[edge]] != label[unit]:
            return True
    return False


@compiled
def improve(borders: Borders, division: Division, aim: Aim, sweeps: int) -> int:
    """Move units over borders while that helps the aim; zones stay in one piece. Return moves."""
    count = len(division.label)
    scratch = Scratch(np.zeros(count, np.int64), np.empty(count, np.int32))
    mark = 0
    moves = 0
    for sweep in range(sweeps):
        before = moves
        for step in range(count):
            unit = step if sweep % 2 == 0 else count - 1 - step
            if not _is_at_border(borders.first, borders.near, division.label, unit):
                continue
            a = division.label[unit]
            if not division.is_free[unit] or division.members[a] == 1:
                continue
            b = _best_zone(borders, division, aim, unit)
            mark += 1
            if b >= 0 and _can_leave(borders, division.label, unit, scratch, mark):
                division.label[unit] = b
                division.members[a] -= 1
                division.members[b] += 1
                for j in range(BOTH):
                    division.load[a, j] -= aim.work[unit, j]
                    division.load[b, j] += aim.work[unit, j]
                moves += 1
        if moves == before:
            break
    return moves
