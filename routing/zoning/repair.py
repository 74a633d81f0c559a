"""The last percent: units at a border change sides where it evens the work and breaks no zone."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from routing.zoning.balance import Labels
from routing.zoning.units import Units

MOST_SWEEPS = 30


def repair(units: Units, labels: Labels, k: int) -> Labels:
    """Move units from heavy zones to lighter neighbours, one by one; zones stay in one piece.

    Each move makes the sum of squared work smaller, so it ends; cost O(moves x units of a zone).
    """
    labels = labels.copy()
    load = np.bincount(labels, weights=units.weight, minlength=k).astype(np.float64)
    for _ in range(MOST_SWEEPS):
        moved = 0
        for zone in np.argsort(-load):
            for unit in _by_gain(units, labels, int(zone)):
                moved += _move(units, labels, load, int(unit))
        if not moved:
            break
    return labels


def pieces(units: Units, labels: Labels, zone: int) -> int:
    """Return how many parts of a zone don't hang together."""
    left = set(np.flatnonzero(labels == zone).tolist())
    count = 0
    while left:
        count += 1
        left -= _reach(units, labels, left.pop(), None)
    return count


def _by_gain(units: Units, labels: Labels, zone: int) -> list[int]:
    """Return the units of a zone at its border, those farthest from its middle first."""
    members = np.flatnonzero(labels == zone)
    middle = units.plane_m[members].mean(axis=0)
    far = np.linalg.norm(units.plane_m[members] - middle, axis=1)
    return [
        int(unit)
        for unit in members[np.argsort(-far, kind="stable")]
        if (labels[units.neighbours(int(unit))] != zone).any()
    ]


def _move(units: Units, labels: Labels, load: NDArray[np.float64], unit: int) -> int:
    zone = labels[unit]
    weight = units.weight[unit]
    others = {int(labels[one]) for one in units.neighbours(unit)} - {int(zone)}
    # Sum of squares falls by 2 w (heavy - light - w).
    lighter = [one for one in others if weight > 0 and load[zone] - load[one] - weight > 1e-9]
    if not lighter or not _can_leave(units, labels, unit):
        return 0
    to = min(lighter, key=lambda one: (load[one], one))
    labels[unit] = to
    load[zone] -= weight
    load[to] += weight
    return 1


def _can_leave(units: Units, labels: Labels, unit: int) -> bool:
    """Tell whether a zone stays in one piece, and is not empty, without one of its units."""
    near = [int(one) for one in units.neighbours(unit) if labels[one] == labels[unit]]
    if not near:
        return False
    return len(near) == 1 or set(near) <= _reach(units, labels, near[0], unit)


def _reach(units: Units, labels: Labels, start: int, without: int | None) -> set[int]:
    seen = {start}
    queue = deque([start])
    while queue:
        for one in units.neighbours(queue.popleft()):
            other = int(one)
            if other not in seen and other != without and labels[other] == labels[start]:
                seen.add(other)
                queue.append(other)
    return seen
