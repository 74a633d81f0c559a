"""Reads what lies around the streets of an extract: water, green areas, buildings, places."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
import shapely

from routing.travel.streets.basemap.schema import (
    BUILDING,
    BUILDINGS_ZOOM,
    KEYS,
    MIN_ZOOM,
    PLACES,
    WATERWAYS,
    area_of,
    feature,
    spanish_name,
)
from routing.travel.streets.extract import open_extract
from routing.travel.streets.rules import Tags

Write = Callable[[str, str], object]  # layer, line of features
OBJECTS_BETWEEN_REPORTS = 10_000


@dataclass(slots=True)
class Surroundings:
    """What is known only when the whole extract was read.

    Attributes
    ----------
    coast : list of LineString
        Shores as they are drawn, water to the right.
    spanish_names : dict
        Name in Spanish of each way that has one of its own.
    """

    coast: list[shapely.LineString] = field(default_factory=list)
    spanish_names: dict[int, str] = field(default_factory=dict)


def draw_surroundings(
    extract: Path, write: Write, on_objects: Callable[[int], None] = lambda count: None
) -> Surroundings:
    """Hand every area, river and place to `write`; what has no shape by mistake is left out.

    Raises
    ------
    UnusableExtract
        If the extract can't be read.
    """
    found = Surroundings()
    factory = osmium.geom.GeoJSONFactory()
    for count, item in enumerate(open_extract(extract, KEYS, areas=True), start=1):
        if count % OBJECTS_BETWEEN_REPORTS == 0:
            on_objects(count)
        tags = {tag.k: tag.v for tag in item.tags}
        try:
            _draw(item, tags, factory, write, found)
        except (RuntimeError, osmium.InvalidLocationError):
            continue  # the extract cuts it, or its outline crosses itself
    return found


def _draw(item: Any, tags: Tags, factory: Any, write: Write, found: Surroundings) -> None:
    if item.is_area():
        _draw_area(item, tags, factory, write)
    elif item.is_way():
        _draw_way(item, tags, factory, write, found)
    elif item.is_node() and tags.get("place") in PLACES and "name" in tags:
        kind, zoom = PLACES[tags["place"]]
        detail = tags["place"]
        name = spanish_name(tags)
        shape = factory.create_point(item)
        write("places", feature(shape, zoom, kind=kind, kind_detail=detail, name=name))


def _draw_area(item: Any, tags: Tags, factory: Any, write: Write) -> None:
    layer_and_kind = area_of(tags)
    if layer_and_kind is None:
        return
    layer, kind = layer_and_kind
    shape = factory.create_multipolygon(item)
    if layer_and_kind == BUILDING:  # nobody reads their names: the stops have their own
        write(layer, feature(shape, BUILDINGS_ZOOM, kind=kind))
    else:
        write(layer, feature(shape, MIN_ZOOM, kind=kind, name=spanish_name(tags)))


def _draw_way(item: Any, tags: Tags, factory: Any, write: Write, found: Surroundings) -> None:
    if "name:es" in tags:
        found.spanish_names[item.id] = tags["name:es"]
    if tags.get("natural") == "coastline":
        found.coast.append(shapely.from_geojson(factory.create_linestring(item)))
    kind = tags.get("waterway")
    if kind in WATERWAYS:
        shape = factory.create_linestring(item)
        write("water", feature(shape, WATERWAYS[kind], kind=kind, name=spanish_name(tags)))
