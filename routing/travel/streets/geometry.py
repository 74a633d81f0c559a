"""The line that a ride draws along the streets."""

from typing import NamedTuple

import numpy as np

from routing.geo import Point
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Floats, Ints, Network


class Place(NamedTuple):
    """An arc, and the share of it that is left from there to its end."""

    arc: int
    rest: float


def line_of_parts(
    network: Network, arcs: Ints, start: Place, stop: Place
) -> tuple[tuple[Point, ...], Ints]:
    """Return the points from `start` along `arcs` to `stop`, and where each arc begins in them.

    The first arc is that of `start`, the last that of `stop`. Neighbouring points differ, but
    there are at least two.
    """
    if len(arcs) == 1:
        degrees = _part(network, start.arc, start.rest, stop.rest)
        begin = np.zeros(1, dtype=np.int64)
    else:
        head = _part(network, start.arc, start.rest, 0.0)
        whole, begins = _whole(network, arcs[1:-1])
        tail = _part(network, stop.arc, 1.0, stop.rest)
        begin = np.concatenate([[0], begins + len(head), [len(head) + len(whole)]])
        degrees = np.concatenate([head, whole, tail])
    degrees = np.round(degrees, 7)  # what OpenStreetMap resolves, a centimetre
    is_new = np.ones(len(degrees), dtype=np.bool_)
    is_new[1:] = (degrees[1:] != degrees[:-1]).any(axis=1)
    points = [Point(lat, lon) for lat, lon in degrees[is_new].tolist()]
    first = (np.cumsum(is_new) - 1)[begin]
    return tuple(points if len(points) > 1 else points * 2), first


def _whole(network: Network, arcs: Ints) -> tuple[Floats, Ints]:
    """Return the shape of whole arcs, one after the other, and where each begins."""
    first, last = network.span[arcs // 2].T
    count = last - first + 1
    step = np.where(arcs % 2, -1, 1)
    starts = np.cumsum(count) - count
    position = np.arange(count.sum()) - np.repeat(starts, count)
    rows = np.repeat(np.where(arcs % 2, last, first), count) + np.repeat(step, count) * position
    return network.shape_e7[rows] / E7, starts


def _part(network: Network, arc: int, rest: float, rest_after: float) -> Floats:
    """Return the shape of an arc between the places where `rest` and `rest_after` are left."""
    first, last = network.span[arc // 2]
    along = network.along_m[first : last + 1] - network.along_m[first]
    degrees = network.shape_e7[first : last + 1] / E7
    if arc % 2:
        along, degrees = along[-1] - along[::-1], degrees[::-1]
    start, stop = (1.0 - rest) * along[-1], (1.0 - rest_after) * along[-1]
    low, high = min(start, stop), max(start, stop)
    inside = degrees[(along > low) & (along < high)]
    ends = np.column_stack([np.interp([start, stop], along, axis) for axis in degrees.T])
    shape: Floats = np.concatenate([ends[:1], inside if start <= stop else inside[::-1], ends[1:]])
    return shape
