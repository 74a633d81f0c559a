"""The sea of a coastal city: OpenStreetMap draws its shore, not the water."""

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

Line = shapely.LineString
ASIDE_DEGREES = 1e-6  # 0.1 m, from the shore to a point that is surely on one side of it


def sea_within(coast: Iterable[Line], frame: shapely.Polygon) -> list[shapely.Polygon]:
    """Return the parts of a frame that lie on the water's side of the shore.

    Parameters
    ----------
    coast : lines, lon/lat
        Ways with ``natural=coastline``, as they are drawn: water to the right.
    frame : Polygon
        What the map covers. A shore that ends inside of it, because the extract was cut there, is
        taken to run on to the nearest edge.

    Returns
    -------
    list of Polygon
        Empty when there is no coast, or when it never meets the frame.

    Source
    ------
    OpenStreetMap wiki, "Tag:natural=coastline": "land is on the left side and water is on the
    right side of the way".
    """
    lines = _joined(coast)
    shapely.prepare(frame)
    lines = [line for line in lines if frame.intersects(line)]
    if not lines:
        return []
    cuts = [frame.exterior, *lines, *_to_the_edge(lines, frame)]
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize([*_noded(cuts)]))
        if frame.covers(face.representative_point())
    ]
    votes = _votes(lines, faces)
    return [face for face, vote in zip(faces, votes, strict=True) if vote > 0]


def _joined(coast: Iterable[Line]) -> list[Line]:
    merged = shapely.line_merge(shapely.MultiLineString(list(coast)), directed=True)
    return [line for line in shapely.get_parts(merged) if isinstance(line, Line)]


def _noded(lines: Iterable[Line]) -> list[Line]:
    return list(shapely.get_parts(shapely.unary_union(list(lines))))


def _to_the_edge(lines: Iterable[Line], frame: shapely.Polygon) -> list[Line]:
    ends = [end for line in lines if not line.is_closed for end in shapely.get_parts(line.boundary)]
    return [shapely.shortest_line(end, frame.exterior) for end in ends if frame.contains(end)]


def _votes(lines: Iterable[Line], faces: list[shapely.Polygon]) -> NDArray[np.int64]:
    """Return how many bits of shore have each face on their right, less those on their left."""
    votes = np.zeros(len(faces), dtype=np.int64)
    tree = shapely.STRtree(faces)
    for line in lines:
        places = shapely.get_coordinates(line)
        along = np.diff(places, axis=0)
        length = np.hypot(along[:, 0], along[:, 1])
        whole = length > 0
        right = np.column_stack([along[:, 1], -along[:, 0]])[whole] / length[whole, None]
        middles = (places[:-1] + places[1:])[whole] / 2
        for side, weight in ((right, 1), (-right, -1)):
            points = shapely.points(middles + side * ASIDE_DEGREES)
            _, found = tree.query(points, predicate="within")
            np.add.at(votes, found, weight)
    return votes
