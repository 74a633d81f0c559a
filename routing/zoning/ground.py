"""The ground that zones stand on: places and their neighbours, and what is done on them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import repeat

import numpy as np
import shapely
from scipy.spatial import cKDTree

from routing.errors import InvalidProblem
from routing.travel.streets.pack import Pack
from routing.zoning.balance import Labels, balanced_labels
from routing.zoning.figures import described
from routing.zoning.places import Place, ZoneWish, Zoning, check_places, check_wishes
from routing.zoning.repair import Ask, even_out, keep_most, mended
from routing.zoning.streets import street_pairs
from routing.zoning.units import Floats, Longs, make_units, without_crossings


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
        ask = self._beside_locks(ask, labels, wishes)
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
        target = capacity[:, None] / capacity.sum() * total - self._bound_load(k)
        floor = 1e-3 * total / k
        target = np.where(total > 0, np.maximum(target, floor), 0.0)
        locked = np.array([wish.is_locked for wish in wishes])
        return Ask(target, locked, self._centres(wishes))

    def _beside_locks(self, ask: Ask, labels: Labels, wishes: Sequence[ZoneWish]) -> Ask:
        """Return what is asked once locked zones keep what they hold: the others share the rest."""
        is_open = ~ask.is_locked
        if is_open.all() or not is_open.any():
            return ask
        k = len(is_open)
        work, bound = self.units.work, self._bound_load(k)
        load = np.column_stack([np.bincount(labels, work[:, j], k) for j in (0, 1)]) + bound
        capacity = np.array([wish.capacity for wish in wishes])[is_open]
        rest = load[is_open].sum(axis=0)
        target = ask.target.copy()
        share = capacity[:, None] / capacity.sum() * rest
        target[is_open] = np.where(rest > 0, np.maximum(share - bound[is_open], 1e-3 * share), 0.0)
        return Ask(target, ask.is_locked, ask.centre)

    def _bound_load(self, k: int) -> Floats:
        """Return the work and the money of the places bound to each zone, float64[k, 2]."""
        inside = (self.bound >= 0) & (self.bound < k)
        return np.column_stack(
            [np.bincount(self.bound[inside], load[inside], k) for load in (self.weight, self.value)]
        )

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
