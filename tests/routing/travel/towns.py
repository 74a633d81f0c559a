"""Tiny towns drawn by hand, written as OpenStreetMap XML for the street tests."""

from dataclasses import dataclass, field
from math import cos, radians
from pathlib import Path
from random import Random
from xml.sax.saxutils import quoteattr

from routing.geo import EARTH_RADIUS_M, Point

ORIGIN = Point(-29.9, -71.25)


def at(east_m: float, north_m: float) -> Point:
    """Return the point so many metres east and north of the corner of the map."""
    lat = ORIGIN.lat + north_m / radians(1) / EARTH_RADIUS_M
    lon = ORIGIN.lon + east_m / radians(1) / EARTH_RADIUS_M / cos(radians(ORIGIN.lat))
    return Point(lat, lon)


@dataclass
class Town:
    """Nodes by name, streets between them, and turn restrictions."""

    nodes: dict[str, tuple[Point, dict[str, str]]] = field(default_factory=dict)
    ways: list[tuple[list[str], dict[str, str]]] = field(default_factory=list)
    relations: list[tuple[list[tuple[str, str, int]], dict[str, str]]] = field(default_factory=list)

    def node(self, key: str, east_m: float, north_m: float, /, **tags: str) -> str:
        self.nodes[key] = (at(east_m, north_m), tags)
        return key

    def street(self, path: str, **tags: str) -> int:
        """Add a street along the named nodes, such as ``"A B C"``; returns its id."""
        self.ways.append((path.split(), {"highway": "residential", **tags}))
        return len(self.ways)

    def restrict(self, kind: str, from_way: int, via: str, to_way: int, **tags: str) -> None:
        members = [
            ("way", "from", from_way),
            ("node", "via", self._id(via)),
            ("way", "to", to_way),
        ]
        self.relations.append((members, {"type": "restriction", "restriction": kind, **tags}))

    def restrict_over(
        self, kind: str, from_way: int, via_ways: list[int], to_way: int, **tags: str
    ) -> None:
        members = [("way", "from", from_way), *(("way", "via", way) for way in via_ways)]
        members.append(("way", "to", to_way))
        self.relations.append((members, {"type": "restriction", "restriction": kind, **tags}))

    def write(self, file: Path) -> Path:
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        for name, (point, tags) in self.nodes.items():
            lines.append(f'<node id="{self._id(name)}" version="1" lat="{point.lat:.7f}"')
            lines.append(f' lon="{point.lon:.7f}">{_tags(tags)}</node>')
        for number, (path, tags) in enumerate(self.ways, start=1):
            refs = "".join(f'<nd ref="{self._id(name)}"/>' for name in path)
            lines.append(f'<way id="{number}" version="1">{refs}{_tags(tags)}</way>')
        for number, (members, tags) in enumerate(self.relations, start=1):
            parts = "".join(f'<member type="{t}" role="{r}" ref="{i}"/>' for t, r, i in members)
            lines.append(f'<relation id="{number}" version="1">{parts}{_tags(tags)}</relation>')
        lines.append("</osm>")
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    def _id(self, name: str) -> int:
        # A name without a node is a node outside the extract.
        return list(self.nodes).index(name) + 1 if name in self.nodes else 999_999


def _tags(tags: dict[str, str]) -> str:
    return "".join(
        f"<tag k={quoteattr(key.replace('__', ':'))} v={quoteattr(value)}/>"
        for key, value in tags.items()
    )


def grid(columns: int, rows: int, block_m: float = 100.0) -> Town:
    """Return a town of two-way streets in a grid; the corner in column 2, row 1 is ``"2,1"``."""
    town = Town()
    for column in range(columns):
        for row in range(rows):
            town.node(f"{column},{row}", column * block_m, row * block_m)
    for row in range(rows):
        town.street(" ".join(f"{column},{row}" for column in range(columns)), name=f"Calle {row}")
    for column in range(columns):
        town.street(" ".join(f"{column},{row}" for row in range(rows)), name=f"Avenida {column}")
    return town


def tangled(seed: int, size: int = 9) -> Town:
    """Return a town with one-ways, avenues, missing blocks, footways and crooked corners."""
    dice = Random(seed)
    town = Town()
    for column in range(size):
        for row in range(size):
            east, north = (100 * n + dice.uniform(-30, 30) for n in (column, row))
            town.node(f"{column},{row}", east, north)
    for column in range(size):
        for row in range(size):
            for ahead in (f"{column + 1},{row}", f"{column},{row + 1}"):
                if ahead in town.nodes and dice.random() < 0.9:
                    town.street(f"{column},{row} {ahead}", **_any_street(dice))
    return town


def _any_street(dice: Random) -> dict[str, str]:
    return {
        "highway": dice.choice(["residential"] * 5 + ["primary", "tertiary", "footway"]),
        "oneway": dice.choice(["no", "no", "no", "yes", "-1"]),
        "name": f"Calle {dice.randrange(30)}",
    }
