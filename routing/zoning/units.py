"""Units and their borders: one unit for each distinct location, neighbours by triangulation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, QhullError

from routing.zoning.places import Place
from routing.zoning.plane import Plane

# A border this much longer than nine in ten of them runs across water or open land; it only stays
# where nothing else holds the units together.
LONG_BORDER = 4.0
SAME_PLACE_M = 0.5  # locations closer than this are one unit


@dataclass(frozen=True, slots=True)
class Units:
    """Distinct locations of the places, in metres east and north.

    Attributes
    ----------
    plane_m : float64[u, 2]
    weight : float64[u]
        Sum of the weights of the places there.
    borders : csr_matrix[u, u]
        Metres between neighbours, symmetric.
    unit_of : int64[n]
        Unit of each place.
    """

    plane_m: NDArray[np.float64]
    weight: NDArray[np.float64]
    borders: csr_matrix
    unit_of: NDArray[np.int64]

    def neighbours(self, unit: int) -> NDArray[np.int32]:
        """Return the units that share a border with one."""
        found: NDArray[np.int32] = self.borders.indices[
            self.borders.indptr[unit] : self.borders.indptr[unit + 1]
        ]
        return found


def make_units(places: Sequence[Place]) -> Units:
    """Join places at the same location and find which locations are neighbours."""
    points = [place.point for place in places]
    plane_m = Plane.around(points).metres(points)
    grid = np.round(plane_m / SAME_PLACE_M).astype(np.int64)
    _, first, unit_of = np.unique(grid, axis=0, return_index=True, return_inverse=True)
    unit_of = unit_of.reshape(-1)
    weights = np.array([place.weight for place in places])
    if not weights.any():
        weights = np.ones(len(places))  # nothing is known of the work: every place counts the same
    weight = np.bincount(unit_of, weights=weights, minlength=len(first)).astype(np.float64)
    where = plane_m[first]
    return Units(where, weight, _borders(where), unit_of.astype(np.int64))


def _borders(plane_m: NDArray[np.float64]) -> csr_matrix:
    pairs = _neighbour_pairs(plane_m)
    lengths = np.maximum(np.linalg.norm(plane_m[pairs[:, 0]] - plane_m[pairs[:, 1]], axis=1), 1e-3)
    count = len(plane_m)
    whole = coo_matrix((lengths, (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr()
    if not len(pairs):
        return whole
    needed = minimum_spanning_tree(whole).tocoo()
    near = lengths <= LONG_BORDER * np.quantile(lengths, 0.9)
    rows = np.concatenate([pairs[near, 0], needed.row])
    cols = np.concatenate([pairs[near, 1], needed.col])
    kept = csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(count, count))
    return csr_matrix(((kept + kept.T) > 0).multiply(whole.maximum(whole.T)))


def _neighbour_pairs(plane_m: NDArray[np.float64]) -> NDArray[np.int64]:
    try:
        triangles = Delaunay(plane_m - plane_m.mean(axis=0)).simplices
    except (QhullError, ValueError):  # too few locations, or all on one line: neighbours along it
        spread = np.linalg.svd(plane_m - plane_m.mean(axis=0), full_matrices=False)[2][0]
        order = np.argsort(plane_m @ spread, kind="stable")
        return np.column_stack([order[:-1], order[1:]]).astype(np.int64)
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)
