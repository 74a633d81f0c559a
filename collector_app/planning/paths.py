"""Reads the lines of routes as they are stored, the way `web.maps.encode_line` writes them.

Google's encoded polyline with 5 decimals, latitude before longitude. Source: the format as Google
documents it ("Encoded Polyline Algorithm Format"); about 1 m exact.
"""

from collections.abc import Iterator
from functools import lru_cache

from shapely import LineString

Position = tuple[float, float]  # lat, lon; degrees
_FACTOR = 100_000
_CITY_DEGREES = 0.0002


def decode(text: str) -> list[Position]:
    """Return the points of a line.

    Raises
    ------
    ValueError
        When the text ends within a number.
    """
    numbers = list(_decode_numbers(text))
    points: list[Position] = []
    lat = lon = 0
    for step_lat, step_lon in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + step_lat, lon + step_lon
        points.append((lat / _FACTOR, lon / _FACTOR))
    return points


@lru_cache(maxsize=1024)  # routes never change: a repaired plan has new ones
def outline_of(text: str) -> tuple[Position, ...]:
    """Return the points of a line that matter when a whole city is looked at; some 20 m exact."""
    points = decode(text)
    if len(points) < 3:
        return tuple(points)
    kept = LineString(points).simplify(_CITY_DEGREES)
    return tuple((lat, lon) for lat, lon in kept.coords)


def _decode_numbers(text: str) -> Iterator[int]:
    value = shift = 0
    for letter in text:
        chunk = ord(letter) - 63
        value |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            yield ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0
    if shift:
        message = "the encoded line ends within a number"
        raise ValueError(message)
