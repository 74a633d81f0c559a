"""Draws the offline map of a city pack: vector tiles of streets, water, green areas and places.

Layers follow the Protomaps basemap schema (see `schema`), so that its ready-made styles draw the
map as it is. Features go to disk as they are found: what stays in memory is the street network that
is there anyway, and one name's streets at a time.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.travel.streets.basemap.schema import (
    LAYERS,
    MAX_ZOOM,
    MIN_ZOOM,
    OTHER_ROAD,
    ROADS,
    feature,
)
from routing.travel.streets.basemap.sea import sea_within
from routing.travel.streets.basemap.surroundings import draw_surroundings
from routing.travel.streets.basemap.tiles import make_tiles
from routing.travel.streets.extract import E7, RawStreets
from routing.travel.streets.rules import CLASSES

__all__ = ["ATTRIBUTION", "MAX_ZOOM", "MIN_ZOOM", "build_basemap"]

ATTRIBUTION = "© OpenStreetMap contributors"
# Land around the outermost street, so that the city doesn't end at it.
MARGIN_DEGREES = 0.03
# Share of the work that is done before the tiles are cut; measured on Porto Alegre.
READING_PERCENT = 40

Bounds = tuple[float, float, float, float]


def build_basemap(
    extract: Path,
    raw: RawStreets,
    bounds: Bounds,
    basemap: Path,
    name: str,
    on_percent: Callable[[int], None] = lambda percent: None,
) -> None:
    """Write the map of the extract as a ``.pmtiles`` file.

    Parameters
    ----------
    extract : Path
        Read again for water, green areas, buildings and places.
    raw : RawStreets
        The streets, read from the same extract.
    bounds : south, west, north, east
        Land is drawn there and a little beyond. Water is what the extract draws as an area, and
        the right-hand side of its coastline.
    name : str
        Name of the city, kept in the file.
    on_percent : callable
        Told how much is done, 0-100.

    Raises
    ------
    UnusableExtract
        If the extract can't be read.
    BasemapFailed
        If the tiles can't be made.
    """
    south, west, north, east = bounds
    land = shapely.box(west, south, east, north).buffer(MARGIN_DEGREES, join_style="mitre")
    with tempfile.TemporaryDirectory(prefix="basemap-") as work:
        files = {layer: Path(work) / f"{layer}.geojsonl" for layer in LAYERS}
        with ExitStack() as stack:
            lines = {
                layer: stack.enter_context(file.open("w", encoding="utf-8"))
                for layer, file in files.items()
            }
            lines["earth"].write(feature(shapely.to_geojson(land), MIN_ZOOM, kind="earth"))
            coast = draw_surroundings(extract, lambda layer, line: lines[layer].write(line))
            for water in sea_within(coast, land):
                lines["water"].write(feature(shapely.to_geojson(water), MIN_ZOOM, kind="ocean"))
            lines["roads"].writelines(_roads(raw))
        on_percent(READING_PERCENT)
        drawn = {layer: file for layer, file in files.items() if file.stat().st_size}
        make_tiles(drawn, basemap, name, ATTRIBUTION, lambda done: on_percent(_whole(done)))


def _whole(tiles_percent: int) -> int:
    return READING_PERCENT + tiles_percent * (100 - READING_PERCENT) // 100


def _roads(raw: RawStreets) -> Iterator[str]:
    """Yield the streets, pieces of one name and class joined so that the name fits on them."""
    places = raw.shape_e7()[:, ::-1] / E7
    runs: dict[tuple[int, str], list[int]] = defaultdict(list)
    for run, way in enumerate(raw.ways):
        runs[(way.road_class, way.name)].append(run)
    for (road_class, name), several in runs.items():
        detail = CLASSES[road_class]
        kind, zoom = ROADS.get(detail, OTHER_ROAD)
        parts = [places[raw.first_nodes[run] : raw.first_nodes[run + 1]] for run in several]
        for shape in shapely.to_geojson(_joined(parts)):
            yield feature(shape, zoom, kind=kind, kind_detail=detail, name=name)


def _joined(parts: list[NDArray[np.float64]]) -> list[shapely.LineString]:
    lines = [shapely.LineString(part) for part in parts]
    if len(lines) == 1:
        return lines
    joined = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(lines)))
    return [line for line in joined if isinstance(line, shapely.LineString)]
