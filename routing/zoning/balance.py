"""Even zones: an additively weighted network Voronoi diagram whose head starts are tuned.

A unit belongs to the centre that reaches it first along the borders, each centre setting off with
its own delay. The neighbour on the way to the centre belongs to the same zone, so every zone hangs
together by construction; lengthening the delay of a heavy zone makes it smaller.

Source: the "nv" design measured on synthetic cities before this was written: recursive bisection
as a start, Rprop (Riedmiller and Braun 1993) on the delays, centres moved between rounds.
"""

import numpy as np
from numpy.typing import NDArray

from routing.zoning import kernels
from routing.zoning.units import Floats, Longs, Units

ROUNDS = 3
NEAREST = 4  # centres kept of each unit while the delays are tuned
STEPS = 150  # adjustments of the delays in a round
GOOD_ENOUGH = 0.004  # share of the target; below this the units are too coarse to go on
GROW, SHRINK = 1.15, 0.5  # of the step of a delay, by whether its error kept its sign
FARTHEST_STEP = 0.3  # error at which a delay takes its whole step

Labels = NDArray[np.int32]


def balanced_labels(units: Units, target: Floats, fixed: Longs, seed: int) -> Labels:
    """Return a zone for each unit, int32[u]; each zone holds at least its centre.

    Parameters
    ----------
    target : float64[k]
        Work asked of each zone.
    fixed : int64[k]
        Unit that a zone must lie around, -1 for none.
    """
    centres = _first_centres(units, target, fixed, np.random.default_rng(seed))
    best, best_error = None, np.inf
    for _ in range(ROUNDS):
        labels, error = _tuned(units, centres, target)
        if error < best_error:
            best, best_error = labels, error
        moved = np.where(fixed >= 0, fixed, _middles(units, labels, len(target)))
        if (moved == centres).all():
            break
        centres = moved
    assert best is not None  # noqa: S101 - ROUNDS >= 1
    return best


def _tuned(units: Units, centres: Longs, target: Floats) -> tuple[Labels, float]:
    borders, weight, k = units.borders, units.work[:, 0], len(centres)
    scale = float(np.sqrt(np.ptp(units.plane_m, axis=0).prod() / k)) or 1.0
    most = min(NEAREST, k)
    who, after = kernels.reach_first(borders, centres, np.zeros(k), most)
    delay, step, before = np.zeros(k), np.full(k, 0.1 * scale), np.zeros(k)
    best, best_error = delay.copy(), np.inf
    for _ in range(STEPS):
        load = kernels.loads_under(who, after, delay, weight)
        error = load / target - 1.0
        worst = float(np.abs(error).max())
        if worst < best_error:
            best, best_error = delay.copy(), worst
        if worst < GOOD_ENOUGH:
            break
        step = np.minimum(np.where(error * before < 0, step * SHRINK, step * GROW), 0.5 * scale)
        delay += step * np.clip(error / FARTHEST_STEP, -1.0, 1.0)
        before = error
    labels = _settled(units, centres, best - best.min())
    settled = np.bincount(labels, weights=weight, minlength=k)
    return labels, float(np.abs(settled / target - 1.0).max())


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


def middles_m(units: Units, labels: Labels, k: int) -> Floats:
    """Return the middle of each zone, weighted by work, metres, float64[k, 2]."""
    mass = units.work[:, 0] + 1e-9
    total = np.maximum(np.bincount(labels, mass, k), 1e-12)
    sums = [np.bincount(labels, mass * units.plane_m[:, axis], k) for axis in (0, 1)]
    result: Floats = np.column_stack(sums) / total[:, None]
    return result


def _middles(units: Units, labels: Labels, k: int) -> Longs:
    """Return the unit of each zone that lies nearest to its weighted middle."""
    far = np.linalg.norm(units.plane_m - middles_m(units, labels, k)[labels], axis=1)
    order = np.lexsort((far, labels))
    _, first = np.unique(labels[order], return_index=True)
    result: Longs = order[first]
    return result


def _first_centres(units: Units, target: Floats, fixed: Longs, dice: np.random.Generator) -> Longs:
    """Cut the units in parts of the work asked, again and again; return the middle of each part."""
    middles = np.full(len(target), -1, dtype=np.int64)
    parts = [(np.arange(len(units.work)), np.arange(len(target)))]
    mass = units.work[:, 0] + 1e-9
    while parts:
        members, zones = parts.pop()
        where = units.plane_m[members]
        if len(zones) == 1:
            middle = np.average(where, axis=0, weights=mass[members])
            middles[zones[0]] = members[np.linalg.norm(where - middle, axis=1).argmin()]
            continue
        low = len(zones) // 2
        spread = where - where.mean(axis=0)
        along = spread @ np.linalg.eigh(spread.T @ spread)[1][:, -1]
        # Equal distances along the cut are drawn apart by the seed.
        order = np.lexsort((dice.random(len(members)), along))
        work = np.cumsum(mass[members][order])
        share = target[zones[:low]].sum() / target[zones].sum()
        cut = int(np.searchsorted(work, work[-1] * share)) + 1
        # A unit at least for each zone.
        cut = min(max(cut, low), len(members) - (len(zones) - low))
        parts += [(members[order[:cut]], zones[:low]), (members[order[cut:]], zones[low:])]
    return _with_fixed(units, middles, fixed)


def _with_fixed(units: Units, middles: Longs, fixed: Longs) -> Longs:
    """Return the centres, each fixed one in place of the nearest free one."""
    if not (fixed >= 0).any():
        return middles
    left = list(middles)
    for unit in fixed[fixed >= 0]:
        far = [float(np.linalg.norm(units.plane_m[one] - units.plane_m[unit])) for one in left]
        left.pop(int(np.argmin(far)))
    centres = fixed.copy()
    centres[fixed < 0] = left
    return centres
