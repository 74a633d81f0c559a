"""From places to zones: a first division, today's zones repaired, edits and what they come to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import repeat
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from routing.errors import InvalidProblem
from routing.travel.streets.pack import Pack
from routing.zoning.balance import Labels, balanced_labels
from routing.zoning.figures import described
from routing.zoning.places import Place, ZoneWish, Zoning, check_places, check_wishes
from routing.zoning.repair import Ask, even_out, keep_most, mended
from routing.zoning.streets import street_pairs
from routing.zoning.units import Longs, make_units, without_crossings

MOST_FEWEST = 12  # numbers of zones that `fewest` tries


class Ground:
    """Places and their neighbours, made once; zones are proposed, repaired and edited on it.

    Parameters
    ----------
    places : sequence of Place
    pack : Pack, optional
        Neighbours follow its streets; without, locations whose Voronoi cells touch are neighbours.
    barriers : sequence of shapely geometries, longitude first
        Lines or areas that no zone crosses unless nothing else holds the places together.

    Raises
    ------
    InvalidProblem
        When a place is faulty.
    """

    def __init__(
        self,
        places: Sequence[Place],
        *,
        pack: Pack | None = None,
        barriers: Sequence[shapely.Geometry] = (),
    ) -> None:
        """Find the neighbours; about 2 CPU seconds for 100,000 places."""
        check_places(places)
        self.places = tuple(places)
        self.ids = tuple(place.id for place in self.places)
        self.row_of = {one: row for row, one in enumerate(self.ids)}
        units = make_units(places, None if pack is None else street_pairs(pack, places))
        warnings = list(units.warnings)
        if barriers:
            units, _ = without_crossings(units, barriers, units.plane)
        self.units = units
        self.spots = np.asarray(shapely.points(units.plane_m[units.unit_of]))
        self.warnings = tuple(warnings)
        self.weight = np.array([place.weight for place in places])
        if not self.weight.any():
            self.weight = np.ones(len(places))
        self.value = np.array([place.value for place in places])
        self.bound = np.array([-1 if place.zone is None else place.zone for place in places])

    def propose(self, k: int, *, wishes: Sequence[ZoneWish] = (), seed: int = 0) -> Zoning:
        """Divide the places into k zones, as `routing.zoning.propose` does.

        A zone that is wished locked holds nobody but those bound to it: there is no today.
        """
        warnings = self._check(k, wishes)
        unlocked = [ZoneWish(wish.capacity, wish.centre) for wish in wishes]
        ask = self._ask(k, unlocked)
        if k > len(self.units.work):
            raise InvalidProblem(
                "k", f"expected at most {len(self.units.work)}, the distinct locations"
            )
        if any(wish.is_locked for wish in wishes):
            warnings.append("a lock needs zones of today: nothing was locked; give today's zones")
        labels = balanced_labels(self.units, ask.target[:, 0], ask.centre, seed)
        labels = even_out(self.units, labels, ask)
        return self._zoning(labels, k, unlocked, warnings)

    def rezone(
        self,
        today: Mapping[str, int],
        k: int,
        *,
        wishes: Sequence[ZoneWish] = (),
        held: Sequence[str] = (),
    ) -> Zoning:
        """Make today's zones even again with the fewest places in another one.

        Parameters
        ----------
        today : mapping of str to int
            Zone of each place by id; who is new joins the zone of the nearest that has one.
        held : sequence of str
            Places that stay where `today` has them: an edit to be kept.
        """
        warnings = self._check(k, wishes)
        ask = self._ask(k, wishes)
        zone = self._zones(today, k)
        fixed = np.zeros(len(self.units.work), dtype=np.bool_)
        fixed[[self.units.unit_of[self.row_of[one]] for one in held if one in self.row_of]] = True
        labels = mended(self.units, self._labels(zone, k), ask.is_locked, fixed)
        fresh = keep_most(self.units, labels, ask, fixed)
        return self._zoning(fresh, k, wishes, warnings, today)

    def assess(
        self,
        zone_of: Mapping[str, int],
        k: int,
        *,
        wishes: Sequence[ZoneWish] = (),
        today: Mapping[str, int] | None = None,
    ) -> Zoning:
        """Return the figures of any assignment, drawn by hand or read from a file.

        Who is missing in `zone_of` counts for the zone of the nearest place that is in it.
        """
        check_wishes(wishes, k)
        zone = self._zones(zone_of, k)
        return described(self, zone, k, wishes, self.warnings, today)

    def _check(self, k: int, wishes: Sequence[ZoneWish]) -> list[str]:
        if k < 1:
            raise InvalidProblem("k", f"expected at least 1, got {k}")
        check_wishes(wishes, k)
        warnings = list(self.warnings)
        lost = Counter(int(zone) for zone in self.bound if zone >= k or zone < -1)
        for zone, count in sorted(lost.items()):
            warnings.append(
                f"{count} places are bound to zone {zone}, which there is not: they were placed "
                f"like the others; bind them to one of 0 to {k - 1}"
            )
        return warnings

    def _ask(self, k: int, wishes: Sequence[ZoneWish]) -> Ask:
        """Return what is asked of the zones beyond the places bound to them."""
        wishes = wishes or [ZoneWish()] * k
        capacity = np.array([wish.capacity for wish in wishes])
        total = np.array([self.weight.sum(), self.value.sum()])
        inside = (self.bound >= 0) & (self.bound < k)
        base = np.column_stack(
            [np.bincount(self.bound[inside], load[inside], k) for load in (self.weight, self.value)]
        )
        target = capacity[:, None] / capacity.sum() * total - base
        floor = 1e-3 * total / k
        target = np.where(total > 0, np.maximum(target, floor), 0.0)
        locked = np.array([wish.is_locked for wish in wishes])
        return Ask(target, locked, self._centres(wishes))

    def _centres(self, wishes: Sequence[ZoneWish]) -> Longs:
        """Return the unit at the centre of each zone that has one; no two share theirs."""
        centre = np.full(len(wishes), -1, dtype=np.int64)
        fixed = [i for i, wish in enumerate(wishes) if wish.centre is not None]
        if not fixed:
            return centre
        points = [point for i in fixed if (point := wishes[i].centre) is not None]
        tree = cKDTree(self.units.plane_m)
        near = min(len(fixed), len(self.units.work))
        _, found = tree.query(self.units.plane.metres(points), k=[*range(1, near + 1)])
        taken: set[int] = set()
        for i, row in zip(fixed, found, strict=True):
            free = [int(unit) for unit in row if int(unit) not in taken]
            if free:
                centre[i] = free[0]
                taken.add(free[0])
        return centre

    def _zones(self, zone_of: Mapping[str, int], k: int) -> Longs:
        """Return the zone of each place; who has none gets that of the nearest who has."""
        zone = np.fromiter(map(zone_of.get, self.ids, repeat(-1)), np.int64, len(self.ids))
        wrong = (zone >= k) | (zone < -1)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InvalidProblem(
                f"zone_of[{self.places[row].id!r}]", f"expected 0 to {k - 1}, got {zone[row]}"
            )
        lost = np.flatnonzero(zone < 0)
        known = np.flatnonzero(zone >= 0)
        if not len(known):
            raise InvalidProblem("zone_of", "expected a zone for at least one place")
        if len(lost):
            where = self.units.plane_m[self.units.unit_of]
            zone[lost] = zone[known[cKDTree(where[known]).query(where[lost])[1]]]
        return zone

    def _labels(self, zone: Longs, k: int) -> Labels:
        """Return the zone of each unit: the one with most of its work."""
        unit_of = self.units.unit_of
        mass = np.where(self.bound >= 0, 1e-9, self.weight + 1e-6)
        key, row = np.unique(unit_of * k + zone, return_inverse=True)
        total = np.bincount(row.reshape(-1), mass)
        order = np.lexsort((-total, key // k))
        units, at = np.unique(key[order] // k, return_index=True)
        labels = np.empty(len(units), dtype=np.int32)
        labels[units] = (key[order] % k)[at]
        return labels

    def _zoning(
        self,
        labels: Labels,
        k: int,
        wishes: Sequence[ZoneWish],
        warnings: list[str],
        today: Mapping[str, int] | None = None,
    ) -> Zoning:
        zone = labels[self.units.unit_of].astype(np.int64)
        bound = (self.bound >= 0) & (self.bound < k)
        zone[bound] = self.bound[bound]
        return described(self, zone, k, wishes, tuple(warnings), today)


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
    """Return which zone of today each zone continues, so that most places stay in theirs."""
    k = len(zoning.centres)
    count: NDArray[np.float64] = np.zeros((k, k))
    for place, zone in zoning.zone_of.items():
        before = today.get(place)
        if before is not None and 0 <= before < k:
            count[zone, before] += 1
    rows, cols = linear_sum_assignment(count, maximize=True)
    return {int(row): int(col) for row, col in zip(rows, cols, strict=True)}


def relabelled(ground: Ground, zoning: Zoning, today: Mapping[str, int]) -> Zoning:
    """Return a cold division under the numbers of today that leave most places in their zone."""
    name = matched(zoning, today)
    renamed = {place: name[zone] for place, zone in zoning.zone_of.items()}
    return ground.assess(renamed, len(zoning.centres), today=today)
