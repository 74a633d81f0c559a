"""Believable places for invented clients: beside real streets, with their names and numbers."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from routing.geo import EARTH_RADIUS_M, Point
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Network
from routing.travel.streets.pack import Pack
from routing.travel.streets.rules import CLASS_NUMBER
from routing.travel.streets.snap import StreetIndex

# How many doors a metre of each kind of street has, beside a metre of residential street.
DOORS = {
    "residential": 1.0,
    "living_street": 1.0,
    "unclassified": 0.4,
    "tertiary": 0.5,
    "secondary": 0.25,
}
NEAREST_DOOR_M, FARTHEST_DOOR_M = 5.0, 25.0
FIRST_NUMBER = 100  # about one number per metre from the end of the street, even on the right
MOST_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the administrative layer."""

    name: str
    municipality: str
    population: int
    area: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Address:
    """Where an invented client lives."""

    point: Point
    street: str
    number: int
    neighbourhood: str
    municipality: str


def read_zones(layer: Path) -> list[Zone]:
    """Read the zones that ``write_demo_city`` wrote."""
    features = json.loads(layer.read_text("utf-8"))["features"]
    return [
        Zone(
            name=feature["properties"]["name"],
            municipality=feature["properties"]["municipality"],
            population=feature["properties"]["population"],
            area=shapely.from_geojson(json.dumps(feature["geometry"])),
        )
        for feature in features
    ]


def invent_addresses(pack: Pack, zones: Sequence[Zone], count: int, seed: int) -> list[Address]:
    """Invent `count` different addresses; the same seed gives the same ones.

    Each lies 5 to 25 m off a named street that the connected city reaches, and nearer to no other
    street. Zones get addresses in proportion to their inhabitants, streets within a zone in
    proportion to their length.

    Raises
    ------
    ValueError
        If the zones have not that many doors.
    """
    town = _Town.of(pack.network, _reachable(pack), zones)
    dice = np.random.default_rng(seed)
    found: dict[tuple[str, int, str], Address] = {}
    for _ in range(MOST_ROUNDS):
        for address in town.some_addresses(zones, count, dice) if len(town.segments) else ():
            found.setdefault((address.street, address.number, address.municipality), address)
        if len(found) >= count:
            return list(found.values())[:count]
    raise ValueError(f"the zones have doors for {len(found)} addresses, expected {count}")


def _reachable(pack: Pack) -> NDArray[np.bool_]:
    """Return the segments that motorcycles and walkers reach from the rest of the city."""
    mains = [pack.graphs[name].is_main[0].reshape(-1, 2).any(axis=1) for name in pack.graphs]
    reachable: NDArray[np.bool_] = np.logical_and.reduce(mains)
    return reachable


