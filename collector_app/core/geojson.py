"""Features of GeoJSON (RFC 7946): the longitude comes first there, and nowhere else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

Feature = dict[str, Any]
MEDIA_TYPE = "application/geo+json"


def feature(row_id: int, geometry: Any, properties: Mapping[str, Any]) -> Feature:
    """Return a row with where it lies; a geometry of None when nobody knows."""
    return {"type": "Feature", "id": row_id, "geometry": geometry, "properties": properties}


def point(lat: float | None, lon: float | None) -> dict[str, Any] | None:
    """Return a place, WGS-84 degrees; None when it is not known."""
    if lat is None or lon is None:
        return None
    return {"type": "Point", "coordinates": [lon, lat]}


def line(points: Iterable[tuple[float, float]]) -> dict[str, Any] | None:
    """Return a line through points, lat before lon; None when there are not two of them."""
    places = [[lon, lat] for lat, lon in points]
    return {"type": "LineString", "coordinates": places} if len(places) > 1 else None


def area(ring: Iterable[tuple[float, float]]) -> dict[str, Any]:
    """Return what a closed ring encloses, lat before lon; RFC 7946 wants it counterclockwise."""
    return {"type": "Polygon", "coordinates": [[[lon, lat] for lat, lon in ring]]}


def geojson_lines(features: Iterable[Feature]) -> Iterator[bytes]:
    """Yield a collection of features, each when it is there."""
    yield b'{"type":"FeatureCollection","features":['
    for number, one in enumerate(features):
        yield (b",\n" if number else b"\n") + msgspec.json.encode(one)
    yield b"\n]}\n"
