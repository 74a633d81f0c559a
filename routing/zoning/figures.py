"""What a division of places comes to, zone by zone; the formulas are in docs/zoning.md."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from routing.geo import Point
from routing.zoning.places import Basis, ZoneFigures, ZoneWish, Zoning
from routing.zoning.repair import pieces
from routing.zoning.units import Bools, Floats, Longs

if TYPE_CHECKING:
    from routing.zoning.ground import Ground

# Johnson, McGeoch and Rothberg 1996: a tour through n uniform points in an area A tends to this
# times sqrt(n A).
TOUR_CONSTANT = 0.7124
FAR_OFF = 0.02  # imbalance from which a warning says what stands in the way


def described(
    ground: "Ground",
    zone: Longs,
    k: int,
    wishes: Sequence[ZoneWish],
    warnings: tuple[str, ...],
    today: Longs | None = None,
) -> Zoning:
    """Return zones with their figures.

    Parameters
    ----------
    zone : int64[n]
        Zone 0 to k-1 of each place.
    today : int64[n], optional
        Zone of each place today, -1 for none.
    """
    before = np.full(len(zone), -1, dtype=np.int64) if today is None else today
    basis = Basis(zone, before, tuple(wishes or [ZoneWish()] * k), warnings)
    measured = _measured(ground, basis, np.ones(k, dtype=np.bool_))
    return _zoning(ground, basis, measured, dict(zip(ground.ids, zone.tolist(), strict=True)))


def after_edit(ground: "Ground", zoning: Zoning, basis: Basis, moves: Mapping[str, int]) -> Zoning:
    """Return zones after an edit; only the zones that it touches are measured."""
    rows = np.fromiter(map(ground.row_of.__getitem__, moves), np.int64, len(moves))
    zone = basis.zone.copy()
    zone[rows] = np.fromiter(moves.values(), np.int64, len(moves))
    is_touched = np.zeros(len(zoning.figures), dtype=np.bool_)
    is_touched[zone[rows]] = True
    is_touched[basis.zone[rows]] = True
    basis = replace(basis, zone=zone)
    measured = dict(enumerate(zip(zoning.figures, zoning.centres, strict=True)))
    return _zoning(
        ground,
        basis,
        measured | _measured(ground, basis, is_touched),
        zoning.zone_of | dict(moves),
    )


Measured = dict[int, tuple[ZoneFigures, Point]]


def _zoning(ground: "Ground", basis: Basis, measured: Measured, zone_of: dict[str, int]) -> Zoning:
    figures = tuple(figures for figures, _centre in measured.values())
    known = basis.today >= 0
    return Zoning(
        places=ground.places,
        zone_of=zone_of,
        centres=tuple(centre for _figures, centre in measured.values()),
        figures=figures,
        imbalance=max(one.share for one in figures) - 1.0,
        value_imbalance=max(one.value_share for one in figures) - 1.0,
        moved=float((basis.today[known] != basis.zone[known]).mean()) if known.any() else 0.0,
        warnings=basis.warnings + _obstacles(figures, basis.wishes),
        basis=basis,
    )


def _measured(ground: "Ground", basis: Basis, is_shown: Bools) -> Measured:
    """Return the figures and the central place of some zones."""
    k = len(is_shown)
    rows = np.flatnonzero(is_shown[basis.zone])
    zone = basis.zone[rows]
    capacity = np.array([wish.capacity for wish in basis.wishes])
    weight, share = _load(ground.weight, zone, rows, capacity)
    value, value_share = _load(ground.value, zone, rows, capacity)
    where = ground.units.plane_m[ground.units.unit_of[rows]]
    mass = ground.weight[rows] + 1e-9
    total = np.maximum(np.bincount(zone, mass, k), 1e-12)
    middle = np.column_stack([np.bincount(zone, mass * where[:, j], k) for j in (0, 1)])
    far = np.linalg.norm(where - (middle / total[:, None])[zone], axis=1)
    mean_far = np.bincount(zone, mass * far, k) / total
    count = np.bincount(zone, minlength=k)
    compactness, area = _shapes(where, zone, count)
    piece = _pieces(ground, rows, zone, k)
    nearest = np.full(k, np.inf)
    np.minimum.at(nearest, zone, far)
    at = np.flatnonzero(far == nearest[zone])[::-1]  # of equals the first counts
    central = np.zeros(k, dtype=np.int64)
    central[zone[at]] = rows[at]
    return {
        int(n): (
            ZoneFigures(
                zone=int(n),
                places=int(count[n]),
                weight=float(weight[n]),
                share=float(share[n]),
                value=float(value[n]),
                mean_distance_m=float(mean_far[n]),
                pieces=int(piece[n]),
                value_share=float(value_share[n]),
                compactness=float(compactness[n]),
                tour_m=float(TOUR_CONSTANT * np.sqrt(count[n] * area[n])),
            ),
            ground.places[int(central[n])].point,
        )
        for n in np.flatnonzero(is_shown)
    }


def _load(load: Floats, zone: Longs, rows: Longs, capacity: Floats) -> tuple[Floats, Floats]:
    """Return the load of each zone and what share it is of what its capacity asks."""
    total = float(load.sum())
    held = np.bincount(zone, load[rows], len(capacity)).astype(np.float64)
    asked = total * capacity / capacity.sum()
    return held, held / asked if total > 0 else np.ones(len(capacity))


def _shapes(where: Floats, zone: Longs, count: Longs) -> tuple[Floats, Floats]:
    """Return the compactness of the hull of each zone's places and its area, square metres."""
    compactness, area = np.ones(len(count)), np.zeros(len(count))
    held = np.flatnonzero(count)
    if not len(held):
        return compactness, area
    order = np.argsort(zone, kind="stable")
    # A line through all places has their hull and is made faster than points; it needs two ends.
    first = np.concatenate([[0], np.cumsum(count[held])[:-1]])
    order = np.insert(order, first, order[first])
    row = np.repeat(np.arange(len(held)), count[held] + 1)
    hulls = shapely.convex_hull(shapely.linestrings(where[order], indices=row))
    area[held] = shapely.area(hulls)
    around = shapely.length(hulls)
    compactness[held] = np.where(
        around > 0, 4 * np.pi * area[held] / np.maximum(around, 1e-9) ** 2, 1.0
    )
    return compactness, area


