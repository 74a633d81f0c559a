"""What is odd about areas, named with what was done about it; a best effort always comes out."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from collector_app.studio.borders.area import Area
from collector_app.studio.rules import BorderFault, BorderFinding

OVERLAP = 0.005  # of the smaller area; less is how neighbours were drawn
_WHERE = re.compile(r"\[(\S+) (\S+)\]")


def mended(areas: Sequence[Area]) -> tuple[list[Area], list[BorderFinding]]:
    """Return areas that can be used, each with a name of its own, and what was odd about them.

    A border that crosses itself is read as the area it encloses. Where areas overlap, the earlier
    one counts. Holes stay holes.
    """
    findings: list[BorderFinding] = []
    sound: list[Area] = []
    names: set[str] = set()
    for n, area in enumerate(areas, start=1):
        name = _unused(area.name or f"Zona {n}", names)
        names.add(name)
        shape, found = _whole(name, area.shape)
        findings += found
        if not shapely.is_empty(shape):
            sound.append(replace(area, name=name, shape=shape))
    return sound, findings + _overlaps(sound)


def _whole(name: str, shape: shapely.Geometry) -> tuple[shapely.Geometry, list[BorderFinding]]:
    found: list[BorderFinding] = []
    if not shapely.is_valid(shape):
        where = _WHERE.search(shapely.is_valid_reason(shape))
        at = (round(float(where[2]), 5), round(float(where[1]), 5)) if where else None
        found.append(BorderFinding(BorderFault.SELF_CROSSING, name, at=at))
        shape = shapely.make_valid(shape)
    polygons = [one for one in shapely.get_parts(shape) if one.geom_type.endswith("Polygon")]
    polygons = list(shapely.get_parts(polygons)) if polygons else []
    shape = shapely.multipolygons(polygons) if polygons else shapely.MultiPolygon()
    if not polygons:
        found.append(BorderFinding(BorderFault.NO_AREA, name))
    elif any(shapely.get_num_interior_rings(one) for one in polygons):
        found.append(BorderFinding(BorderFault.HOLE, name))
    return shape, found


def _overlaps(areas: Sequence[Area]) -> list[BorderFinding]:
    shapes = np.array([area.shape for area in areas], dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    smaller = np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    return [
        BorderFinding(BorderFault.OVERLAP, areas[a].name, other=areas[b].name)
        for a, b, share in zip(one, other, shared / np.maximum(smaller, 1e-15), strict=True)
        if share > OVERLAP
    ]


def _unused(name: str, taken: set[str]) -> str:
    """Return a name that no other area has, with a number behind when it must be."""
    unused, number = name, 2
    while unused in taken:
        unused, number = f"{name[:70]} ({number})", number + 1
    return unused
