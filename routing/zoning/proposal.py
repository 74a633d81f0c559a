"""Zones in one call: a first division, today's zones repaired, the fewest below a load."""

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from routing.errors import InvalidProblem
from routing.travel.streets.pack import Pack
from routing.zoning.ground import Ground
from routing.zoning.places import Place, ZoneWish, Zoning

MOST_FEWEST = 12  # numbers of zones that `fewest` tries


def propose(
    places: Sequence[Place],
    k: int,
    *,
    seed: int = 0,
    wishes: Sequence[ZoneWish] = (),
    pack: Pack | None = None,
    barriers: Sequence[shapely.Geometry] = (),
) -> Zoning:
    """Divide places into k zones of even work, each in one piece.

    Parameters
    ----------
    places : sequence of Place
        At least k distinct locations.
    k : int >= 1
        How many zones.
    seed : int
        Same places, k and seed give the same zones.
    wishes : sequence of ZoneWish
        None, or one for each zone.
    pack, barriers
        See `Ground`.

    Raises
    ------
    InvalidProblem
        When a place is faulty, or there are fewer distinct locations than zones.
    """
    return Ground(places, pack=pack, barriers=barriers).propose(k, wishes=wishes, seed=seed)


def rezone(
    places: Sequence[Place],
    today: Mapping[str, int],
    k: int,
    *,
    wishes: Sequence[ZoneWish] = (),
    pack: Pack | None = None,
    barriers: Sequence[shapely.Geometry] = (),
) -> Zoning:
    """Make today's zones even again with the fewest places in another one; see `Ground.rezone`."""
    return Ground(places, pack=pack, barriers=barriers).rezone(today, k, wishes=wishes)


def fewest(ground: Ground, most: float, *, seed: int = 0) -> Zoning:
    """Return as few zones as keep the weight of each at or below `most`.

    Raises
    ------
    InvalidProblem
        When one location alone weighs more, or no number of zones that was tried does it.
    """
    if not most > 0:
        raise InvalidProblem("most", f"expected > 0, got {most}")
    heaviest = float(ground.units.work[:, 0].max())
    if heaviest > most:
        raise InvalidProblem(
            "most", f"expected at least {heaviest:g}, the weight of one location or group"
        )
    start = max(1, ceil(float(ground.weight.sum()) / most - 1e-9))
    for k in range(start, min(start + MOST_FEWEST, len(ground.units.work)) + 1):
        zoning = ground.propose(k, seed=seed)
        if max(figures.weight for figures in zoning.figures) <= most:
            return zoning
    raise InvalidProblem("most", f"no division into {start} to {k} zones keeps below it; raise it")


def matched(zoning: Zoning, today: Mapping[str, int]) -> dict[int, int]:
    """Return which zone of today each zone continues, so that most places stay in theirs.

    There may be more zones than today, or fewer: those that continue none are left out.
    """
    count: NDArray[np.float64] = np.zeros(
        (len(zoning.centres), max(today.values(), default=-1) + 1)
    )
    for place, zone in zoning.zone_of.items():
        if (before := today.get(place, -1)) >= 0:
            count[zone, before] += 1
    rows, cols = linear_sum_assignment(count, maximize=True)
    return {int(row): int(col) for row, col in zip(rows, cols, strict=True)}


def relabelled(ground: Ground, zoning: Zoning, today: Mapping[str, int]) -> Zoning:
    """Return a cold division under the numbers of today that leave most places in their zone."""
    k = len(zoning.centres)
    name = matched(zoning, {place: zone for place, zone in today.items() if 0 <= zone < k})
    free = iter(sorted(set(range(k)) - set(name.values())))
    name |= {zone: next(free) for zone in range(k) if zone not in name}
    renamed = {place: name[zone] for place, zone in zoning.zone_of.items()}
    return ground.assess(renamed, k, today=today)
