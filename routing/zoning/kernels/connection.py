"""Which units hang together."""

import numpy as np

from routing.zoning.kernels.values import Borders, Ints, Walk, compiled

MOST_VISITED = 20_000  # units looked at before a zone counts as falling apart


@compiled
def parts(borders: Borders, label: Ints) -> Ints:
    """Return the part of its zone that each unit belongs to, numbered over all zones.

    Units without a zone, labelled -1, are in part -1.
    """
    first, near, _ = borders
    part = np.full(len(label), -1, np.int32)
    stack = np.empty(len(label), np.int32)
    number = 0
    for start in range(len(label)):
        if part[start] >= 0 or label[start] < 0:
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
def can_leave(borders: Borders, label: Ints, unit: int, walk: Walk) -> bool:
    """Tell whether the zone of a unit hangs together without it."""
    first, near, _ = borders
    walk.mark[0] += 1
    mark = walk.mark[0]
    wanted = 0
    start = unit
    for edge in range(first[unit], first[unit + 1]):
        if label[near[edge]] == label[unit]:
            wanted += 1
            start = near[edge]
            walk.stamp[start] = -mark
    if wanted <= 1:
        return True
    walk.stamp[unit] = mark
    walk.stamp[start] = mark
    walk.queue[0] = start
    return _meets(borders, label, wanted - 1, walk)


@compiled
def _meets(borders: Borders, label: Ints, wanted: int, walk: Walk) -> bool:
    """Tell whether a search from the head of the queue meets so many units stamped ``-mark``."""
    first, near, _ = borders
    stamp, queue, marks = walk
    mark = marks[0]
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
