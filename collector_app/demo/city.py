"""The demo city: La Serena and Coquimbo, Chile, written as an ordinary OpenStreetMap extract.

The wheel of AequilibraE carries a transport model of the two cities whose streets come from
OpenStreetMap (© OpenStreetMap contributors, ODbL). Its file is read without importing the package,
and turned into what any user would bring: an extract for the pack builder and an administrative
layer of zones.
"""

import json
import sqlite3
import struct
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import osmium
import shapely
from osmium.osm import mutable
from shapely.geometry.base import BaseGeometry

from collector_app.core.errors import Unavailable

PACKAGE = "aequilibrae"
MODEL = "aequilibrae/reference_files/coquimbo.zip"
DATABASE = "project_database.sqlite"

EXTRACT_FILE = "coquimbo.osm.pbf"
ZONES_FILE = "zones.geojson"

CONNECTOR = "centroid_connector"  # links of the model that are no streets
# Ids of the points between junctions, which the model doesn't number: beyond those of the real map.
FIRST_BEND_ID = 20_000_000_000
SEA_WEST_LON = -71.50  # how far out the sea is drawn
SEA_NORTH_DEGREES = 0.05  # and how far beyond the northernmost zone
SHORE_DETAIL_DEGREES = 0.002  # scallops of the zones that the shore doesn't follow, 200 m
BEACH_DEGREES = 0.0006  # least land beside a street, 60 m
# North of this runs La Serena, south of it Coquimbo: near enough for invented addresses.
MUNICIPAL_LIMIT_LAT = -29.945
CITIES = {"La Serena": (-71.2519, -29.9027), "Coquimbo": (-71.3436, -29.9533)}  # lon, lat
# Streets after which nobody would call a neighbourhood.
NO_SECTOR = ("Ruta", "Camino", "Caletera", "Callejón", "Circunvalación", "Complejo", "Salida")
SHORTEST_SECTOR = 4


@dataclass(frozen=True, slots=True)
class DemoCity:
    """Where the files of the demo city are."""

    extract: Path
    zones: Path


@dataclass(frozen=True, slots=True)
class Link:
    """A street between two junctions of the model; the line runs from the first to the second.

    Attributes
    ----------
    nodes : tuple[int, int]
        OpenStreetMap ids of the junctions.
    line : tuple of (lon, lat)
    speeds_kmh : tuple
        Signed speed with the line and against it, None where there is no sign.
    """

    nodes: tuple[int, int]
    line: tuple[tuple[float, float], ...]
    road_class: str
    name: str
    is_oneway: bool
    speeds_kmh: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class ModelZone:
    """A zone of the model with its inhabitants."""

    number: int
    population: float
    area: BaseGeometry


def write_demo_city(folder: Path) -> DemoCity:
    """Write the extract and the zones of the demo city into `folder`.

    Raises
    ------
    Unavailable
        If the package that carries the model is not installed.
    """
    links, zones = read_model(model_file())
    folder.mkdir(parents=True, exist_ok=True)
    city = DemoCity(extract=folder / EXTRACT_FILE, zones=folder / ZONES_FILE)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".city-") as work:
        extract, layer = Path(work) / EXTRACT_FILE, Path(work) / ZONES_FILE
        _write_extract(extract, links, _sea(zones, links))
        layer.write_text(json.dumps(_zone_layer(zones, links), ensure_ascii=False), "utf-8")
        extract.replace(city.extract)
        layer.replace(city.zones)
    return city


def model_file() -> Path:
    """Return the model inside the installed package, which is never imported.

    Raises
    ------
    Unavailable
        If it isn't there.
    """
    try:
        file = Path(str(distribution(PACKAGE).locate_file(MODEL)))
    except PackageNotFoundError as error:
        raise Unavailable(f"the demo city needs the package {PACKAGE}") from error
    if not file.is_file():
        raise Unavailable(f"{PACKAGE} is installed without {MODEL}")
    return file


def read_model(model: Path) -> tuple[list[Link], list[ModelZone]]:
    """Read the streets and zones of the model."""
    with tempfile.TemporaryDirectory() as work, zipfile.ZipFile(model) as archive:
        database = archive.extract(DATABASE, work)
        with closing(sqlite3.connect(database)) as connection:
            return list(_links(connection)), list(_zones(connection))


