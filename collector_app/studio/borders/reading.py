"""Which kind of file it is, by what is in it, and how much of it is taken."""

import shapely

from collector_app.studio.borders.archives import members
from collector_app.studio.borders.area import MOST_AREAS, MOST_CORNERS, Area
from collector_app.studio.borders.geojson import read_geojson
from collector_app.studio.borders.kml import read_kml
from collector_app.studio.borders.shapefile_zip import read_shapefile
from collector_app.studio.rules import NoBorders, TooManyBorders, UnknownBorders

ZIP = b"PK"
XML = b"<"
JSON = (b"{", b"[")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_borders(data: bytes) -> list[Area]:
    """Return the polygons of a file, in its order.

    Raises
    ------
    UnknownBorders, BrokenBorders, BordersTooLarge, ForeignProjection
        When the file is of no kind we know, damaged, too large, or not in a known projection.
    NoBorders, TooManyBorders
        When it has no polygon, or more than anybody could work with.
    """
    areas = [area for area in _read(data) if not shapely.is_empty(area.shape)]
    corners = sum(int(shapely.get_num_coordinates(area.shape)) for area in areas)
    if not areas:
        raise NoBorders
    if len(areas) > MOST_AREAS or corners > MOST_CORNERS:
        raise TooManyBorders(areas=len(areas), most=MOST_AREAS, corners=MOST_CORNERS)
    return areas


def _read(data: bytes) -> list[Area]:
    start = data.removeprefix(BYTE_ORDER_MARK).lstrip()
    if start.startswith(JSON):
        return read_geojson(start)
    if start.startswith(XML):
        return read_kml(start)
    if data.startswith(ZIP):
        inside = members(data, (".kml",))
        return [area for kml in inside.values() for area in read_kml(kml)] or read_shapefile(data)
    raise UnknownBorders
