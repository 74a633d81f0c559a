"""Where zones begin: halves of the work cut again and again, then a balanced power diagram."""

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from routing.zoning import kernels
from routing.zoning.balance import middle_units, middles_m
from routing.zoning.units import Bools, Floats, Longs, Units, along_a_curve

ROUNDS = 12  # of centres moved under straight distances, which cost little
NEAREST = 8  # centres kept of each unit
EVEN_ENOUGH = 0.02  # share of the work asked that a diagram may miss it by
MOST_SPREAD = 10_000  # spots that centres are spread over; more units are taken together
SPOTS_A_ZONE = 80  # at least, where there are many zones


class Spots(NamedTuple):
    """Where work lies: units, or several of them taken together."""

    plane_m: Floats
    work: Floats


def first_centres(
    units: Units, target: Floats, fixed: Longs, dice: np.random.Generator, *, turned: bool = False
) -> Longs:
    """Return a unit for each zone to begin around, int64[k].

    Parameters
    ----------
    target : float64[k]
        Work asked of each zone.
    fixed : int64[k]
        Unit that a zone must lie around, -1 for none.
    turned : bool
        Cut along directions that dice choose, in place of the longest extent: another start.
    """
    spots = _thinned(units, max(MOST_SPREAD, SPOTS_A_ZONE * len(target)))
    points = _with_fixed(_bisected(spots, target, dice, turned), units.plane_m, fixed)
    points = _spread(spots, points, target, units.plane_m[fixed], fixed >= 0)
    return np.where(fixed >= 0, fixed, middle_units(units, points))


def _bisected(spots: Spots, target: Floats, dice: np.random.Generator, turned: bool) -> Floats:
    """Cut the spots in parts of the work asked, again and again; return the middle of each part."""
    middle = np.zeros((len(target), 2))
    parts = [(np.arange(len(spots.work)), np.arange(len(target)))]
    mass = spots.work + 1e-9
    while parts:
        members, zones = parts.pop()
        where = spots.plane_m[members]
        if len(zones) == 1:
            middle[zones[0]] = np.average(where, axis=0, weights=mass[members])
            continue
        low = len(zones) // 2
        spread = where - where.mean(axis=0)
        turn = dice.uniform(0.0, np.pi)
        axis = np.array([np.cos(turn), np.sin(turn)])
        along = spread @ (axis if turned else np.linalg.eigh(spread.T @ spread)[1][:, -1])
        # Equal distances along the cut are drawn apart by the dice.
        order = np.lexsort((dice.random(len(members)), along))
        work = np.cumsum(mass[members][order])
        share = target[zones[:low]].sum() / target[zones].sum()
        cut = int(np.searchsorted(work, work[-1] * share)) + 1
        # A spot at least for each zone.
        cut = min(max(cut, low), len(members) - (len(zones) - low))
        parts += [(members[order[:cut]], zones[:low]), (members[order[cut:]], zones[low:])]
    return middle


def _with_fixed(middle: Floats, where: Floats, fixed: Longs) -> Floats:
    """Return the middles, each fixed centre in place of the nearest free one."""
    if not (fixed >= 0).any():
        return middle
    left = list(range(len(middle)))
    for unit in fixed[fixed >= 0]:
        far = np.linalg.norm(middle[left] - where[unit], axis=1)
        left.pop(int(far.argmin()))
    points = where[fixed].copy()
    points[fixed < 0] = middle[left]
    return points


def _spread(
    spots: Spots, points: Floats, target: Floats, fixed_m: Floats, is_fixed: Bools
) -> Floats:
    """Return the points moved to the middles of a balanced power diagram around them.

    Source: Aurenhammer, Hoffmann and Aronov 1998; the weights are found as delays are.
    """
    k = len(target)
    where, work = spots.plane_m, spots.work
    scale = float(np.ptp(where, axis=0).prod() / k) or 1.0
    best, least, delay = points, np.inf, np.zeros(k)
    for _ in range(ROUNDS):
        far, who = cKDTree(points).query(where, k=np.arange(1, min(NEAREST, k) + 1))
        ranks, square = who.astype(np.int32), far**2
        delay, error = kernels.tuned_delays(ranks, square, work, target, scale, delay, EVEN_ENOUGH)
        labels = kernels.choices_under(ranks, square, delay)
        middle = middles_m(where, work, labels, k)
        spread = float(work @ ((where - middle[labels]) ** 2).sum(axis=1)) * (1.0 + error)
        if spread < least:
            best, least = middle, spread
        points = np.where(is_fixed[:, None], fixed_m, middle)
    return best


def _thinned(units: Units, most: int) -> Spots:
    """Return at most so many spots and their work: neighbours along a curve are taken together."""
    work = np.ascontiguousarray(units.work[:, 0])
    together = -(-len(work) // most)
    if together == 1:
        return Spots(units.plane_m, work)
    order = np.argsort(along_a_curve(units.plane_m), kind="stable")
    spot = np.empty(len(order), dtype=np.int64)
    spot[order] = np.arange(len(order)) // together
    sums = np.bincount(spot, work).astype(np.float64)
    return Spots(middles_m(units.plane_m, work, spot, len(sums)), sums)
