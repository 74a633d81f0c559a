"""Which area each client lies in, and whom the odd ones concern."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from collector_app.studio.borders.area import Area
from collector_app.studio.rules import BorderFault, BorderFinding

NO_AREA = -1


def area_of(areas: Sequence[Area], degrees: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the first area in the order of the file that holds each client, int64[n].

    Parameters
    ----------
    degrees : float64[n, 2]
        Latitude, longitude.
    """
    tree = shapely.STRtree([area.shape for area in areas])
    points = shapely.points(degrees[:, ::-1])
    client, area = tree.query(points, predicate="intersects")
    found = np.full(len(degrees), len(areas), dtype=np.int64)
    np.minimum.at(found, client, area)
    return np.where(found == len(areas), NO_AREA, found)


def counted(
    findings: Sequence[BorderFinding],
    areas: Sequence[Area],
    inside: NDArray[np.int64],
    degrees: NDArray[np.float64],
) -> list[BorderFinding]:
    """Return the findings with the clients they concern, and those that only clients tell."""
    shape_of = {area.name: area.shape for area in areas}
    lat, lon = degrees[:, 0], degrees[:, 1]
    result: list[BorderFinding] = []
    outside = int((inside == NO_AREA).sum())
    if outside:
        result.append(BorderFinding(BorderFault.OUTSIDE, clients=outside))
    for one in findings:
        clients = 0
        if one.fault is BorderFault.OVERLAP:
            within = [
                shapely.contains_xy(shape_of[name], lon, lat) for name in (one.zone, one.other)
            ]
            clients = int((within[0] & within[1]).sum())
        elif one.fault is BorderFault.HOLE:
            filled = shapely.union_all(
                [shapely.Polygon(part.exterior) for part in shapely.get_parts(shape_of[one.zone])]
            )
            lost = shapely.contains_xy(filled, lon, lat) & (inside == NO_AREA)
            clients = int(lost.sum())
        result.append(replace(one, clients=clients))
    without = len(areas) - len(np.unique(inside[inside != NO_AREA]))
    if without:
        result.append(BorderFinding(BorderFault.EMPTY, count=without))
    return sorted(result, key=lambda one: list(BorderFault).index(one.fault))
