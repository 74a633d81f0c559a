"""Units and their borders: what moves between zones as one, and which of it are neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError, cKDTree

from routing.zoning.kernels import Borders
from routing.zoning.places import Place
from routing.zoning.plane import Plane

# A border this much longer than nine in ten of them runs across water or open land; it only stays
# where nothing else holds the units together.
LONG_BORDER = 4.0
WIDE_CROSSING = 2.0  # times the gap between islands, up to which a border crosses it, too
OPPOSITE = ((1, 2), (2, 0), (0, 1))  # ends of the side of a triangle across from each corner
SAME_PLACE_M = 0.5  # locations closer than this are one unit

# Put a zero bit between any two of the lower 31 bits, halving what moves together.
SPREADS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Units:
    """What moves between zones as one: a location, or all the locations of a group.

    Attributes
    ----------
    plane : Plane
    plane_m : float64[u, 2]
        Metres east and north.
    work : float64[u, 2]
        Sums of the weights and of the values of the places there that are bound to no zone.
    borders : Borders
    unit_of : int64[n]
        Unit of each place.
    warnings : tuple of str
    """

    plane: Plane
    plane_m: Floats
    work: Floats
    borders: Borders
    unit_of: Longs
    warnings: tuple[str, ...] = ()

    @cached_property
    def tree(self) -> cKDTree:
        """Return a search for the unit nearest to a point in metres."""
        return cKDTree(self.plane_m)


def make_units(places: Sequence[Place], pairs: tuple[Longs, Floats, Longs] | None = None) -> Units:
    """Join places at the same location or of the same group and find which are neighbours.

    Parameters
    ----------
    pairs : tuple, optional
        Neighbours along streets, as `street_pairs` gives them; without, locations whose Voronoi
        cells touch are neighbours.
    """
    points = [place.point for place in places]
    plane = Plane.around(points)
    where = plane.metres(points)
    if pairs is None:
        _, first, spot_of = np.unique(along_a_curve(where), return_index=True, return_inverse=True)
        spot_of = spot_of.reshape(-1).astype(np.int64)
        near, lengths = _touching(where[first])
    else:
        near, lengths, spot_of = pairs
        _, first = np.unique(spot_of, return_index=True)
    unit_of = _grouped(places, spot_of)
    unit_of_spot = np.zeros(len(first), dtype=np.int64)
    unit_of_spot[spot_of] = unit_of
    work = _work(places, unit_of)
    count = len(work)
    sums = np.column_stack([np.bincount(unit_of, where[:, axis], count) for axis in (0, 1)])
    middle = sums / np.bincount(unit_of, minlength=count)[:, None]
    borders, islands = _joined(unit_of_spot[near], lengths, middle)
    warnings = (
        (
            f"{islands} parts of the map are joined by no street; each was tied to its nearest "
            "neighbour: check the locations there",
        )
        if islands and pairs is not None
        else ()
    )
    return Units(plane, middle, work, borders, unit_of, warnings)


def along_a_curve(where: Floats) -> Longs:
    """Return the cell of each location on a Z-shaped curve over the plane (Morton 1966).

    Locations in one cell are one; those near in space are near on the curve, and so in memory.
    """
    grid = np.round((where - where.min(axis=0)) / SAME_PLACE_M).astype(np.uint64)
    for shift, mask in SPREADS:
        grid = (grid | (grid << np.uint64(shift))) & np.uint64(mask)
    code: Longs = (grid[:, 0] | (grid[:, 1] << np.uint64(1))).astype(np.int64)
    return code


def without_crossings(
    units: Units, barriers: Sequence[shapely.Geometry], plane: Plane
) -> tuple[Units, int]:
    """Return the units without the borders that cross a barrier, and how many had to be kept.

    A border stays where nothing else holds the units together.
    """
    rows = np.repeat(np.arange(len(units.work)), np.diff(units.borders.first))
    cols = units.borders.near
    ends = np.stack([units.plane_m[rows], units.plane_m[cols]], axis=1)
    flat = shapely.union_all(
        [shapely.transform(one, lambda degrees: degrees * plane.scale) for one in barriers]
    )
    shapely.prepare(flat)
    crosses = shapely.intersects(flat, shapely.linestrings(ends))
    kept = ~crosses
    pairs = np.column_stack([rows[kept], cols[kept]]).astype(np.int64)
    borders, ties = _joined(pairs, units.borders.length_m[kept], units.plane_m)
    return replace(units, borders=borders), ties


def some_units(units: Units, rows: Longs) -> Units:
    """Return some of the units with the borders between them; parts that are left are tied."""
    number = np.full(len(units.work), -1, dtype=np.int64)
    number[rows] = np.arange(len(rows))
    one = np.repeat(number, np.diff(units.borders.first))
    other = number[units.borders.near]
    kept = (one >= 0) & (other >= 0)
    pairs = np.column_stack([one[kept], other[kept]])
    borders, _ = _joined(pairs, units.borders.length_m[kept], units.plane_m[rows])
    return Units(units.plane, units.plane_m[rows], units.work[rows], borders, number[units.unit_of])


def past_held(units: Units, home: Ints, held: Bools) -> Units:
    """Return the units with borders past those that are held, between who is of one zone there.

    Zones need not go around what somebody put into their middle.
    """
    rows = np.repeat(np.arange(len(home)), np.diff(units.borders.first))
    near = units.borders.near
    among = held[rows] & held[near]
    shape = (len(home), len(home))
    links = coo_matrix((np.ones(among.sum()), (rows[among], near[among])), shape=shape)
    _, group = connected_components(links, directed=False)
    beside = held[rows] & ~held[near]
    around = np.unique(
        np.column_stack([group[rows[beside]], home[near[beside]], near[beside]]), axis=0
    )
    alike = (around[1:, :2] == around[:-1, :2]).all(axis=1)
    pairs = np.column_stack([around[:-1, 2], around[1:, 2]])[alike]
    lengths = np.linalg.norm(units.plane_m[pairs[:, 0]] - units.plane_m[pairs[:, 1]], axis=1)
    borders, _ = _joined(
        np.concatenate([np.column_stack([rows, near]), pairs]).astype(np.int64),
        np.concatenate([units.borders.length_m, lengths]),
        units.plane_m,
    )
    return replace(units, borders=borders)


def _grouped(places: Sequence[Place], spot_of: Longs) -> Longs:
    """Return the unit of each place: its spot, or one for all the spots of its group."""
    groups = [place.group for place in places]
    if not any(group is not None for group in groups):
        return spot_of
    spots = int(spot_of.max()) + 1
    number = {group: i for i, group in enumerate(sorted({g for g in groups if g is not None}))}
    member = np.array([-1 if group is None else number[group] for group in groups])
    inside = member >= 0
    rows, cols = spot_of[inside], spots + member[inside]
    total = spots + len(number)
    links = coo_matrix((np.ones(len(rows)), (rows, cols)), shape=(total, total))
    _, part = connected_components(links, directed=False)
    _, unit_of = np.unique(part[spot_of], return_inverse=True)
    return unit_of.reshape(-1).astype(np.int64)


def free_work(weight: Floats, value: Floats, is_free: Bools, unit_of: Longs) -> Floats:
    """Return the work and the money of the places of each unit that are bound to no zone.

    Parameters
    ----------
    weight, value : float64[n]
    is_free : bool[n]
    unit_of : int64[n]
    """
    count = int(unit_of.max()) + 1
    return np.column_stack(
        [np.bincount(unit_of, load * is_free, count) for load in (weight, value)]
    )


def _work(places: Sequence[Place], unit_of: Longs) -> Floats:
    is_free = np.array([place.zone is None for place in places])
    weights = np.array([place.weight for place in places])
    values = np.array([place.value for place in places])
    if not weights.any():
        weights = np.ones(len(places))  # nothing is known of the work: every place counts the same
    return free_work(weights, values, is_free, unit_of)


def _joined(pairs: Longs, lengths: Floats, where: Floats) -> tuple[Borders, int]:
    """Return the borders, both ways, and how many parts had to be tied to the rest."""
    count = len(where)
    apart = pairs[:, 0] != pairs[:, 1]
    graph = _symmetric(pairs[apart], lengths[apart], count)
    ties = 0
    number, part = connected_components(graph, directed=False)
    while number > 1:
        largest = np.bincount(part).argmax()
        inside, outside = np.flatnonzero(part == largest), np.flatnonzero(part != largest)
        far, nearest = cKDTree(where[inside]).query(where[outside])
        order = np.argsort(far, kind="stable")
        _, one_each = np.unique(part[outside[order]], return_index=True)
        chosen = order[one_each]
        ties += len(chosen)
        more = np.column_stack([inside[nearest[chosen]], outside[chosen]])
        old = graph.tocoo()
        graph = _symmetric(
            np.concatenate([np.column_stack([old.row, old.col]), more]),
            np.concatenate([old.data, far[chosen] + 1e-3]),
            count,
        )
        number, part = connected_components(graph, directed=False)
    return Borders(graph.indptr, graph.indices, graph.data), ties


def _symmetric(pairs: Longs, lengths: Floats, count: int) -> csr_matrix:
    """Return a matrix with the shortest length of each pair, both ways."""
    low, high = np.minimum(pairs[:, 0], pairs[:, 1]), np.maximum(pairs[:, 0], pairs[:, 1])
    metres = np.maximum(lengths, 1e-3)
    key, rank = np.unique(low * count + high, return_inverse=True)
    shortest = np.full(len(key), np.inf)
    np.minimum.at(shortest, rank.reshape(-1), metres)
    one, other = key // count, key % count
    return csr_matrix(
        (
            np.concatenate([shortest, shortest]),
            (np.concatenate([one, other]), np.concatenate([other, one])),
        ),
        shape=(count, count),
    )


def _touching(plane_m: Floats) -> tuple[Longs, Floats]:
    """Return the pairs of locations whose Voronoi cells touch nearby, and how far apart they are.

    A far pair stays where no third location lies between: where it is the longest side of no
    triangle (Urquhart 1980). These alone already hold all locations together. Between islands,
    pairs not much farther apart than the islands stay, too, so that two do not hang together by
    one pair alone, which is another one as soon as somebody leaves.
    """
    pairs, is_longest = _neighbour_pairs(plane_m)
    lengths = np.maximum(np.linalg.norm(plane_m[pairs[:, 0]] - plane_m[pairs[:, 1]], axis=1), 1e-3)
    if not len(pairs):
        return pairs, lengths
    is_near = lengths <= LONG_BORDER * np.quantile(lengths, 0.9)
    gaps = _gaps(pairs, lengths, is_near, len(plane_m))
    kept = ~is_longest | is_near | (lengths <= WIDE_CROSSING * gaps)
    return pairs[kept], lengths[kept]


def _gaps(pairs: Longs, lengths: Floats, is_near: Bools, count: int) -> Floats:
    """Return how far one must jump at least on a way between the two of each pair, metres.

    That is the longest step of the way whose longest step is shortest (Kruskal 1956); 0 between
    locations that near pairs join.
    """
    gaps = np.zeros(len(pairs))
    near = pairs[is_near]
    joined = coo_matrix((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(count, count))
    islands, island = connected_components(joined, directed=False)
    shores, name = island[pairs], np.arange(islands)
    left = np.flatnonzero(shores[:, 0] != shores[:, 1])
    left = left[np.argsort(lengths[left], kind="stable")]
    while len(left):
        # The shortest step that is left joins two islands; pairs between them are answered.
        one, other = name[shores[left[0]]]
        name[name == other] = one
        are_one = name[shores[left, 0]] == name[shores[left, 1]]
        gaps[left[are_one]] = lengths[left[0]]
        left = left[~are_one]
    return gaps


def _neighbour_pairs(plane_m: Floats) -> tuple[Longs, Bools]:
    """Return the sides of the Delaunay triangles, and which are the longest of a triangle."""
    centred = plane_m - plane_m.mean(axis=0)
    try:
        mesh = Delaunay(centred)
    except (QhullError, ValueError):  # too few locations, or all on one line: neighbours along it
        spread = np.linalg.svd(centred, full_matrices=False)[2][0]
        order = np.argsort(plane_m @ spread, kind="stable")
        line = np.column_stack([order[:-1], order[1:]]).astype(np.int64)
        return line, np.zeros(len(line), dtype=np.bool_)
    corners, beyond = mesh.simplices.astype(np.int64), mesh.neighbors
    ends = corners[:, np.array(OPPOSITE)]
    far = ((centred[ends[:, :, 0]] - centred[ends[:, :, 1]]) ** 2).sum(axis=2)
    longest, triangle = far.argmax(axis=1), np.arange(len(corners))
    # Each side is told by the later of the two triangles at it.
    one, side = np.nonzero(triangle[:, None] > beyond)
    other = beyond[one, side]
    beyond_longest = beyond[triangle, longest]
    is_longest = (longest[one] == side) | ((other >= 0) & (beyond_longest[other] == one))
    return ends[one, side], is_longest
