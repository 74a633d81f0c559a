"""The line that a ride draws along the streets."""

import numpy as np

from routing.geo import Point
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Floats, Ints, Network

Place = tuple[int, float]  # an arc, and the share of it that is left from there to its end


def line_along(network: Network, arc: int, rest: float, rest_after: float) -> tuple[Point, ...]:
    """Return the points along one arc between two places on it."""
    return _points(_part(network, arc, rest, rest_after))


def line_of_ride(network: Network, start: Place, arcs: Ints, stop: Place) -> tuple[Point, ...]:
    """Return the points from `start` to the end of its arc, along `arcs`, and on to `stop`."""
    first = _part(network, *start, 0.0)
    last = _part(network, stop[0], 1.0, stop[1])
    return _points(np.concatenate([first, _whole(network, arcs), last]))


def _points(degrees: Floats) -> tuple[Point, ...]:
    """Return the points without repeated neighbours, but at least two."""
    degrees = np.round(degrees, 7)  # what OpenStreetMap resolves, a centimetre
    is_new = np.ones(len(degrees), dtype=np.bool_)
    is_new[1:] = (degrees[1:] != degrees[:-1]).any(axis=1)
    points = [Point(lat, lon) for lat, lon in degrees[is_new].tolist()]
    return tuple(points if len(points) > 1 else points * 2)


def _whole(network: Network, arcs: Ints) -> Floats:
    """Return the shape of whole arcs, one after the other."""
    first, last = network.span[arcs // 2].T
    count = last - first + 1
    step = np.where(arcs % 2, -1, 1)
    begin = np.repeat(np.cumsum(count) - count, count)
    position = np.arange(len(begin)) - begin
    shape: Floats = (
        network.shape_e7[
            np.repeat(np.where(arcs % 2, last, first), count) + np.repeat(step, count) * position
        ]
        / E7
    )
    return shape


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
