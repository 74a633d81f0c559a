"""Single units change sides of a border."""

import numpy as np

from routing.zoning.kernels.aims import change
from routing.zoning.kernels.connection import can_leave
from routing.zoning.kernels.values import (
    BOTH,
    LEAST_GAIN,
    Aim,
    Bools,
    Borders,
    Division,
    Floats,
    Ints,
    Longs,
    compiled,
    inlined,
    new_walk,
)


@compiled
def border_units(borders: Borders, label: Ints) -> Ints:
    """Return the units that have a neighbour in another zone: few of all do."""
    listed = np.empty(len(label), np.int32)
    count = 0
    for unit in range(len(label)):
        for edge in range(borders.first[unit], borders.first[unit + 1]):
            if label[borders.near[edge]] != label[unit]:
                listed[count] = unit
                count += 1
                break
    return listed[:count]


@inlined
def put(division: Division, work: Floats, unit: int, b: int) -> None:
    """Move a unit to zone b."""
    a = division.label[unit]
    division.label[unit] = b
    division.members[a] -= 1
    division.members[b] += 1
    for j in range(BOTH):
        division.load[a, j] -= work[unit, j]
        division.load[b, j] += work[unit, j]


@inlined
def _is_stale(borders: Borders, label: Ints, unit: int, changed: Longs, seen: int) -> bool:
    """Tell whether a zone at a unit, its own included, changed since the unit was looked at."""
    stale = changed[label[unit]] > seen
    for edge in range(borders.first[unit], borders.first[unit + 1]):
        stale = stale or changed[label[borders.near[edge]]] > seen
    return bool(stale)


@inlined
def _best_zone(borders: Borders, division: Division, aim: Aim, unit: int) -> int:
    """Return the neighbouring zone where a unit helps most, -1 when it is best where it is."""
    best, least, last = -1, LEAST_GAIN, division.label[unit]
    for edge in range(borders.first[unit], borders.first[unit + 1]):
        b = division.label[borders.near[edge]]
        if b != last and b != division.label[unit] and division.is_open[b]:
            grows = change(borders, aim, division, unit, b)
            if grows < least:
                least = grows
                best = b
        last = b
    return best


@compiled
def _listed(borders: Borders, label: Ints) -> tuple[Ints, Bools, int]:
    """Return the units at borders, with room for all; which they are; and how many."""
    at_borders = border_units(borders, label)
    listed, is_listed = np.empty(len(label), np.int32), np.zeros(len(label), np.bool_)
    listed[: len(at_borders)] = at_borders
    is_listed[at_borders] = True
    return listed, is_listed, len(at_borders)


@inlined
def _listed_beside(borders: Borders, unit: int, listed: Ints, is_listed: Bools, count: int) -> int:
    """List the neighbours of a unit that moved, which may lie at a border now; return how many."""
    for edge in range(borders.first[unit], borders.first[unit + 1]):
        other = borders.near[edge]
        if not is_listed[other]:
            is_listed[other] = True
            listed[count] = other
            count += 1
    return count


@compiled
def improve(borders: Borders, division: Division, aim: Aim, sweeps: int) -> int:
    """Move units over borders while that helps the aim; zones stay in one piece. Return moves."""
    label = division.label
    walk = new_walk(len(label))
    # The move after which a zone or a unit was looked at last: what did not change is skipped.
    changed, seen = np.zeros(len(division.load), np.int64), np.full(len(label), -1)
    listed, is_listed, count = _listed(borders, label)
    moves = 0
    for sweep in range(sweeps):
        before, last = moves, count
        for step in range(last):
            unit = listed[step] if sweep % 2 == 0 else listed[last - 1 - step]
            a = label[unit]
            if not division.is_free[unit] or division.members[a] == 1:
                continue
            if not _is_stale(borders, label, unit, changed, seen[unit]):
                continue
            seen[unit] = moves
            b = _best_zone(borders, division, aim, unit)
            if b >= 0 and can_leave(borders, label, unit, walk):
                put(division, aim.work, unit, b)
                moves += 1
                changed[a] = moves
                changed[b] = moves
                count = _listed_beside(borders, unit, listed, is_listed, count)
        if moves == before:
            break
    return moves