def _links(connection: sqlite3.Connection) -> Iterator[Link]:
    rows = connection.execute(
        """
        SELECT a.osm_id, b.osm_id, link.geometry, link.link_type, link.name,
               link.direction, link.speed_ab, link.speed_ba
        FROM links AS link
        JOIN nodes AS a ON a.node_id = link.a_node
        JOIN nodes AS b ON b.node_id = link.b_node
        WHERE link.link_type != ?
        ORDER BY link.link_id
        """,
        (CONNECTOR,),
    )
    for first, last, geometry, road_class, name, direction, with_line, against in rows:
        yield Link(
            nodes=(first, last),
            line=_places(_geometry(geometry)),
            road_class=road_class,
            name=(name or "").strip(),
            is_oneway=direction == 1,
            speeds_kmh=(with_line, None if direction == 1 else against),
        )


def _zones(connection: sqlite3.Connection) -> Iterator[ModelZone]:
    rows = connection.execute("SELECT zone_id, population, geometry FROM zones ORDER BY zone_id")
    for number, population, geometry in rows:
        yield ModelZone(number, population, _geometry(geometry))


def _geometry(blob: bytes) -> BaseGeometry:
    """Read a SpatiaLite geometry.

    Its blob has 39 bytes of header (byte order, SRID, bounding box, 0x7C marker) before the body of
    a little-endian WKB and 0xFE behind. Inside a multi-geometry each part starts with the marker
    0x69 where WKB has its byte order 0x01.
    """
    body = bytearray(b"\x01" + blob[39:-1])
    (kind,) = struct.unpack_from("<I", body, 1)
    if kind == shapely.GeometryType.MULTIPOLYGON:
        _mark_polygons(body)
    return shapely.from_wkb(bytes(body))


def _mark_polygons(body: bytearray) -> None:
    """Write the byte order of each polygon of a multi-polygon, in place."""
    (polygons,) = struct.unpack_from("<I", body, 5)
    at = 9
    for _ in range(polygons):
        body[at] = 0x01
        (rings,) = struct.unpack_from("<I", body, at + 5)
        at += 9
        for _ in range(rings):
            (points,) = struct.unpack_from("<I", body, at)
            at += 4 + 16 * points


def _write_extract(file: Path, links: list[Link], sea: shapely.Polygon) -> None:
    nodes: dict[int, tuple[float, float]] = {}
    ways: list[tuple[list[int], dict[str, str]]] = []
    next_id = FIRST_BEND_ID
    for link in links:
        bends = range(next_id, next_id + len(link.line) - 2)
        next_id = bends.stop
        path = [link.nodes[0], *bends, link.nodes[1]]
        nodes.update(zip(path, link.line, strict=True))
        ways.append((path, _street_tags(link)))
    outline = _places(sea.exterior)[:-1]  # the last place repeats the first
    shore = range(next_id, next_id + len(outline))
    nodes.update(zip(shore, outline, strict=True))
    ways.append(([*shore, shore.start], {"natural": "water", "water": "bay"}))
    with osmium.SimpleWriter(str(file)) as writer:
        for number, (name, place) in enumerate(CITIES.items(), start=1):
            tags = {"place": "city", "name": name}
            writer.add_node(mutable.Node(id=number, version=1, location=place, tags=tags))
        for node, place in sorted(nodes.items()):
            writer.add_node(mutable.Node(id=node, version=1, location=place))
        for number, (path, tags) in enumerate(ways, start=1):
            writer.add_way(mutable.Way(id=number, version=1, nodes=path, tags=tags))


def _street_tags(link: Link) -> dict[str, str]:
    tags = {"highway": link.road_class}
    if link.name:
        tags["name"] = link.name
    if link.is_oneway:
        tags["oneway"] = "yes"
    for direction, kmh in zip(("forward", "backward"), link.speeds_kmh, strict=True):
        if kmh is not None:
            tags[f"maxspeed:{direction}"] = f"{kmh:g}"
    return tags


