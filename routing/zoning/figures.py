"""What a division of places comes to, zone by zone; the formulas are in docs/zoning.md."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.zoning.places import ZoneFigures, ZoneWish, Zoning
from routing.zoning.repair import pieces
from routing.zoning.units import Floats, Longs

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
    today: Mapping[str, int] | None = None,
) -> Zoning:
    """Return zones with their figures.

    Parameters
    ----------
    zone : int64[n]
        Zone 0 to k-1 of each place.
    """
    capacity = np.array([wish.capacity for wish in wishes] or [1.0] * k)
    weight, value = (
        np.bincount(zone, load, k).astype(np.float64) for load in (ground.weight, ground.value)
    )
    share, value_share = _shares(weight, capacity), _shares(value, capacity)
    where = ground.units.plane_m[ground.units.unit_of]
    mass = ground.weight + 1e-9
    middle = (
        np.column_stack([np.bincount(zone, mass * where[:, j], k) for j in (0, 1)])
        / np.maximum(np.bincount(zone, mass, k), 1e-12)[:, None]
    )
    far = np.linalg.norm(where - middle[zone], axis=1)
    mean_far = np.bincount(zone, mass * far, k) / np.maximum(np.bincount(zone, mass, k), 1e-12)
    count = np.bincount(zone, minlength=k)
    compactness, area = _shapes(ground.spots, zone, count)
    piece = _pieces(ground, zone, k)
    figures = tuple(
        ZoneFigures(
            zone=n,
            places=int(count[n]),
            weight=float(weight[n]),
            share=float(share[n]),
            value=float(value[n]),
            mean_distance_m=float(mean_far[n]),
            pieces=int(piece[n]),
            value_share=float(value_share[n]),
            compactness=float(compactness[n]),
            tour_m=float(TOUR_CONSTANT * np.sqrt(count[n] * area[n])),
        )
        for n in range(k)
    )
    order = np.lexsort((far, zone))
    held, at = np.unique(zone[order], return_index=True)
    nearest = np.zeros(k, dtype=np.int64)
    nearest[held] = order[at]
    imbalance = float(share.max()) - 1.0
    return Zoning(
        places=ground.places,
        zone_of=dict(zip(ground.ids, zone.tolist(), strict=True)),
        centres=tuple(ground.places[int(row)].point for row in nearest),
        figures=figures,
        imbalance=imbalance,
        value_imbalance=float(value_share.max()) - 1.0,
        moved=_moved(ground.ids, zone, today),
        warnings=warnings + _obstacles(imbalance, share, piece, count, wishes),
    )


def _shares(load: Floats, capacity: Floats) -> Floats:
    asked = load.sum() * capacity / capacity.sum()
    result: Floats = load / asked if load.sum() > 0 else np.ones(len(load))
    return result


def _shapes(spots: NDArray[np.object_], zone: Longs, count: Longs) -> tuple[Floats, Floats]:
    """Return the compactness of the hull of each zone's places and its area, square metres."""
    compactness, area = np.ones(len(count)), np.zeros(len(count))
    order = np.argsort(zone, kind="stable")
    row = np.repeat(np.arange(np.count_nonzero(count)), count[count > 0])
    hulls = shapely.convex_hull(shapely.multipoints(spots[order], indices=row))
    held = np.flatnonzero(count)
    area[held] = shapely.area(hulls)
    around = shapely.length(hulls)
    compactness[held] = np.where(
        around > 0, 4 * np.pi * area[held] / np.maximum(around, 1e-9) ** 2, 1.0
    )
    return compactness, area


def _pieces(ground: "Ground", zone: Longs, k: int) -> Longs:
    """Return the parts of each zone; who is bound to a zone from elsewhere makes no part."""
    labels = np.full(len(ground.units.work), -1, dtype=np.int32)
    is_free = (ground.bound < 0) | (ground.bound >= k)
    labels[ground.units.unit_of[~is_free]] = zone[~is_free]
    labels[ground.units.unit_of[is_free]] = zone[is_free]
    counts = np.zeros(len(labels), dtype=np.bool_)
    counts[ground.units.unit_of[is_free]] = True
    return pieces(ground.units, labels, k, counts)


def _moved(ids: Sequence[str], zone: Longs, today: Mapping[str, int] | None) -> float:
    if not today:
        return 0.0
    before = np.fromiter(map(today.get, ids, repeat(-1)), np.int64, len(ids))
    stayed = before >= 0
    return float((before[stayed] != zone[stayed]).mean()) if stayed.any() else 0.0


def _obstacles(
    imbalance: float, share: Floats, piece: Longs, count: Longs, wishes: Sequence[ZoneWish]
) -> tuple[str, ...]:
    warnings = []
    worst = int(share.argmax())
    if imbalance > FAR_OFF:
        locked = [n for n, wish in enumerate(wishes) if wish.is_locked]
        way = (
            f"unlock one of {', '.join(map(str, locked))}"
            if locked
            else "split its largest location or group, or ask for fewer zones"
        )
        warnings.append(
            f"zone {worst} has {share[worst]:.1%} of the work its capacity asks for: {way}"
        )
    warnings += [
        f"zone {n} lies in {piece[n]} pieces: join them or free them"
        for n in np.flatnonzero(piece > 1)
    ]
    warnings += [f"zone {n} has no place: join it to another" for n in np.flatnonzero(count == 0)]
    return tuple(warnings)
