"""Areas as a Shapefile: its parts together in a zip file."""

import json
import struct
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pyproj
import shapefile
import shapely

from collector_app.studio.borders.archives import members
from collector_app.studio.borders.area import Area
from collector_app.studio.borders.naming import collector_in, colour_in, name_in
from collector_app.studio.borders.projection import DEGREES, to_degrees
from collector_app.studio.rules import BrokenBorders

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
POLYGONS = {shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM}
OLD_ENCODING = "cp1252"  # of files without .cpg that are no UTF-8
UNREADABLE = (
    *(shapefile.ShapefileException, shapely.GEOSException, struct.error),
    *(ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError, OSError),
)


def read_shapefile(data: bytes) -> list[Area]:
    """Return the polygons of every Shapefile in a zip file; points and lines are left out.

    Raises
    ------
    BrokenBorders, BordersTooLarge, ForeignProjection
        With the file and the number of the first shape that can't be read.
    """
    found = members(data, PARTS)
    parts = {name.lower(): content for name, content in found.items()}
    stems = sorted(name[: -len(".shp")] for name in parts if name.endswith(".shp"))
    if not stems:
        raise BrokenBorders(place=".shp")
    return [area for stem in stems for area in _areas(stem, parts)]


def write_shapefile(areas: Sequence[Area], stem: str = "zonas") -> bytes:
    """Return areas as a zip file with .shp, .shx, .dbf, .prj and .cpg."""
    shp, shx, dbf = BytesIO(), BytesIO(), BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON) as writer:
        for field in ("name", "gestor", "color"):
            writer.field(field, "C", 254)
        for one in areas:
            writer.shape(json.loads(shapely.to_geojson(one.shape)))
            # A table pads with spaces: those at an end would be lost, and are refused.
            writer.record(*((text or "").strip() for text in (one.name, one.collector, one.colour)))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, part in ((".shp", shp), (".shx", shx), (".dbf", dbf)):
            archive.writestr(stem + ending, part.getvalue())
        archive.writestr(f"{stem}.prj", pyproj.CRS(DEGREES).to_wkt("WKT1_ESRI"))
        archive.writestr(f"{stem}.cpg", "UTF-8")
    return packed.getvalue()


def _areas(stem: str, parts: dict[str, bytes]) -> list[Area]:
    file = stem.rpartition("/")[2] + ".shp"
    said = parts.get(f"{stem}.prj", b"").decode("utf-8", "replace").strip()
    place = file
    areas: list[Area] = []
    try:
        with _reader(stem, parts) as reader:
            for n in range(len(reader)):
                place = f"{file}, {n + 1}"
                shape = reader.shape(n)
                if shape is None or shape.shapeType not in POLYGONS or not shape.points:
                    continue
                areas.append(_area(shape, _attributes(reader, n), place, said))
    except UNREADABLE as error:
        raise BrokenBorders(str(error), place=place) from error
    return areas


def _reader(stem: str, parts: dict[str, bytes]) -> shapefile.Reader:
    table = parts.get(f"{stem}.dbf")
    return shapefile.Reader(
        shp=BytesIO(parts[f"{stem}.shp"]),
        dbf=None if table is None else BytesIO(table),
        encoding=_encoding(parts.get(f"{stem}.cpg", b""), table or b""),
        encodingErrors="replace",
    )


def _encoding(said: bytes, table: bytes) -> str:
    if said.strip().lower().replace(b"-", b"") in (b"utf8", b"65001"):
        return "utf-8"
    try:
        table.decode("utf-8")
    except UnicodeDecodeError:
        return OLD_ENCODING
    return "utf-8"


def _attributes(reader: shapefile.Reader, n: int) -> dict[str, Any]:
    if not reader.fields:
        return {}
    record = reader.record(n)
    return {} if record is None else dict(record.as_dict())


def _area(shape: Any, attributes: dict[str, Any], place: str, said: str) -> Area:
    return Area(
        name=name_in(attributes),
        shape=to_degrees(shapely.force_2d(shapely.geometry.shape(shape)), said),
        place=place,
        collector=collector_in(attributes),
        colour=colour_in(attributes),
    )
