"""Points on the Earth: lat before lon, always, and the only place where the order is swapped."""

from math import asin, cos, degrees, pi, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG 1980


class Point(NamedTuple):
    """A WGS-84 position, degrees, latitude first."""

    lat: float
    lon: float


def is_on_earth(point: Point) -> bool:
    """Tell whether latitude and longitude are inside their ranges (NaN is not)."""
    return -90.0 <= point.lat <= 90.0 and -180.0 <= point.lon <= 180.0


def to_lonlat(point: Point) -> tuple[float, float]:
    """Swap to the order that GeoJSON, OSRM and Valhalla use."""
    return point.lon, point.lat


def circle_around(centre: Point, radius_m: float, corners: int = 48) -> list[Point]:
    """Return a closed ring of points at that distance from a centre; metres, not at the poles."""
    up = degrees(radius_m / EARTH_RADIUS_M)
    across = up / cos(radians(centre.lat))
    turns = [2 * pi * i / corners for i in range(corners)]
    ring = [Point(centre.lat + up * sin(one), centre.lon + across * cos(one)) for one in turns]
    return [*ring, ring[0]]


def haversine_m(a: Point, b: Point) -> float:
    """Great-circle distance between two points, metres."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_chord = (
        sin((lat_b - lat_a) / 2) ** 2
        + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half_chord)))
