"""Colours of zones: told apart with any colour vision, on light and dark ground, next to others."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from collector_app.zones.workload import on_plane_m
from routing.geo import Point

# Found by search: contrast of at least 3 with the light and the dark ground of maps and tables,
# and as far apart as possible for normal, protanopic and deuteranopic sight; the tests compute
# both again. Numbers on the map tell zones of equal colour apart, neighbours never share one.
PALETTE = (
    "#007866",
    "#e46012",
    "#7242f6",
    "#3c9c66",
    "#8454b4",
    "#ba4206",
    "#847eea",
    "#9078a8",
)
NEIGHBOURS_LOOKED_AT = 8


def colours(points: Sequence[Point], zone_of: Sequence[int], zone_count: int) -> list[str]:
    """Return a colour for each zone, different from those of the zones beside it.

    Parameters
    ----------
    zone_of : sequence of int
        Zone of each point, 0 to `zone_count` - 1.
    """
    beside = _neighbours(points, zone_of, zone_count)
    chosen: dict[int, int] = {}
    uses = [0] * len(PALETTE)
    for zone in sorted(range(zone_count), key=lambda z: (-len(beside[z]), z)):
        taken = {chosen[other] for other in beside[zone] if other in chosen}
        colour = min(range(len(PALETTE)), key=lambda c: (c in taken, uses[c], c))
        chosen[zone] = colour
        uses[colour] += 1
    return [PALETTE[chosen[zone]] for zone in range(zone_count)]


def _neighbours(points: Sequence[Point], zone_of: Sequence[int], zone_count: int) -> list[set[int]]:
    beside: list[set[int]] = [set() for _ in range(zone_count)]
    near = min(NEIGHBOURS_LOOKED_AT, len(points))
    if near < 2:
        return beside
    plane_m = on_plane_m(points)
    _, index = cKDTree(plane_m).query(plane_m, k=near)
    labels = np.asarray(zone_of)
    here = np.repeat(labels, near)
    there = labels[index].ravel()
    is_border = here != there
    for a, b in set(zip(here[is_border].tolist(), there[is_border].tolist(), strict=True)):
        beside[a].add(b)
        beside[b].add(a)
    return beside
