"""Puts points on the nearest streets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.geo import EARTH_RADIUS_M, Point, is_on_earth
from routing.travel.streets import kernels
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Bools, Floats, Ints, Network
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES, FERRY, NO_STOPPING
from routing.travel.times import MAX_SNAP_M

# A second street this much farther than the nearest is as good: the house is on a corner.
CORNER_M = 10.0
# A motorway is chosen only when every ordinary street is this much farther away.
NO_STOPPING_M = 300.0
# Side of a cell of the index: about a block.
CELL_M = 100.0


@dataclass(frozen=True, slots=True)
class Snaps:
    """Where points are on the streets, best first, sorted by point.

    Attributes
    ----------
    point : int32[k]
        Index of the point; points that are far from every street have no row.
    segment : int32[k]
    share : float64[k]
        Place along the segment, 0 at its first junction, 1 at its last.
    distance_m : float64[k]
        From the point to that place.
    """

    point: Ints
    segment: Ints
    share: Floats
    distance_m: Floats

    def nearest_m(self, count: int) -> Floats:
        """Return the distance of each of `count` points from its street, infinite for none."""
        nearest = np.full(count, np.inf)
        np.minimum.at(nearest, self.point, self.distance_m)
        return nearest


@dataclass(frozen=True, slots=True)
class GridIndex:
    """Which pieces of streets pass each cell of a grid; see ``kernels.Grid``."""

    frame: NDArray[np.int64]
    cell: NDArray[np.int64]
    first: NDArray[np.int64]
    piece: Ints
    segment: Ints

    @property
    def grid(self) -> kernels.Grid:
        """Return the grid as the search takes it."""
        return kernels.Grid(self.frame, self.cell, self.first, self.piece, self.segment)


def build_index(network: Network) -> GridIndex:
    """List the pieces of all streets by cell."""
    first, last = network.span.T
    count = last - first
    segment = np.full(len(network.shape_e7), -1, dtype=np.int32)
    begin = np.repeat(np.cumsum(count) - count, count)
    piece = np.repeat(first, count) + np.arange(len(begin)) - begin
    segment[piece] = np.repeat(np.arange(network.segment_count, dtype=np.int32), count)
    frame = _frame(network.shape_e7)
    entries = _cells_passed(network, piece, frame)
    cell, first_entry = np.unique(entries[:, 0], return_index=True)
    columns = (frame, cell, np.append(first_entry, len(entries)))
    pieces = entries[:, 1].astype(np.int32)
    for column in (*columns, pieces, segment):
        column.setflags(write=False)  # like those of a pack: the loops are compiled for one kind
    return GridIndex(*columns, pieces, segment)


def _frame(shape_e7: Ints) -> NDArray[np.int64]:
    south, west = shape_e7.min(axis=0)
    north = shape_e7[:, 0].max()
    e7_per_m = E7 / (np.radians(1) * EARTH_RADIUS_M)
    middle = np.radians((float(south) + float(north)) / 2 / E7)
    height, width = CELL_M * e7_per_m, CELL_M * e7_per_m / max(0.01, np.cos(middle))
    return np.array([south, west, height, width], dtype=np.int64)


def _cells_passed(network: Network, piece: Ints, frame: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (cell, piece) rows in order, from samples along the pieces half a cell apart."""
    length_m = network.along_m[piece + 1] - network.along_m[piece]
    steps = np.ceil(length_m / (CELL_M / 2)).astype(np.int64) + 1
    begin = np.repeat(np.cumsum(steps) - steps, steps)
    share = (np.arange(len(begin)) - begin) / np.repeat(np.maximum(steps - 1, 1), steps)
    sampled = np.repeat(piece, steps)
    a = network.shape_e7[sampled].astype(np.float64)
    place = a + (network.shape_e7[sampled + 1] - a) * share[:, None]
    row, column = np.floor((place - frame[:2]) / frame[2:]).astype(np.int64).T
    order = np.lexsort((sampled, row * kernels.COLUMNS + column))
    entries = np.column_stack([row * kernels.COLUMNS + column, sampled])[order]
    is_new = np.ones(len(entries), dtype=np.bool_)
    is_new[1:] = (entries[1:] != entries[:-1]).any(axis=1)
    kept: NDArray[np.int64] = entries[is_new]
    return kept


class StreetIndex:
    """Finds the nearest of the segments where `is_usable` holds; safe under threads."""

    def __init__(self, network: Network, is_usable: Bools, index: GridIndex | None = None) -> None:
        """Divide the segments into those where one can stop and the motorways.

        `index` is that of the network; it is made when it isn't given.
        """
        is_ashore = network.road_class != CLASS_NUMBER[FERRY]  # no door is at sea
        no_stopping = [CLASSES.index(name) for name in NO_STOPPING]
        can_stop = ~np.isin(network.road_class, no_stopping)
        self._streets = np.asarray(is_usable & is_ashore & can_stop)
        self._motorways = np.asarray(is_usable & is_ashore & ~can_stop)
        self._has_motorways = bool(self._motorways.any())
        self._grid = (index or build_index(network)).grid
        self._shape = network.shape

    def snap(self, points: Sequence[Point]) -> Snaps:
        """Put each point on its nearest street, and on a second one if that is as near.

        Points that are not on the Earth, or farther than ``MAX_SNAP_M`` from every street, have no
        row in the answer.
        """
        on_earth = np.flatnonzero([is_on_earth(point) for point in points])
        places_e7 = np.array(points, dtype=np.float64).reshape(-1, 2)[on_earth] * E7
        found = self._nearest(self._streets, places_e7)
        # Only who is that far from every street may be put on a motorway.
        far = np.flatnonzero(found.distance_m[:, 0] > NO_STOPPING_M)
        if self._has_motorways and len(far):
            motorways = self._nearest(self._motorways, places_e7[far])
            is_on = motorways.distance_m[:, 0] < found.distance_m[far, 0] - NO_STOPPING_M
            found.segment[far[is_on]] = motorways.segment[is_on]
            found.share[far[is_on]] = motorways.share[is_on]
            found.distance_m[far[is_on]] = motorways.distance_m[is_on]
        limit_m = found.distance_m[:, :1] + CORNER_M
        row, rank = np.nonzero((found.segment >= 0) & (found.distance_m <= limit_m))
        return Snaps(
            point=on_earth[row].astype(np.int32),
            segment=found.segment[row, rank],
            share=found.share[row, rank],
            distance_m=found.distance_m[row, rank],
        )

    def _nearest(self, is_usable: Bools, places_e7: Floats) -> kernels.Candidates:
        return kernels.nearest(self._grid, self._shape, is_usable, places_e7, MAX_SNAP_M, CORNER_M)
