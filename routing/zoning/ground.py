"""The ground that zones stand on: places and their neighbours, and what is done on them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from itertools import repeat

import numpy as np
import shapely
from scipy.spatial import cKDTree

from routing.errors import InvalidProblem
from routing.travel.streets.pack import Pack
from routing.zoning.balance import Labels, balanced_labels, mean_far_m, straight_labels
from routing.zoning.evening import GOOD_ENOUGH, Ask, Today, even_out, falls_short, keep_most, never
from routing.zoning.figures import after_edit, described
from routing.zoning.matching import matched
from routing.zoning.places import Place, ZoneWish, Zoning, check_places, check_wishes
from routing.zoning.repair import mended
from routing.zoning.starts import first_centres
from routing.zoning.streets import street_pairs
from routing.zoning.units import (
    Bools,
    Floats,
    Longs,
    Units,
    free_work,
    make_units,
    past_held,
    some_units,
    without_crossings,
)

MOST_STARTS = 32  # of a division; the best is taken
LEAST_DIVISIONS = 32  # made before one counts as near enough; two of each start
UNITS_STARTED = 64_000  # over all starts: more than one costs little up to here
NEAR_ENOUGH = 1.01  # of the distances if zones need not hang together: no further starts
FAR_FROM_EVEN = 0.03  # left by re-zoning: from there a cold division is a better beginning
EVEN_WORK, EVEN_MONEY = 0.01, 0.03  # imbalance up to which the nearer division is the better one


class Ground:
    """Places and their neighbours, made once; zones are proposed, repaired and edited on it.

    Attributes
    ----------
    kept_crossings : int
        Borders across barriers that stay, because nothing else holds the places together.

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
        self.units = units
        self.warnings = units.warnings
        self.kept_crossings = 0
        self.weight = np.array([place.weight for place in places])
        if not self.weight.any():
            self.weight = np.ones(len(places))
        self.value = np.array([place.value for place in places])
        self.bound = np.array([-1 if place.zone is None else place.zone for place in places])
        if barriers:
            self._raise_barriers(barriers)

    def behind(self, barriers: Sequence[shapely.Geometry]) -> "Ground":
        """Return the same ground with barriers, longitude first; neighbours are not sought anew."""
        other = copy(self)
        other._raise_barriers(barriers)  # noqa: SLF001 - another of our own
        return other

    def binding(self, zones: Mapping[str, int]) -> "Ground":
        """Return the same ground with some places bound to zones, by id."""
        other = copy(self)
        other.bound = self._listed(zones)
        work = free_work(self.weight, self.value, other.bound < 0, self.units.unit_of)
        other.units = replace(self.units, work=work)
        return other

    def _raise_barriers(self, barriers: Sequence[shapely.Geometry]) -> None:
        self.units, ties = without_crossings(self.units, barriers, self.units.plane)
        self.kept_crossings = ties
        if ties:
            self.warnings += (
                f"{ties} parts hang together only across a barrier: zones may cross it there; "
                "lift it, or ask for zones on both sides of it",
            )

    def propose(
        self,
        k: int,
        *,
        wishes: Sequence[ZoneWish] = (),
        seed: int = 0,
        today: Mapping[str, int] | None = None,
        ends_early: Callable[[], bool] = never,
    ) -> Zoning:
        """Divide the places into k zones, as `routing.zoning.propose` does.

        Parameters
        ----------
        today : mapping of str to int, optional
            Zone of places by id. Zones that are wished locked keep theirs, and the others are
            divided anew around them; without it there is nothing to lock.
        ends_early : callable
            Asked now and then; once it says so, the best division so far is returned, or the first
            one as it is by then: in one piece, less even.
        """
        warnings = self._check(k, wishes)
        if any(wish.is_locked for wish in wishes) and not today:
            warnings.append("a lock needs zones of today: nothing was locked; give today's zones")
            wishes = [replace(wish, is_locked=False) for wish in wishes]
        known = self._known_zones(today, k) if today else None
        labels = np.zeros(len(self.units.work), dtype=np.int32)
        if known is not None:
            labels = self._labels(self._with_newcomers(known), k)
        is_locked = np.array([wish.is_locked for wish in wishes or [ZoneWish()] * k])
        rows, zones = (
            np.flatnonzero(~is_locked[labels] | (known is None)),
            np.flatnonzero(~is_locked),
        )
        if len(rows) < len(zones):
            warnings.append(
                f"{len(zones)} zones were asked of {len(rows)} locations, so that some hold "
                f"nobody: ask for at most {len(rows)}, or unlock a zone"
            )
            zones = zones[: len(rows)]
        if not len(zones):
            return self._zoning(labels, k, wishes, warnings, known)
        found: list[tuple[tuple[float, float], Zoning]] = []
        least_m = np.inf
        for divided, loose in self._divisions(
            labels, rows, zones, wishes or [ZoneWish()] * k, seed, ends_early
        ):
            zoning = self._zoning(divided, k, wishes, warnings, known)
            uneven = max(zoning.imbalance / EVEN_WORK, zoning.value_imbalance / EVEN_MONEY, 1.0)
            found.append(((uneven, mean_far_m(self.units, divided, k)), zoning))
            least_m = min(least_m, mean_far_m(self.units, loose, k))
            best = min(short for short, _ in found)
            is_good = len(found) >= LEAST_DIVISIONS and best <= (1.0, NEAR_ENOUGH * least_m)
            if is_good or ends_early():
                break
        return min(found, key=lambda one: one[0])[1]

    def _divisions(
        self,
        labels: Labels,
        rows: Longs,
        zones: Longs,
        wishes: Sequence[ZoneWish],
        seed: int,
        ends_early: Callable[[], bool],
    ) -> Iterator[tuple[Labels, Labels]]:
        """Yield divisions of some units into some zones, from several starts where units are few.

        The others keep their labels. Beside each division is what it began as, which is even in
        work alone and, by straight distances, need not hang together.
        """
        is_open = np.zeros(len(wishes), dtype=np.bool_)
        is_open[zones] = True
        ask = self._beside(self._ask(len(wishes), wishes), labels, wishes, is_open)
        place_of = np.full(len(labels) + 1, -1, dtype=np.int64)  # the last one is that of none
        place_of[rows] = np.arange(len(rows))
        units = self.units if len(rows) == len(labels) else some_units(self.units, rows)
        inner = Ask(ask.target[zones], ask.is_locked[zones], place_of[ask.centre[zones]])
        work_asked = inner.target[:, 0]
        dice = np.random.default_rng(seed)
        divide = [balanced_labels, straight_labels]
        starts = min(MOST_STARTS, UNITS_STARTED // len(rows))
        for n in range(max(1, starts)):
            centres = first_centres(units, work_asked, inner.centre, dice, turned=n > 0)
            for first_labels in divide[: 1 + (starts > 0)]:
                found = first_labels(units, work_asked, centres, inner.centre)
                divided, loose = labels.copy(), labels.copy()
                loose[rows] = zones[found]
                divided[rows] = zones[even_out(units, found, inner, ends_early)]
                yield divided, loose

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
        before = self._known_zones(today, k)
        zone = self._with_newcomers(before)
        fixed = np.zeros(len(self.units.work), dtype=np.bool_)
        fixed[[self.units.unit_of[self.row_of[one]] for one in held if one in self.row_of]] = True
        home = self._labels(zone, k)
        ask = self._beside(ask, home, wishes, ~ask.is_locked)
        settled = np.bincount(
            self.units.unit_of, (before >= 0) & (self.bound < 0), len(home)
        ).astype(np.float64)
        today_kept = Today(home, settled, fixed)
        fresh, short = _kept(self.units, ask, today_kept)
        if fixed.any() and not short <= GOOD_ENOUGH:
            # Who was put into the neck of another zone would cost it all that lies beyond.
            around, beyond = _kept(past_held(self.units, home, fixed), ask, today_kept)
            fresh = around if beyond < short else fresh
        elif short[0] > FAR_FROM_EVEN and not fixed.any():
            # A new barrier cut zones up: too few are left of any to move clients one by one.
            cold = self._cold(k, wishes, before)
            anew = keep_most(self.units, cold, ask, today_kept)
            fresh = min(
                (fresh, cold, anew),
                key=lambda labels: falls_short(self.units, labels, ask, today_kept),
            )
        return self._zoning(fresh, k, wishes, warnings, before)

    def _cold(self, k: int, wishes: Sequence[ZoneWish], before: Longs) -> Labels:
        """Return a division from nothing under the numbers of today that keep most places."""
        today = dict(zip(self.ids, before.tolist(), strict=True))
        zoning = self.propose(k, wishes=wishes, today=today)
        is_bound = np.isin(np.arange(k), self.bound)  # those keep theirs
        asked = wishes or [ZoneWish()] * k
        kinds = [(asked[zone], zone if is_bound[zone] else -1) for zone in range(k)]
        name = matched(zoning, today, kinds)
        return self._labels(np.array([name[zoning.zone_of[one]] for one in self.ids]), k)

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
        zone = self._with_newcomers(self._known_zones(zone_of, k))
        before = None if today is None else self._listed(today)
        return described(self, zone, k, wishes, self.warnings, before)

    def edited(self, before: Zoning, moves: Mapping[str, int]) -> Zoning:
        """Return zones after an edit by hand; only those that it touches are measured anew.

        Parameters
        ----------
        before : Zoning
            Of this ground.
        moves : mapping of str to int
            The zone that each place is put into, by id.

        Raises
        ------
        InvalidProblem
            When a place or a zone is not there.
        """
        if before.basis is None:
            raise InvalidProblem("before", "expected zones that this ground made")
        k = len(before.centres)
        for one, zone in moves.items():
            if one not in self.row_of:
                raise InvalidProblem(f"moves[{one!r}]", "there is no such place")
            if not 0 <= zone < k:
                raise InvalidProblem(f"moves[{one!r}]", f"expected 0 to {k - 1}, got {zone}")
        return after_edit(self, before, before.basis, moves)

    def _check(self, k: int, wishes: Sequence[ZoneWish]) -> list[str]:
        if k < 1:
            raise InvalidProblem("k", f"expected at least 1, got {k}")
        check_wishes(wishes, k)
        warnings = list(self.warnings)
        for zone, count in zip(*np.unique(self.bound, return_counts=True), strict=True):
            if -1 <= zone < k:
                continue
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

    def _beside(self, ask: Ask, labels: Labels, wishes: Sequence[ZoneWish], is_open: Bools) -> Ask:
        """Return what is asked once the zones that are not open keep what they hold."""
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

    def _listed(self, zone_of: Mapping[str, int]) -> Longs:
        """Return the zone of each place, -1 for those that are not told."""
        return np.fromiter(map(zone_of.get, self.ids, repeat(-1)), np.int64, len(self.ids))

    def _known_zones(self, zone_of: Mapping[str, int], k: int) -> Longs:
        zone = self._listed(zone_of)
        wrong = (zone >= k) | (zone < -1)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InvalidProblem(
                f"zone_of[{self.places[row].id!r}]", f"expected 0 to {k - 1}, got {zone[row]}"
            )
        if (zone < 0).all():
            raise InvalidProblem("zone_of", "expected a zone for at least one place")
        return zone

    def _with_newcomers(self, zone: Longs) -> Longs:
        """Return the zone of each place; who has none gets that of the nearest who has.

        Who is bound says nothing about the zones around them, unless nobody else has one.
        """
        lost, known = np.flatnonzero(zone < 0), np.flatnonzero((zone >= 0) & (self.bound < 0))
        if not len(lost):
            return zone
        if not len(known):
            known = np.flatnonzero(zone >= 0)
        where = self.units.plane_m[self.units.unit_of]
        full = zone.copy()
        # Few are sought, so that a search made fast is worth more than a fast search.
        tree = cKDTree(where[known], compact_nodes=False, balanced_tree=False)
        full[lost] = zone[known[tree.query(where[lost])[1]]]
        return full

    def _labels(self, zone: Longs, k: int) -> Labels:
        """Return the zone of each unit: the one with most of its work."""
        unit_of = self.units.unit_of
        labels = np.empty(len(self.units.work), dtype=np.int32)
        labels[unit_of] = zone
        is_split = np.zeros(len(labels), dtype=np.bool_)
        is_split[unit_of[labels[unit_of] != zone]] = True
        several = np.flatnonzero(is_split[unit_of])
        mass = np.where(self.bound >= 0, 1e-9, self.weight + 1e-6)[several]
        key, row = np.unique(unit_of[several] * k + zone[several], return_inverse=True)
        total = np.bincount(row.reshape(-1), mass)
        order = np.lexsort((-total, key // k))
        units, at = np.unique(key[order] // k, return_index=True)
        labels[units] = (key[order] % k)[at]
        return labels

    def _zoning(
        self,
        labels: Labels,
        k: int,
        wishes: Sequence[ZoneWish],
        warnings: list[str],
        today: Longs | None = None,
    ) -> Zoning:
        zone = labels[self.units.unit_of].astype(np.int64)
        bound = (self.bound >= 0) & (self.bound < k)
        zone[bound] = self.bound[bound]
        return described(self, zone, k, wishes, tuple(warnings), today)


def _kept(units: Units, ask: Ask, today: Today) -> tuple[Labels, tuple[float, float]]:
    """Return today's zones in one piece and even again, and how far they fall short of it."""
    whole = mended(units, today.home, ask.is_locked, today.held)
    fresh = keep_most(units, whole, ask, today)
    return fresh, falls_short(units, fresh, ask, today)
