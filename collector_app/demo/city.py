"""The demo city: La Serena and Coquimbo, Chile, written as an ordinary OpenStreetMap extract.

The transport model of the two cities is turned into what any user would bring: an extract for the
pack builder and an administrative layer of zones.
"""

import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import osmium
import shapely
from osmium.osm import mutable
from shapely.geometry.base import BaseGeometry

from collector_app.demo.transport_model import Link, ModelZone, model_file, places, read_model

EXTRACT_FILE = "coquimbo.osm.pbf"
ZONES_FILE = "zones.geojson"

# Ids of the points between junctions, which the model doesn't number: beyond those of the real map.
FIRST_BEND_ID = 20_000_000_000
SEA_WEST_LON = -71.80  # how far out the sea is drawn
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
        names = _zone_names(zones, links)
        sea = _sea(zones, links), {"natural": "water", "water": "bay"}
        sectors = [
            (_largest(zone.area), {"place": "neighbourhood", "name": names[zone.number]})
            for zone in zones
        ]
        _write_extract(extract, links, [sea, *sectors])
        layer.write_text(json.dumps(_zone_layer(zones, names), ensure_ascii=False), "utf-8")
        extract.replace(city.extract)
        layer.replace(city.zones)
    return city


def _write_extract(
    file: Path, links: list[Link], areas: list[tuple[shapely.Polygon, dict[str, str]]]
) -> None:
    nodes: dict[int, tuple[float, float]] = {}
    ways: list[tuple[list[int], dict[str, str]]] = []
    next_id = FIRST_BEND_ID
    for link in links:
        bends = range(next_id, next_id + len(link.line) - 2)
        next_id = bends.stop
        path = [link.nodes[0], *bends, link.nodes[1]]
        nodes.update(zip(path, link.line, strict=True))
        ways.append((path, _street_tags(link)))
    for area, tags in areas:
        outline = places(area.exterior)[:-1]  # the last place repeats the first
        ring = range(next_id, next_id + len(outline))
        next_id = ring.stop
        nodes.update(zip(ring, outline, strict=True))
        ways.append(([*ring, ring.start], tags))
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
    coast = _western_side(places(land.exterior)[:-1])
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


def _zone_layer(zones: list[ModelZone], names: dict[int, str]) -> dict[str, object]:
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
