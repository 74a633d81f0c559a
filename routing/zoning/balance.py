"""Even zones: an additively weighted network Voronoi diagram whose head starts are tuned.

A unit belongs to the centre that reaches it first along the borders, each centre setting off with
its own delay. The neighbour on the way to the centre belongs to the same zone, so every zone hangs
together by construction; lengthening the delay of a heavy zone makes it smaller.

Source: the "nv" design measured on synthetic cities before this was written: recursive bisection
as a start, Rprop on the delays, centres moved between rounds.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from routing.zoning import kernels
from routing.zoning.units import Floats, Longs, Units

ROUNDS = 2  # of centres moved to the middle of their zones
EVEN_ENOUGH = 0.004  # share of the work asked; below this the units are too coarse to go on
NEAREST = 4  # centres kept of each unit while the delays are tuned
NEAREST_STRAIGHT = 8  # the same where distances are straight and cost little

Labels = NDArray[np.int32]


def balanced_labels(units: Units, target: Floats, centres: Longs, fixed: Longs) -> Labels:
    """Return a zone for each unit, int32[u]; each zone holds at least its centre.

    Parameters
    ----------
    target : float64[k]
        Work asked of each zone.
    centres : int64[k]
        Unit that each zone begins around.
    fixed : int64[k]
        Unit that a zone must lie around, -1 for none.
    """
    k = len(target)
    scale = float(np.sqrt(np.ptp(units.plane_m, axis=0).prod() / k)) or 1.0
    work = np.ascontiguousarray(units.work[:, 0])
    delay = np.zeros(k)
    best, least = (centres, delay), np.inf
    for _ in range(ROUNDS):
        who, after = kernels.reach_first(units.borders, centres, np.zeros(k), min(NEAREST, k))
        delay, error = kernels.tuned_delays(who, after, work, target, scale, delay, EVEN_ENOUGH)
        if error < least:
            best, least = (centres, delay), error
        labels = kernels.choices_under(who, after, delay)
        moved = np.where(
            fixed >= 0,
            fixed,
            middle_units(units, middles_m(units.plane_m, work, labels, k)),
        )
        if (moved == centres).all():
            break
        centres = moved
    return _settled(units, *best)


def straight_labels(units: Units, target: Floats, centres: Longs, fixed: Longs) -> Labels:
    """Return a zone for each unit, int32[u], by straight distances; zones may lie in pieces.

    A balanced power diagram around the centres; parameters are those of `balanced_labels`.
    """
    k = len(target)
    scale = float(np.ptp(units.plane_m, axis=0).prod() / k) or 1.0
    work = np.ascontiguousarray(units.work[:, 0])
    points, delay = units.plane_m[centres], np.zeros(k)
    for _ in range(ROUNDS):
        far, who = cKDTree(points).query(
            units.plane_m, k=np.arange(1, min(NEAREST_STRAIGHT, k) + 1)
        )
        ranks, square = who.astype(np.int32), far**2
        delay, _ = kernels.tuned_delays(ranks, square, work, target, scale, delay, EVEN_ENOUGH)
        labels: Labels = kernels.choices_under(ranks, square, delay)
        middle = middles_m(units.plane_m, work, labels, k)
        points = np.where((fixed >= 0)[:, None], units.plane_m[fixed], middle)
    labels[centres] = np.arange(k)
    return labels


def _settled(units: Units, centres: Longs, delay: Floats) -> Labels:
    """Return which centre reaches each unit first; a centre is never reached by another."""
    borders = units.borders
    who, _ = kernels.reach_first(borders, centres, delay, 1)
    labels: Labels = who[:, 0]
    missing = np.setdiff1d(np.arange(len(centres)), labels)
    if len(missing):  # its centre lies within the head start of a neighbour
        lead = delay.copy()
        lead[missing] = 0.0
        lead[np.setdiff1d(np.arange(len(centres)), missing)] += 1.0
        who, _ = kernels.reach_first(borders, centres, lead, 1)
        labels = who[:, 0]
    if len(np.unique(labels)) < len(centres):
        level = np.zeros(len(centres))
        who, _ = kernels.reach_first(borders, centres, level, 1)
        labels = who[:, 0]
    return labels


def middles_m(where_m: Floats, work: Floats, labels: Labels | Longs, k: int) -> Floats:
    """Return the middle of each zone, weighted by work, metres, float64[k, 2]."""
    mass = work + 1e-9
    total = np.maximum(np.bincount(labels, mass, k), 1e-12)
    sums = [np.bincount(labels, mass * where_m[:, axis], k) for axis in (0, 1)]
    result: Floats = np.column_stack(sums) / total[:, None]
    return result


def mean_far_m(units: Units, labels: Labels, k: int) -> float:
    """Return the mean distance to the middle of the zone, weighted by work, metres."""
    work = units.work[:, 0] + 1e-9
    middle = middles_m(units.plane_m, units.work[:, 0], labels, k)
    far = np.linalg.norm(units.plane_m - middle[labels], axis=1)
    return float(np.average(far, weights=work))


def middle_units(units: Units, middle_m: Floats) -> Longs:
    """Return the unit nearest to each middle; no two share theirs."""
    chosen: Longs = units.tree.query(middle_m)[1].astype(np.int64)
    taken: set[int] = set()
    for zone, unit in enumerate(chosen.tolist()):
        if unit in taken:
            far = np.linalg.norm(units.plane_m - middle_m[zone], axis=1)
            far[list(taken)] = np.inf
            chosen[zone] = int(far.argmin())
        taken.add(int(chosen[zone]))
    return chosen
