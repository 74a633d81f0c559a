"""Reads from an extract what an address book needs beside the streets themselves.

Places with their outlines, the numbers of houses, and the other names of streets: one more pass
over the file that looks only at what carries one of a few keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
import shapely.wkb

from routing.geo import Point
from routing.travel.streets.addresses.places import FoundPlaces, Place, PlaceKind
from routing.travel.streets.addresses.words import split_number, tokens_of
from routing.travel.streets.extract import open_extract

OTHER_NAMES = ("alt_name", "old_name", "short_name", "loc_name", "official_name", "ref")
_KEYS = ("addr:housenumber", "addr:interpolation", "place", "boundary", *OTHER_NAMES)
_KIND_OF_PLACE = {
    "neighbourhood": PlaceKind.NEIGHBOURHOOD,
    "suburb": PlaceKind.NEIGHBOURHOOD,
    "quarter": PlaceKind.NEIGHBOURHOOD,
    "city_block": None,
    "city": PlaceKind.MUNICIPALITY,
    "town": PlaceKind.MUNICIPALITY,
    "village": PlaceKind.MUNICIPALITY,
    "municipality": PlaceKind.MUNICIPALITY,
    "state": PlaceKind.STATE,
}
# admin_level of boundaries; Mexico: 4 state, 6 municipality, 9 or 10 colonia. Source: the table of
# levels by country in OpenStreetMap's wiki, "Tag:boundary=administrative".
_STATE_LEVELS = frozenset({4})
_MUNICIPAL_LEVELS = frozenset({5, 6, 7, 8})
_NEIGHBOURHOOD_LEVELS = frozenset({9, 10, 11})
OUTLINE_DETAIL_DEGREES = 0.00002  # two metres: finer than any address
_FARTHEST_STEP = 400  # numbers between two ends of an interpolation beyond which it is a mistake


@dataclass(frozen=True, slots=True)
class House:
    """The number of a house as the map has it."""

    street: str
    number: int
    letter: str
    lat: float
    lon: float


@dataclass(slots=True)
class Gathered:
    """What one pass over the extract found.

    Attributes
    ----------
    other_names : dict
        Way of a street -> its other names.
    unusable_houses : int
        Houses without a number, or without the name of their street.
    """

    places: FoundPlaces = field(default_factory=FoundPlaces)
    houses: list[House] = field(default_factory=list)
    other_names: dict[int, list[str]] = field(default_factory=dict)
    unusable_houses: int = 0


@dataclass(slots=True)
class _State:
    """What is only known when the whole file was read."""

    found: Gathered = field(default_factory=Gathered)
    numbered_nodes: dict[int, House] = field(default_factory=dict)
    claimed: dict[tuple[bool, int], str] = field(default_factory=dict)  # (is way, id) -> name
    closed: set[tuple[bool, int]] = field(default_factory=set)


def gather(extract: Path) -> Gathered:
    """Read places, houses and other names of streets.

    Raises
    ------
    UnusableExtract
        If the file can't be read.
    """
    state = _State()
    for item in open_extract(extract, _KEYS, areas=True):
        tags = {tag.k: tag.v for tag in item.tags}
        if item.is_area():
            _take_area(state, item, tags)
        elif item.is_node():
            _take_node(state, item, tags)
        elif item.is_way():
            _take_way(state, item, tags)
        elif _kind_of(tags) and "name" in tags:
            state.claimed[False, item.id] = tags["name"]
    open_ones = [name for key, name in state.claimed.items() if key not in state.closed]
    state.found.places.skipped.extend(sorted(open_ones))
    _drop_doubled_points(state.found.places)
    return state.found


def _take_area(state: _State, area: Any, tags: dict[str, str]) -> None:
    kind = _kind_of(tags)
    name = tags.get("name", "").strip()
    if "addr:housenumber" in tags:
        _take_building(state, area, tags)
    if kind is None or not name:
        return
    key = (bool(area.from_way()), int(area.orig_id()))
    outline = _outline(area)
    if outline is None:
        state.claimed[key] = name
        return
    state.closed.add(key)
    middle = shapely.point_on_surface(outline)
    state.found.places.places.append(
        Place(name, kind, Point(middle.y, middle.x), _level(tags), outline)
    )


def _take_building(state: _State, area: Any, tags: dict[str, str]) -> None:
    """Take the number of a building drawn as an area; its ways come once more as ways."""
    outline = _outline(area)
    if outline is not None and not area.from_way():
        middle = shapely.centroid(outline)
        _add_house(state, tags, middle.y, middle.x)


def _take_node(state: _State, node: Any, tags: dict[str, str]) -> None:
    if not node.location.valid():
        return
    lat, lon = node.location.lat, node.location.lon
    if "addr:housenumber" in tags:
        for house in _add_house(state, tags, lat, lon):
            state.numbered_nodes[node.id] = house
    kind = _KIND_OF_PLACE.get(tags.get("place", ""))
    if kind is not None and tags.get("name", "").strip():
        state.found.places.places.append(Place(tags["name"].strip(), kind, Point(lat, lon)))


def _take_way(state: _State, way: Any, tags: dict[str, str]) -> None:
    if "highway" in tags:
        others = [part for key in OTHER_NAMES for part in tags.get(key, "").split(";")]
        names = [name.strip() for name in others if name.strip()]
        if names:
            state.found.other_names[way.id] = names
        return
    points = [node.location for node in way.nodes if node.location.valid()]
    if not points:
        return
    if "addr:interpolation" in tags:
        state.found.houses.extend(_between(state, way, tags))
    elif "addr:housenumber" in tags:
        lat = sum(point.lat for point in points) / len(points)
        _add_house(state, tags, lat, sum(point.lon for point in points) / len(points))
    if _kind_of(tags) and "name" in tags and not _is_part_of_boundary(way, tags):
        state.claimed[True, way.id] = tags["name"]


def _is_part_of_boundary(way: Any, tags: dict[str, str]) -> bool:
    """Tell whether an open way is only one side of a boundary, which a relation closes."""
    return "place" not in tags and not way.is_closed()


def _add_house(state: _State, tags: dict[str, str], lat: float, lon: float) -> list[House]:
    street = (tags.get("addr:street") or tags.get("addr:place") or "").strip()
    numbers = [
        token for part in tags["addr:housenumber"].split(";") for token in tokens_of(part)[:1]
    ]
    houses = [
        House(street, *split_number(token), lat, lon)
        for token in numbers
        if street and token[0].isdigit() and len(token) <= 9
    ]
    state.found.houses.extend(houses)
    state.found.unusable_houses += not houses
    return houses


def _between(state: _State, way: Any, tags: dict[str, str]) -> Iterator[House]:
    """Yield the houses between the numbered ends of an interpolation way."""
    numbered = [
        (i, house)
        for i, node in enumerate(way.nodes)
        if (house := state.numbered_nodes.get(node.ref)) is not None
    ]
    step = 1 if tags["addr:interpolation"] == "all" else 2
    line = np.array([(node.location.lat, node.location.lon) for node in way.nodes])
    for (i, first), (j, last) in pairwise(numbered):
        if first.street != last.street or abs(last.number - first.number) > _FARTHEST_STEP:
            continue
        count = abs(last.number - first.number) // step
        part = line[i : j + 1]
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(part, axis=0).T))])
        sign = 1 if last.number > first.number else -1
        for n in range(1, count):
            metre = along[-1] * n / count
            lat, lon = (float(np.interp(metre, along, axis)) for axis in part.T)
            yield House(first.street, first.number + sign * step * n, "", lat, lon)


def _kind_of(tags: dict[str, str]) -> PlaceKind | None:
    if tags.get("place") in _KIND_OF_PLACE:
        return _KIND_OF_PLACE[tags["place"]]
    if tags.get("boundary") != "administrative":
        return None
    level = _level(tags)
    if level in _NEIGHBOURHOOD_LEVELS:
        return PlaceKind.NEIGHBOURHOOD
    if level in _MUNICIPAL_LEVELS:
        return PlaceKind.MUNICIPALITY
    return PlaceKind.STATE if level in _STATE_LEVELS else None


def _level(tags: dict[str, str]) -> int | None:
    text = tags.get("admin_level", "")
    return int(text) if text.isdigit() and len(text) <= 2 else None


_WKB = osmium.geom.WKBFactory()


def _outline(area: Any) -> shapely.Geometry | None:
    """Return the outline of an area, None when it can't be made into one."""
    try:
        raw = shapely.wkb.loads(_WKB.create_multipolygon(area), hex=True)
    except RuntimeError:
        return None
    outline = shapely.make_valid(shapely.simplify(raw, OUTLINE_DETAIL_DEGREES))
    parts = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    if not parts:
        return None
    whole = shapely.union_all(parts)
    return None if whole.is_empty else shapely.set_precision(whole, 1e-6)


def _drop_doubled_points(found: FoundPlaces) -> None:
    """Drop the point of a place whose outline is known, too: many maps have both."""
    outlined = {(place.name, place.kind) for place in found.places if place.outline is not None}
    found.places[:] = [
        place
        for place in found.places
        if place.outline is not None or (place.name, place.kind) not in outlined
    ]
