"""Pieces of zones: how many there are, and loose ones joined to the zone around them."""

import numpy as np
from numpy.typing import NDArray

from routing.zoning import kernels
from routing.zoning.balance import Labels
from routing.zoning.units import Longs, Units


def mended(
    units: Units, labels: Labels, is_locked: NDArray[np.bool_], held: NDArray[np.bool_]
) -> Labels:
    """Return zones of one piece: what lies apart joins the zone around it, unless it is held."""
    k = len(is_locked)
    labels = labels.copy()
    borders = units.borders
    for _ in range(20):
        part = kernels.parts(borders, labels)
        if not ((_count(labels, part, k) > 1) & ~is_locked).any():
            break
        size = np.bincount(part, weights=units.work[:, 0] + 1e-9)
        order = np.lexsort((-size[part], labels))
        _, at = np.unique(labels[order], return_index=True)
        main = part[order[at]]
        is_loose = ~np.isin(part, main) & ~is_locked[labels] & ~np.isin(part, part[held])
        rows = np.repeat(np.arange(len(labels)), np.diff(borders.first))
        crossing = is_loose[rows] & ~is_loose[borders.near] & ~is_locked[labels[borders.near]]
        edges = np.flatnonzero(crossing & (part[rows] != part[borders.near]))
        if not len(edges):
            break
        # The whole loose part joins the zone it touches by its shortest border.
        edges = edges[np.argsort(borders.length_m[edges], kind="stable")]
        loose, one = np.unique(part[rows[edges]], return_index=True)
        joins = np.full(int(part.max()) + 1, -1, dtype=np.int32)
        joins[loose] = labels[borders.near[edges[one]]]
        labels = np.where(joins[part] >= 0, joins[part], labels).astype(np.int32)
    return labels


def pieces(units: Units, labels: Labels, k: int, counts: NDArray[np.bool_]) -> Longs:
    """Return how many parts of each zone that hold a unit that counts don't hang together."""
    part = kernels.parts(units.borders, labels)
    return np.maximum(_count(labels[counts], part[counts], k), 1)


def _count(labels: Labels, part: NDArray[np.int32], k: int) -> Longs:
    pairs = np.unique(part.astype(np.int64) * k + labels)
    return np.bincount(pairs % k, minlength=k).astype(np.int64)