def _sea(zones: list[ModelZone], links: list[Link]) -> shapely.Polygon:
    """Return the bay: from the western edge of the zones, which is the coast, to the west.

    The edge of the zones is scalloped, as if cut from hexagons: it is smoothed, but no street may
    come to lie in the water.
    """
    land = shapely.union_all([zone.area for zone in zones]).simplify(SHORE_DETAIL_DEGREES)
    lines = shapely.linestrings([link.line[:1] + link.line[-1:] for link in links])
    inland = land.buffer(-BEACH_DEGREES)
    shapely.prepare(inland)
    at_the_shore = shapely.MultiLineString(lines[~shapely.contains(inland, lines)].tolist())
    land = _largest(shapely.union(land, at_the_shore.buffer(BEACH_DEGREES)))
    coast = _western_side(_places(land.exterior)[:-1])
    north_lat = land.bounds[3] + SEA_NORTH_DEGREES
    # North of its last cape the coast runs on northward.
    ends = (coast[-1][0], north_lat), (SEA_WEST_LON, north_lat), (SEA_WEST_LON, coast[0][1])
    return _largest(shapely.make_valid(shapely.Polygon((*coast, *ends))))


def _western_side(ring: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Return the part of an outline from its south-western tip to its north-western one."""
    south = min(range(len(ring)), key=lambda i: ring[i][1] + ring[i][0] / 2)
    ring = ring[south:] + ring[:south]
    north = max(range(len(ring)), key=lambda i: ring[i][1] - ring[i][0] / 2)
    sides = ring[: north + 1], (ring[0], *reversed(ring[north:]))
    return min(sides, key=lambda side: sum(lon for lon, _ in side) / len(side))


def _largest(area: BaseGeometry) -> shapely.Polygon:
    parts = [part for part in shapely.get_parts(area) if isinstance(part, shapely.Polygon)]
    return max(parts, key=lambda part: float(part.area))


def _places(line: BaseGeometry) -> tuple[tuple[float, float], ...]:
    """Return the places along a line or an outline, longitude first."""
    return tuple((lon, lat) for lon, lat in shapely.get_coordinates(line).tolist())


def _zone_layer(zones: list[ModelZone], links: list[Link]) -> dict[str, object]:
    names = _zone_names(zones, links)
    features = [
        {
            "type": "Feature",
            "id": zone.number,
            "properties": {
                "name": names[zone.number],
                "municipality": _municipality(zone),
                "population": round(zone.population),
            },
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(zone.area, 1e-6))),
        }
        for zone in zones
    ]
    return {
        "type": "FeatureCollection",
        "attribution": "© OpenStreetMap contributors; AequilibraE",
        "features": features,
    }


def _municipality(zone: ModelZone) -> str:
    return "La Serena" if zone.area.centroid.y > MUNICIPAL_LIMIT_LAT else "Coquimbo"


def _zone_names(zones: list[ModelZone], links: list[Link]) -> dict[int, str]:
    """Name each zone after its longest street whose name no larger zone has taken.

    The model has no names of neighbourhoods.
    """
    lengths = _street_lengths(zones, links)
    taken: set[str] = set()
    names = {}
    for zone in sorted(zones, key=lambda zone: -zone.population):
        free = {name: m for name, m in lengths[zone.number].items() if name not in taken}
        name = max(free, key=lambda name: free[name], default=str(zone.number))
        taken.add(name)
        names[zone.number] = f"Sector {name}"
    return names


def _street_lengths(zones: list[ModelZone], links: list[Link]) -> dict[int, dict[str, float]]:
    """Return the length of each named street in each zone, degrees."""
    lengths: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    tree = shapely.STRtree([zone.area for zone in zones])
    lines = [shapely.LineString(link.line) for link in links]
    middles = [line.interpolate(0.5, normalized=True) for line in lines]
    for row, zone in zip(*tree.query(middles, predicate="within"), strict=True):
        name = links[row].name.removeprefix("Avenida ")
        if len(name) >= SHORTEST_SECTOR and not name.startswith(NO_SECTOR):
            lengths[zones[zone].number][name] += lines[row].length
    return lengths