@dataclass(frozen=True, slots=True)
class _Town:
    """The segments that have doors, with the share of doors and the chainage of each."""

    network: Network
    index: StreetIndex
    segments: NDArray[np.intp]
    share: NDArray[np.float64]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]

    @staticmethod
    def of(network: Network, is_reachable: NDArray[np.bool_], zones: Sequence[Zone]) -> "_Town":
        doors = np.zeros(256)
        for name, per_metre in DOORS.items():
            doors[CLASS_NUMBER[name]] = per_metre
        weight = doors[network.road_class] * network.length_m()
        has_name = np.array([bool(name) for name in network.names])[network.name]
        segments = np.flatnonzero(is_reachable & has_name & (weight > 0))
        middle = network.node_e7[network.ends[segments]].mean(axis=1) / E7
        zone = _zone_of(middle, zones)
        segments, zone = segments[zone >= 0], zone[zone >= 0]
        weight = weight[segments]
        in_zone = np.bincount(zone, weights=weight, minlength=len(zones))
        people = np.array([one.population for one in zones], dtype=np.float64)
        share = people[zone] * weight / in_zone[zone]
        from_m, to_m = _chainage_m(network, segments)
        index = StreetIndex(network, is_reachable)
        return _Town(network, index, segments, share / max(share.sum(), 1e-9), from_m, to_m)

    def some_addresses(
        self, zones: Sequence[Zone], count: int, dice: np.random.Generator
    ) -> Iterator[Address]:
        """Yield up to `count` addresses, those that turn out nearer to another street left out."""
        rows = dice.choice(len(self.segments), size=count, p=self.share)
        along = dice.random(count)
        side = dice.choice([-1, 1], size=count)
        away_m = dice.uniform(NEAREST_DOOR_M, FARTHEST_DOOR_M, count)
        points = [
            self._beside(self.segments[row], *place)
            for row, *place in zip(rows, along, side * away_m, strict=True)
        ]
        zone = _zone_of(np.array(points), zones)
        is_good = self._is_nearest(points, self.segments[rows]) & (zone >= 0)
        metre = self.from_m[rows] + along * (self.to_m[rows] - self.from_m[rows])
        number = FIRST_NUMBER + 2 * np.rint(metre / 2).astype(np.int64) + (side > 0)
        for i in np.flatnonzero(is_good):
            around = zones[zone[i]]
            name = self.network.names[self.network.name[self.segments[rows[i]]]]
            yield Address(points[i], name, int(number[i]), around.name, around.municipality)

    def _beside(self, segment: int, along: float, left_m: float) -> Point:
        """Return the place `left_m` metres to the left of a segment, `along` (0-1) its length."""
        first, last = self.network.span[segment]
        metre = self.network.along_m[first : last + 1] - self.network.along_m[first]
        piece = int(np.searchsorted(metre, along * metre[-1], side="right")) - 1
        piece = min(max(piece, 0), len(metre) - 2)
        a, b = self.network.shape_e7[first + piece : first + piece + 2] / E7
        share = (along * metre[-1] - metre[piece]) / max(metre[piece + 1] - metre[piece], 1e-9)
        scale = np.radians(1) * EARTH_RADIUS_M
        north, east = (b - a) * (scale, scale * np.cos(np.radians(a[0])))
        length = max(float(np.hypot(north, east)), 1e-9)
        place = a + share * (b - a)
        place += left_m / length * np.array([east, -north]) / (scale, scale * _cos(a[0]))
        return Point(float(place[0]), float(place[1]))

    def _is_nearest(self, points: list[Point], segments: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell which points lie nearest to the street whose name they carry."""
        snaps = self.index.snap(points)
        nearest, first = np.unique(snaps.point, return_index=True)
        is_nearest = np.zeros(len(points), dtype=np.bool_)
        name = self.network.name
        is_nearest[nearest] = name[snaps.segment[first]] == name[segments[nearest]]
        is_nearest[nearest] &= snaps.distance_m[first] >= NEAREST_DOOR_M - 1
        return is_nearest


def _cos(lat: float) -> float:
    return float(np.cos(np.radians(lat)))


def _zone_of(degrees: NDArray[np.float64], zones: Sequence[Zone]) -> NDArray[np.intp]:
    """Return the zone in which each place (latitude, longitude) lies, -1 for none."""
    tree = shapely.STRtree([zone.area for zone in zones])
    rows, found = tree.query(shapely.points(degrees[:, ::-1]), predicate="within")
    zone = np.full(len(degrees), -1, dtype=np.intp)
    zone[rows] = found
    return zone


def _chainage_m(
    network: Network, segments: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far both ends of each segment are from the western end of its street, metres.

    A street is what hangs together under one name.
    """
    if not len(segments):
        return np.zeros(0), np.zeros(0)
    # A junction counts once per street that passes it.
    names = network.name[segments].astype(np.int64)
    keys = names[:, None] * len(network.node_e7) + network.ends[segments]
    unique, node = np.unique(keys, return_inverse=True)
    node = node.reshape(keys.shape)
    size = len(unique)
    links = csr_matrix(
        (np.maximum(network.length_m()[segments], 0.01), (node[:, 0], node[:, 1])),
        shape=(size, size),
    )
    _, street = connected_components(links, directed=False)
    longitude = network.node_e7[unique % len(network.node_e7), 1]
    order = np.lexsort((longitude, street))
    western = order[np.searchsorted(street[order], np.arange(street.max() + 1))]
    metres = dijkstra(links, directed=False, indices=western, min_only=True)  # each from its own
    return metres[node[:, 0]], metres[node[:, 1]]