def _pieces(ground: "Ground", rows: Longs, zone: Longs, k: int) -> Longs:
    """Return the parts of each zone; who is bound to a zone from elsewhere makes no part."""
    labels = np.full(len(ground.units.work), -1, dtype=np.int32)
    is_free = (ground.bound[rows] < 0) | (ground.bound[rows] >= k)
    unit = ground.units.unit_of[rows]
    labels[unit[~is_free]] = zone[~is_free]
    labels[unit[is_free]] = zone[is_free]
    counts = np.zeros(len(labels), dtype=np.bool_)
    counts[unit[is_free]] = True
    return pieces(ground.units, labels, k, counts)


def _obstacles(figures: Sequence[ZoneFigures], wishes: Sequence[ZoneWish]) -> tuple[str, ...]:
    warnings = []
    worst = max(figures, key=lambda one: one.share)
    if worst.share - 1.0 > FAR_OFF:
        locked = [n for n, wish in enumerate(wishes) if wish.is_locked]
        way = (
            f"unlock one of {', '.join(map(str, locked))}"
            if locked
            else "split its largest location or group, or ask for fewer zones"
        )
        warnings.append(
            f"zone {worst.zone} has {worst.share:.1%} of the work its capacity asks for: {way}"
        )
    warnings += [
        f"zone {one.zone} lies in {one.pieces} pieces: join them or free them"
        for one in figures
        if one.pieces > 1
    ]
    warnings += [
        f"zone {one.zone} has no place: join it to another" for one in figures if not one.places
    ]
    return tuple(warnings)
