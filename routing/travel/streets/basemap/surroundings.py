"""Reads what lies around the streets of an extract: water, green areas, buildings, places."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import osmium
import shapely

from routing.travel.streets.basemap.schema import (
    BUILDING,
    BUILDINGS_ZOOM,
    COAST,
    DRAWN,
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
Coast = list[shapely.LineString]
OBJECTS_BETWEEN_REPORTS = 10_000


def draw_surroundings(
    extract: Path, write: Write, on_objects: Callable[[int], None] = lambda count: None
) -> Coast:
    """Hand every area, river and place to `write`; what has no shape by mistake is left out.

    Returns
    -------
    list of LineString
        The shores, as they are drawn: water to the right.

    Raises
    ------
    UnusableExtract
        If the extract can't be read.
    """
    coast: Coast = []
    factory = osmium.geom.GeoJSONFactory()
    for count, item in enumerate(open_extract(extract, DRAWN, areas=True), start=1):
        if count % OBJECTS_BETWEEN_REPORTS == 0:
            on_objects(count)
        tags = {tag.k: tag.v for tag in item.tags}
        try:
            _draw(item, tags, factory, write, coast)
        except (RuntimeError, osmium.InvalidLocationError):
            continue  # the extract cuts it, or its outline crosses itself
    return coast


def _draw(item: Any, tags: Tags, factory: Any, write: Write, coast: Coast) -> None:
    if item.is_area():
        _draw_area(item, tags, factory, write)
    elif item.is_way():
        _draw_way(item, tags, factory, write, coast)
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
    if layer_and_kind != BUILDING:
        shape = factory.create_multipolygon(item)
        write(layer, feature(shape, MIN_ZOOM, kind=kind, name=spanish_name(tags)))
    else:
        write(layer, feature(factory.create_multipolygon(item), BUILDINGS_ZOOM, kind=kind))


def _draw_way(item: Any, tags: Tags, factory: Any, write: Write, coast: Coast) -> None:
    if tags.get(COAST[0]) == COAST[1]:
        coast.append(shapely.from_geojson(factory.create_linestring(item)))
    kind = tags.get("waterway")
    if kind in WATERWAYS:
        shape = factory.create_linestring(item)
        write("water", feature(shape, WATERWAYS[kind], kind=kind, name=spanish_name(tags)))
