"""Where zones begin: halves of the work cut again and again, then a balanced power diagram."""

import numpy as np
from scipy.spatial import cKDTree

from routing.zoning import kernels
from routing.zoning.balance import middle_units, middles_m
from routing.zoning.units import Floats, Longs, Units, along_a_curve

ROUNDS = 12  # of centres moved under straight distances, which cost little
NEAREST = 8  # centres kept of each unit
MOST_SPREAD = 20_000  # spots that centres are spread over; more units are taken together


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
    points = _with_fixed(_bisected(units, target, dice, turned), units.plane_m, fixed)
    points = _spread(units, points, target, fixed)
    return np.where(fixed >= 0, fixed, middle_units(units, points))


def _bisected(units: Units, target: Floats, dice: np.random.Generator, turned: bool) -> Floats:
    """Cut the units in parts of the work asked, again and again; return the middle of each part."""
    middle = np.zeros((len(target), 2))
    parts = [(np.arange(len(units.work)), np.arange(len(target)))]
    mass = units.work[:, 0] + 1e-9
    while parts:
        members, zones = parts.pop()
        where = units.plane_m[members]
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
        # A unit at least for each zone.
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


def _spread(units: Units, points: Floats, target: Floats, fixed: Longs) -> Floats:
    """Return the points moved to the middles of a balanced power diagram around them.

    Source: Aurenhammer, Hoffmann and Aronov 1998; the weights are found as delays are.
    """
    k = len(target)
    where, work = _thinned(units, max(MOST_SPREAD, 20 * k))
    scale = float(np.ptp(where, axis=0).prod() / k) or 1.0
    best, least = points, np.inf
    for _ in range(ROUNDS):
        far, who = cKDTree(points).query(where, k=np.arange(1, min(NEAREST, k) + 1))
        ranks, square = who.astype(np.int32), far**2
        delay, error = kernels.tuned_delays(ranks, square, work, target, scale)
        labels = kernels.choices_under(ranks, square, delay)
        middle = middles_m(where, work, labels, k)
        spread = float(work @ ((where - middle[labels]) ** 2).sum(axis=1)) * (1.0 + error)
        if spread < least:
            best, least = middle, spread
        points = np.where((fixed >= 0)[:, None], units.plane_m[fixed], middle)
    return best


def _thinned(units: Units, most: int) -> tuple[Floats, Floats]:
    """Return at most so many spots and their work: neighbours along a curve are taken together."""
    together = -(-len(units.work) // most)
    if together == 1:
        return units.plane_m, units.work[:, 0]
    order = np.argsort(along_a_curve(units.plane_m), kind="stable")
    spot = np.empty(len(order), dtype=np.int64)
    spot[order] = np.arange(len(order)) // together
    work = units.work[:, 0]
    sums = np.bincount(spot, work).astype(np.float64)
    return middles_m(units.plane_m, work, spot, len(sums)), sums
