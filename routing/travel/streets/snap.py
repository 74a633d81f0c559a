"""Puts points on the nearest streets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from routing.geo import EARTH_RADIUS_M, Point, is_on_earth
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Bools, Floats, Ints, Network
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES, FERRY, NO_STOPPING
from routing.travel.times import MAX_SNAP_M

# A second street this much farther than the nearest is as good: the house is on a corner.
CORNER_M = 10.0
MOST_CANDIDATES = 2
# A motorway is chosen only when every ordinary street is this much farther away.
NO_STOPPING_M = 300.0
# Distance between the samples of the index: finer costs memory, coarser costs time.
SPACING_M = 40.0


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

    def taken(self, chosen: NDArray[np.intp]) -> "Snaps":
        """Return some of the rows."""
        return Snaps(
            self.point[chosen], self.segment[chosen], self.share[chosen], self.distance_m[chosen]
        )

    def nearest_m(self, count: int) -> Floats:
        """Return the distance of each of `count` points from its street, infinite for none."""
        nearest = np.full(count, np.inf)
        np.minimum.at(nearest, self.point, self.distance_m)
        return nearest


class StreetIndex:
    """Finds the nearest of the segments where `is_usable` holds; safe under threads."""

    def __init__(self, network: Network, is_usable: Bools) -> None:
        """Index the segments, those where one can stop apart from the motorways."""
        is_usable = is_usable & (network.road_class != CLASS_NUMBER[FERRY])  # no door is at sea
        no_stopping = [CLASSES.index(name) for name in NO_STOPPING]
        can_stop = ~np.isin(network.road_class, no_stopping)
        self._streets = _Samples(network, np.flatnonzero(is_usable & can_stop))
        self._motorways = _Samples(network, np.flatnonzero(is_usable & ~can_stop))

    def snap(self, points: Sequence[Point]) -> Snaps:
        """Put each point on its nearest street, and on a second one if that is as near.

        Points that are not on the Earth, or farther than ``MAX_SNAP_M`` from every street, have no
        row in the answer.
        """
        on_earth = np.flatnonzero([is_on_earth(point) for point in points]).astype(np.int32)
        degrees = np.array(points, dtype=np.float64).reshape(-1, 2)[on_earth]
        streets = self._streets.near(degrees)
        motorways = self._motorways.near(degrees)
        street_m = streets.nearest_m(len(on_earth)) - NO_STOPPING_M
        is_on_motorway = motorways.nearest_m(len(on_earth)) < street_m
        chosen = _joined(
            streets.taken(np.flatnonzero(~is_on_motorway[streets.point])),
            motorways.taken(np.flatnonzero(is_on_motorway[motorways.point])),
        )
        return Snaps(on_earth[chosen.point], chosen.segment, chosen.share, chosen.distance_m)


class _Samples:
    """Points along some segments, with the straight pieces they stand for."""

    def __init__(self, network: Network, segments: NDArray[np.intp]) -> None:
        self._network = network
        first, last = network.span[segments].T
        count = last - first
        segment = np.repeat(segments, count)
        begin = np.repeat(np.cumsum(count) - count, count)
        piece = np.repeat(first, count) + np.arange(len(begin)) - begin
        length = network.along_m[piece + 1] - network.along_m[piece]
        samples = np.maximum(1, np.ceil(length / SPACING_M)).astype(np.int64)
        begin = np.repeat(np.cumsum(samples) - samples, samples)
        share = (np.arange(len(begin)) - begin + 0.5) / np.repeat(samples, samples)
        self._piece = np.repeat(piece, samples)
        self._segment = np.repeat(segment, samples)
        a, b = (network.shape_e7[self._piece + i] / E7 for i in (0, 1))
        self._tree = cKDTree(_on_sphere(a + (b - a) * share[:, None])) if len(segments) else None

    def near(self, degrees: Floats) -> Snaps:
        """Return the candidates of each place, best first."""
        if self._tree is None or not len(degrees):
            none = np.zeros(0, dtype=np.int32)
            return Snaps(none, none, np.zeros(0), np.zeros(0))
        places = _on_sphere(degrees)
        # A sample is at most half a spacing from any place on its piece.
        reach_m = MAX_SNAP_M + SPACING_M / 2
        nearest, _ = self._tree.query(places, distance_upper_bound=reach_m)
        within = np.flatnonzero(np.isfinite(nearest))
        radius = nearest[within] + CORNER_M + SPACING_M / 2
        found = self._tree.query_ball_point(places[within], radius)
        count = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        point = np.repeat(within, count)
        sample = np.fromiter((i for one in found for i in one), dtype=np.int64, count=count.sum())
        return _best(self._project(degrees[point], point, sample))

    def _project(
        self, degrees: Floats, point: NDArray[np.intp], sample: NDArray[np.int64]
    ) -> Snaps:
        network = self._network
        piece, segment = self._piece[sample], self._segment[sample]
        # Metres east and north of the place itself: exact enough within a few kilometres.
        scale = np.radians(1) * EARTH_RADIUS_M
        scales = np.column_stack([np.full(len(degrees), scale), scale * _cos_lat(degrees)])
        a = (network.shape_e7[piece] / E7 - degrees) * scales
        step = (network.shape_e7[piece + 1] - network.shape_e7[piece]) / E7 * scales
        square = np.maximum((step**2).sum(axis=1), 1e-9)
        share = np.clip(-(a * step).sum(axis=1) / square, 0.0, 1.0)
        distance_m = np.hypot(*(a + share[:, None] * step).T)
        along_m = network.along_m
        start_m = along_m[network.span[segment, 0]]
        length_m = along_m[network.span[segment, 1]] - start_m
        place_m = along_m[piece] + share * (along_m[piece + 1] - along_m[piece]) - start_m
        return Snaps(
            point.astype(np.int32),
            segment.astype(np.int32),
            np.clip(place_m / np.maximum(length_m, 1e-9), 0.0, 1.0),
            distance_m,
        )


def _best(found: Snaps) -> Snaps:
    """Keep the best place on each segment, then the best segments of each point."""
    order = np.lexsort((found.distance_m, found.segment, found.point))
    found = found.taken(order)
    is_first = _starts(found.point) | _starts(found.segment)
    found = found.taken(np.flatnonzero(is_first))
    found = found.taken(np.lexsort((found.distance_m, found.point)))
    start = np.flatnonzero(_starts(found.point))
    count = np.diff(np.append(start, len(found.point)))
    rank = np.arange(len(found.point)) - np.repeat(start, count)
    nearest_m = np.repeat(found.distance_m[start], count)
    is_kept = (rank < MOST_CANDIDATES) & (found.distance_m <= nearest_m + CORNER_M)
    return found.taken(np.flatnonzero(is_kept & (found.distance_m <= MAX_SNAP_M)))


def _starts(values: Ints) -> Bools:
    is_start = np.ones(len(values), dtype=np.bool_)
    is_start[1:] = values[1:] != values[:-1]
    return is_start


def _joined(a: Snaps, b: Snaps) -> Snaps:
    both = Snaps(
        np.concatenate([a.point, b.point]),
        np.concatenate([a.segment, b.segment]),
        np.concatenate([a.share, b.share]),
        np.concatenate([a.distance_m, b.distance_m]),
    )
    return both.taken(np.argsort(both.point, kind="stable"))


def _on_sphere(degrees: Floats) -> Floats:
    lat, lon = np.radians(degrees).T
    unit = [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    places: Floats = EARTH_RADIUS_M * np.column_stack(unit)
    return places


def _cos_lat(degrees: Floats) -> Floats:
    cos: Floats = np.cos(np.radians(degrees[:, 0]))
    return cos
