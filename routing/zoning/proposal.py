"""Zones in one call: a first division, today's zones repaired, the fewest below a load."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil

import shapely

from routing.errors import InvalidProblem
from routing.travel.streets.pack import Pack
from routing.zoning.evening import never
from routing.zoning.ground import Ground
from routing.zoning.matching import matched
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
    k : int >= 1
        How many zones; with fewer distinct locations some hold nobody, which is warned of.
    seed : int
        Same places, k and seed give the same zones.
    wishes : sequence of ZoneWish
        None, or one for each zone.
    pack, barriers
        See `Ground`.

    Raises
    ------
    InvalidProblem
        When a place or a wish is faulty.
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


def fewest(
    ground: Ground,
    most: float,
    *,
    own: Callable[[int], Sequence[float]] | None = None,
    seed: int = 0,
    ends_early: Callable[[], bool] = never,
) -> Zoning:
    """Return as few zones as keep the weight of each at or below `most`.

    Parameters
    ----------
    own : callable, optional
        Tells, for a number of zones, how much each can take at most by itself: a half shift takes
        half. Where that is less than `most` it holds.
    ends_early : callable
        Asked now and then; once it says so, the division being made is returned as it is by then,
        though zones of it may weigh more.

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
    total = float(ground.weight.sum())
    start = max(1, ceil(total / most - 1e-9))
    tried = 0
    for k in range(start, len(ground.units.work) + 1):
        limits = [min(most, one) for one in own(k)] if own else [most] * k
        if sum(limits) < total * (1 - 1e-9) and own:
            continue
        # Who can take nothing is asked for next to nothing.
        wishes = [ZoneWish(max(limit, 1e-3 * most)) for limit in limits]
        zoning = ground.propose(k, seed=seed, wishes=wishes, ends_early=ends_early)
        if ends_early() or all(
            figures.weight <= max(limit, 1e-2 * most)
            for figures, limit in zip(zoning.figures, limits, strict=True)
        ):
            return zoning
        tried += 1
        if tried == MOST_FEWEST:
            break
    raise InvalidProblem("most", f"no division into {start} to {k} zones keeps below it; raise it")


def relabelled(ground: Ground, zoning: Zoning, today: Mapping[str, int]) -> Zoning:
    """Return a cold division under the numbers of today that leave most places in their zone.

    Zones change numbers only with those of which the same is asked.
    """
    k = len(zoning.centres)
    wishes = zoning.basis.wishes if zoning.basis else (ZoneWish(),) * k
    name = matched(zoning, today, wishes)
    renamed = {place: name[zone] for place, zone in zoning.zone_of.items()}
    found = ground.assess(renamed, k, wishes=wishes, today=today)
    asked = zoning.basis.warnings if zoning.basis else ()
    return replace(found, warnings=tuple(dict.fromkeys(asked + found.warnings)))
