"""How zones are drawn: Voronoi cells of their locations, joined, within the built-up area."""

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.zoning.places import Zoning
from routing.zoning.plane import Plane

MARGIN_M = 250.0  # of land drawn around the outermost places
HOLLOW = 0.25  # how far the outer line follows bays: 0 hugs every place, 1 is the convex hull


def outline(zoning: Zoning) -> dict[int, shapely.Geometry]:
    """Return the drawing of each zone, in degrees, longitude first as GeoJSON wants it.

    Neighbouring drawings share their borders: no gaps, no overlaps. Each place lies inside the
    drawing of its own zone.
    """
    points = [place.point for place in zoning.places]
    plane = Plane.around(points)
    where, unit_of = np.unique(plane.metres(points), axis=0, return_inverse=True)
    zone_of_unit = np.zeros(len(where), dtype=np.int64)
    zone_of_unit[unit_of.reshape(-1)] = [zoning.zone_of[place.id] for place in zoning.places]
    land = shapely.concave_hull(shapely.MultiPoint(where), HOLLOW).buffer(MARGIN_M)
    cells = _cells(where, land)
    return {
        zone: plane.lonlat(
            shapely.intersection(shapely.coverage_union_all(cells[zone_of_unit == zone]), land)
        )
        for zone in range(len(zoning.centres))
    }


def _cells(where: NDArray[np.float64], land: shapely.Geometry) -> NDArray[np.object_]:
    if len(where) == 1:
        return np.array([land], dtype=object)
    found = shapely.voronoi_polygons(shapely.MultiPoint(where), extend_to=land, ordered=True)
    cells: NDArray[np.object_] = shapely.get_parts(found)
    return cells
