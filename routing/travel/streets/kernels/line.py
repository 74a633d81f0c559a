"""Draws the line of a ride."""

import numpy as np

from routing.travel.streets.kernels.shared import Ints, Longs, compiled
from routing.travel.streets.kernels.snap import Shape


@compiled
def line(shape: Shape, arcs: Ints, start_rest: float, stop_rest: float) -> tuple[Ints, Longs]:
    """Return the points along `arcs`, and in which of them each arc begins.

    The first arc is cut where `start_rest` of it is left, the last where `stop_rest` is. Neighbours
    differ, but there are two points at least. Points are of 1e-7 degrees.
    """
    room = 2 * len(arcs) + 2
    for arc in arcs:
        room += shape.span[arc >> 1, 1] - shape.span[arc >> 1, 0]
    drawn = np.empty((room, 2), np.int32)
    begin = np.zeros(len(arcs), np.int64)
    size = 0
    for k in range(len(arcs)):
        rest = start_rest if k == 0 else 1.0
        until = stop_rest if k == len(arcs) - 1 else 0.0
        size = _draw(shape, arcs[k], rest, until, drawn, size)
        if k + 1 < len(arcs):
            begin[k + 1] = max(0, size - 1)
    if size == 1:
        drawn[1] = drawn[0]
        size = 2
    return drawn[:size].copy(), begin


@compiled
def _draw(shape: Shape, arc: int, rest: float, until: float, drawn: Ints, size: int) -> int:
    """Append the part of an arc from where `rest` of it is left to where `until` is."""
    first, last = shape.span[arc >> 1]
    length_m = shape.along_m[last] - shape.along_m[first]
    # Metres from the beginning of the segment, whichever way the arc runs.
    a = rest if arc & 1 else 1.0 - rest
    b = until if arc & 1 else 1.0 - until
    size = _append_at(shape, first, last, a * length_m, drawn, size)
    low, high = min(a, b) * length_m, max(a, b) * length_m
    if a <= b:
        for p in range(first, last + 1):
            if low < shape.along_m[p] - shape.along_m[first] < high:
                size = _append(shape.points_e7[p, 0], shape.points_e7[p, 1], drawn, size)
    else:
        for p in range(last, first - 1, -1):
            if low < shape.along_m[p] - shape.along_m[first] < high:
                size = _append(shape.points_e7[p, 0], shape.points_e7[p, 1], drawn, size)
    return _append_at(shape, first, last, b * length_m, drawn, size)


@compiled
def _append_at(shape: Shape, first: int, last: int, place_m: float, drawn: Ints, size: int) -> int:
    """Append the point so many metres from the beginning of a segment."""
    p = first
    while p + 1 < last and shape.along_m[p + 1] - shape.along_m[first] < place_m:
        p += 1
    step_m = shape.along_m[p + 1] - shape.along_m[p]
    share = (place_m - (shape.along_m[p] - shape.along_m[first])) / max(step_m, 1e-9)
    share = min(1.0, max(0.0, share))
    a, b = shape.points_e7[p], shape.points_e7[p + 1]
    lat = int(np.rint(a[0] + share * (float(b[0]) - a[0])))
    lon = int(np.rint(a[1] + share * (float(b[1]) - a[1])))
    return _append(lat, lon, drawn, size)


@compiled
def _append(lat: int, lon: int, drawn: Ints, size: int) -> int:
    if size > 0 and drawn[size - 1, 0] == lat and drawn[size - 1, 1] == lon:
        return size
    drawn[size, 0], drawn[size, 1] = lat, lon
    return size + 1
