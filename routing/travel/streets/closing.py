"""Which streets a closed circle takes out of the network: those that pass through it."""

from collections.abc import Sequence

import numpy as np

from routing.geo import EARTH_RADIUS_M, Point
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Bools, Floats, Network
from routing.travel.times import Circle

_METRES_PER_DEGREE = EARTH_RADIUS_M * np.pi / 180


def closed_segments(network: Network, circles: Sequence[Circle]) -> Bools:
    """Return bool[segments]: from junction to junction, every street that enters a circle.

    A street is closed from corner to corner, as nobody drives into a street that they have to
    leave backwards.
    """
    closed: Bools = np.zeros(network.segment_count, dtype=np.bool_)
    first, last = network.span.T
    for circle in circles:
        near = np.append(_distance_m(network, circle.centre) <= circle.radius_m, False)
        pieces_before = np.concatenate([[0], np.cumsum(near)])
        closed |= pieces_before[last] > pieces_before[first]
    return closed


def _distance_m(network: Network, centre: Point) -> Floats:
    """Return how far each piece between two points of a shape is from the centre.

    On a plane that touches the earth there: exact to a thousandth for the few blocks of a circle.
    """
    scale = np.array([1.0, np.cos(np.radians(centre.lat))]) * _METRES_PER_DEGREE
    at = (network.shape_e7 / E7 - np.array(centre)) * scale
    start, way = at[:-1], np.diff(at, axis=0)
    length = (way**2).sum(axis=1)
    share = np.clip(-(start * way).sum(axis=1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    nearest = start + share[:, None] * way
    distance: Floats = np.hypot(nearest[:, 0], nearest[:, 1])
    return distance
