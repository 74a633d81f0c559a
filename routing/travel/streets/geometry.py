"""The line that a ride draws along the streets."""

from itertools import starmap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point
from routing.travel.streets import kernels
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Ints, Network


class Place(NamedTuple):
    """An arc, and the share of it that is left from there to its end."""

    arc: int
    rest: float


def line_of(
    network: Network, arcs: Ints, start: Place, stop: Place
) -> tuple[tuple[Point, ...], NDArray[np.int64]]:
    """Return the points from `start` along `arcs` to `stop`, and where each arc begins in them.

    The first arc is that of `start`, the last that of `stop`. Neighbouring points differ, but
    there are at least two.
    """
    drawn_e7, begin = kernels.line(network.shape, arcs, start.rest, stop.rest)
    return tuple(starmap(Point, (drawn_e7 / E7).tolist())), begin
