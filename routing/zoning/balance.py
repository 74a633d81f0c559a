"""Even zones: an additively weighted network Voronoi diagram whose head starts are tuned.

A unit belongs to the centre that reaches it first along the borders, each centre setting off with
its own delay. The neighbour on the way to the centre belongs to the same zone, so every zone hangs
together by construction; lengthening the delay of a heavy zone makes it smaller.

Source: the "nv" design measured on synthetic cities before this was written: recursive bisection
as a start, Rprop (Riedmiller and Braun 1993) on the delays, centres moved between rounds.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, csr_matrix
from scipy.sparse.csgraph import dijkstra

from routing.zoning.units import Units

ROUNDS = 6
STEPS = 60  # adjustments of the delays in a round
PATIENCE = 12  # adjustments without a better division before a round ends
GOOD_ENOUGH = 0.004  # share of the mean; below this the units are too coarse to go on
GROW, SHRINK = 1.15, 0.5  # of the step of a delay, by whether its error kept its sign
FARTHEST_STEP = 0.3  # error at which a delay takes its whole step

Labels = NDArray[np.int64]


def balanced_labels(units: Units, k: int, seed: int) -> Labels:
    """Return a zone 0 to k-1 for each unit, int64[u]; each zone holds at least its centre."""
    centres = _bisected_centres(units, k, np.random.default_rng(seed))
    best: Labels | None = None
    best_error = np.inf
    for _ in range(ROUNDS):
        labels, error = _tuned(units, centres)
        if error < best_error:
            best, best_error = labels, error
        moved = _middles(units, labels, k)
        if (moved == centres).all():
            break
        centres = moved
    assert best is not None  # noqa: S101 - ROUNDS >= 1
    return best


def _tuned(units: Units, centres: NDArray[np.int64]) -> tuple[Labels, float]:
    target = units.weight.sum() / len(centres)
    scale = float(np.sqrt(np.ptp(units.plane_m, axis=0).prod() / len(centres))) or 1.0
    delay = np.full(len(centres), scale)
    step = np.full(len(centres), 0.2 * scale)
    before = np.zeros(len(centres))
    best, best_error, best_at = _reached(units, centres, delay), np.inf, 0
    for at in range(STEPS):
        labels = _reached(units, centres, delay)
        load = np.bincount(labels, weights=units.weight, minlength=len(centres))
        error = (load - target) / target
        worst = float(np.abs(error).max())
        if worst < best_error:
            best, best_error, best_at = labels, worst, at
        if worst < GOOD_ENOUGH or at - best_at > PATIENCE:
            break
        step = np.where(error * before < 0, step * SHRINK, step * GROW)
        step = np.minimum(step, 0.5 * scale)
        delay += step * np.clip(error / FARTHEST_STEP, -1.0, 1.0)
        delay += max(0.0, 1.0 - float(delay.min()))  # a delay of 0 would be no border at all
        before = error
    return best, best_error


def _reached(units: Units, centres: NDArray[np.int64], delay: NDArray[np.float64]) -> Labels:
    """Return which centre reaches each unit first, each setting off after its delay."""
    count = len(units.weight)
    start = csr_matrix((delay, (np.zeros(len(centres), dtype=int), centres)), shape=(1, count))
    graph = bmat([[units.borders, None], [start, csr_matrix((1, 1))]], format="csr")
    after, came_from = dijkstra(graph, indices=count, return_predecessors=True)
    labels = np.full(count + 1, -1, dtype=np.int64)
    for unit in np.argsort(after[:count], kind="stable"):
        origin = came_from[unit]
        labels[unit] = np.flatnonzero(centres == unit)[0] if origin == count else labels[origin]
    return labels[:count]


def _middles(units: Units, labels: Labels, k: int) -> NDArray[np.int64]:
    """Return the unit of each zone that lies nearest to its weighted middle."""
    return np.array([_middle(units, np.flatnonzero(labels == zone)) for zone in range(k)])


def _middle(units: Units, members: NDArray[np.int64]) -> int:
    weight = units.weight[members] + 1e-9
    middle = np.average(units.plane_m[members], axis=0, weights=weight)
    return int(members[np.linalg.norm(units.plane_m[members] - middle, axis=1).argmin()])


def _bisected_centres(units: Units, k: int, dice: np.random.Generator) -> NDArray[np.int64]:
    """Cut the units in halves of even work, again and again, and return the middle of each part."""
    parts = [(np.arange(len(units.weight)), k)]
    done: list[int] = []
    while parts:
        members, zones = parts.pop()
        if zones == 1:
            done.append(_middle(units, members))
            continue
        low = zones // 2
        where = units.plane_m[members] - units.plane_m[members].mean(axis=0)
        axis = np.linalg.svd(where, full_matrices=False)[2][0]
        # Equal distances along the cut are drawn apart by the seed.
        order = np.lexsort((dice.random(len(members)), where @ axis))
        work = np.cumsum(units.weight[members][order])
        cut = int(np.searchsorted(work, work[-1] * low / zones)) + 1
        cut = min(max(cut, low), len(members) - (zones - low))  # a unit at least for each zone
        parts += [(members[order[:cut]], low), (members[order[cut:]], zones - low)]
    return np.array(done, dtype=np.int64)
