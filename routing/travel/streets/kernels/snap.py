"""Finds the streets nearest to points, through a grid over the pieces of all streets."""

from typing import NamedTuple

import numpy as np

from routing.geo import EARTH_RADIUS_M
from routing.travel.streets.kernels.shared import Bools, Floats, Ints, Longs, compiled

METRES_PER_E7 = float(np.radians(1) * EARTH_RADIUS_M / 1e7)
NEAREST = 2  # candidates per point, on different segments
FIRST_REACH = 2  # cells around a point that are looked at first; then twice as many, and so on


class Grid(NamedTuple):
    """Which pieces of streets pass each cell; only cells with streets are listed.

    Piece `p` runs from shape point `p` to the next one, along the segment ``segment[p]``.

    Attributes
    ----------
    frame : int64[4]
        South and west edge, and the height and width of a cell, 1e-7 degrees.
    cell : int64[cells]
        Row times ``COLUMNS`` plus column, ascending.
    first : int64[cells + 1]
    piece : int32[entries]
    segment : int32[points]
        -1 where the piece after the point belongs to no street.
    """

    frame: Longs
    cell: Longs
    first: Longs
    piece: Ints
    segment: Ints


COLUMNS = 1 << 31


class Shape(NamedTuple):
    """Where streets run: points, metres along the street, and first and last point of segments."""

    points_e7: Ints
    along_m: Floats
    span: Ints


class Candidates(NamedTuple):
    """The nearest segments of some points, nearest first; segment -1 for none.

    Attributes
    ----------
    segment : int32[points, NEAREST]
    share, distance_m : float64[points, NEAREST]
        Place along the segment, 0-1, and how far it is from the point.
    """

    segment: Ints
    share: Floats
    distance_m: Floats


class Spot(NamedTuple):
    """A place on the map, 1e-7 degrees, with what a step to the east is worth and its cell."""

    lat: float
    lon: float
    metres_east: float
    row: int
    column: int


@compiled
def nearest(
    grid: Grid, shape: Shape, is_usable: Bools, places_e7: Floats, reach_m: float, more_m: float
) -> Candidates:
    """Return the usable segments nearest to places, within `reach_m`.

    Further candidates are complete as far as `more_m` beyond the nearest one.
    """
    count = len(places_e7)
    found = Candidates(
        np.full((count, NEAREST), -1, np.int32),
        np.zeros((count, NEAREST)),
        np.full((count, NEAREST), np.inf),
    )
    for i in range(count):
        spot = _spot(grid, places_e7[i, 0], places_e7[i, 1])
        own = Candidates(found.segment[i], found.share[i], found.distance_m[i])
        # The narrower side of a cell counts.
        cell_m = min(grid.frame[2] * METRES_PER_E7, grid.frame[3] * spot.metres_east)
        around, seen_m = FIRST_REACH, 0.0
        while seen_m < min(reach_m, own.distance_m[0] + more_m):
            _look(grid, shape, is_usable, spot, around, own)
            # A piece may be listed one cell away from where it passes a corner.
            seen_m = (around - 1) * cell_m
            around *= 2
        for n in range(NEAREST):
            if own.distance_m[n] > reach_m:
                own.segment[n] = -1
                own.distance_m[n] = np.inf
    return found


@compiled
def _spot(grid: Grid, lat: float, lon: float) -> Spot:
    south, west, height, width = grid.frame
    return Spot(
        lat,
        lon,
        METRES_PER_E7 * np.cos(np.radians(lat / 1e7)),
        int(np.floor((lat - south) / height)),
        int(np.floor((lon - west) / width)),
    )


@compiled
def _look(
    grid: Grid, shape: Shape, is_usable: Bools, spot: Spot, around: int, own: Candidates
) -> None:
    """Look at all pieces in the cells around one place."""
    west, east = max(0, spot.column - around), max(-1, spot.column + around)
    for row in range(max(0, spot.row - around), spot.row + around + 1):
        a = np.searchsorted(grid.cell, row * COLUMNS + west)
        b = np.searchsorted(grid.cell, row * COLUMNS + east, side="right")
        for p in grid.piece[grid.first[a] : grid.first[max(a, b)]]:
            segment = grid.segment[p]
            if is_usable[segment]:
                share, distance_m = _project(shape, p, spot)
                if distance_m < own.distance_m[NEAREST - 1]:
                    start_m = shape.along_m[shape.span[segment, 0]]
                    length_m = shape.along_m[shape.span[segment, 1]] - start_m
                    step_m = shape.along_m[p + 1] - shape.along_m[p]
                    along_m = shape.along_m[p] + share * step_m - start_m
                    _keep(own, segment, along_m / max(length_m, 1e-9), distance_m)


@compiled
def _project(shape: Shape, p: int, spot: Spot) -> tuple[float, float]:
    """Return the share of a piece at which it is nearest to a place, and how near."""
    a, b = shape.points_e7[p], shape.points_e7[p + 1]
    north = (a[0] - spot.lat) * METRES_PER_E7
    east = (a[1] - spot.lon) * spot.metres_east
    step_north = (float(b[0]) - a[0]) * METRES_PER_E7
    step_east = (float(b[1]) - a[1]) * spot.metres_east
    square = max(step_north**2 + step_east**2, 1e-9)
    share = min(1.0, max(0.0, -(north * step_north + east * step_east) / square))
    return share, np.hypot(north + share * step_north, east + share * step_east)


@compiled
def _keep(own: Candidates, segment: int, share: float, distance_m: float) -> None:
    """Keep a place among the nearest ones, the nearest of each segment only."""
    n = NEAREST - 1
    for k in range(NEAREST):
        if own.segment[k] == segment:
            if distance_m >= own.distance_m[k]:
                return
            n = k
    while n > 0 and distance_m < own.distance_m[n - 1]:
        own.segment[n] = own.segment[n - 1]
        own.share[n] = own.share[n - 1]
        own.distance_m[n] = own.distance_m[n - 1]
        n -= 1
    own.segment[n] = segment
    own.share[n] = min(1.0, max(0.0, share))
    own.distance_m[n] = distance_m
