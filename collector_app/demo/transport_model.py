"""Reads the transport model of La Serena and Coquimbo that the wheel of AequilibraE carries.

Its streets come from OpenStreetMap (© OpenStreetMap contributors, ODbL). The file is read without
importing the package.
"""

import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from collector_app.core.errors import Unavailable

PACKAGE = "aequilibrae"
MODEL = "aequilibrae/reference_files/coquimbo.zip"
DATABASE = "project_database.sqlite"
CONNECTOR = "centroid_connector"  # links of the model that are no streets


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
            line=places(_geometry(geometry)),
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


def places(line: BaseGeometry) -> tuple[tuple[float, float], ...]:
    """Return the places along a line or an outline, longitude first."""
    return tuple((lon, lat) for lon, lat in shapely.get_coordinates(line).tolist())
