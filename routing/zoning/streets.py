"""Which locations are neighbours along the streets of a city pack.

Each place stands at the nearer end of its street. A junction belongs to the place that reaches it
first, and two places are neighbours where a street joins their junctions: a river, a railway or a
motorway is crossed only where a street does.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from routing.travel.streets.network import Network
from routing.travel.streets.pack import Pack
from routing.travel.streets.rules import PROFILES
from routing.travel.streets.snap import StreetIndex
from routing.travel.times import Profile
from routing.zoning.kernels import Borders, reach_first
from routing.zoning.places import Place
from routing.zoning.plane import Plane

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


def street_pairs(
    pack: Pack, places: Sequence[Place], profile: Profile = Profile.MOTORCYCLE
) -> tuple[Longs, Floats, Longs]:
    """Return neighbouring spots, the metres of street between them, and the spot of each place.

    A place that is far from every street stands at the junction nearest to it.

    Returns
    -------
    pairs : int64[p, 2]
    length_m : float64[p]
    spot_of : int64[n]
    """
    network = pack.network
    is_open = np.asarray((network.speed_kmh[:, PROFILES.index(profile), :] > 0).any(axis=1))
    junction_of = _junctions(network, pack, is_open, places)
    seats, spot_of = np.unique(junction_of, return_inverse=True)
    ends, length = network.ends[is_open].astype(np.int64), network.length_m()[is_open]
    borders = _rows(ends, length, len(network.node_e7))
    who, after = reach_first(borders, seats.astype(np.int64), np.zeros(len(seats)), 1)
    owner, far = who[:, 0].astype(np.int64), after[:, 0]
    sides = owner[ends]
    meets = (sides[:, 0] >= 0) & (sides[:, 1] >= 0) & (sides[:, 0] != sides[:, 1])
    between = far[ends[meets, 0]] + length[meets] + far[ends[meets, 1]]
    return sides[meets], between, spot_of.reshape(-1).astype(np.int64)


def _junctions(
    network: Network, pack: Pack, is_open: NDArray[np.bool_], places: Sequence[Place]
) -> Longs:
    points = [place.point for place in places]
    found = StreetIndex(network, is_open, pack.index).snap(points)
    junction = np.full(len(places), -1, dtype=np.int64)
    _, best = np.unique(found.point, return_index=True)
    ends = network.ends[found.segment[best]]
    nearer = (found.share[best] > 0.5).astype(np.int64)
    junction[found.point[best]] = ends[np.arange(len(ends)), nearer]
    lost = np.flatnonzero(junction < 0)
    if len(lost):
        plane = Plane.around(points)
        used = np.unique(network.ends[is_open])
        where = network.node_e7[used][:, ::-1] / 1e7 * plane.scale
        junction[lost] = used[cKDTree(where).query(plane.metres([points[i] for i in lost]))[1]]
    return junction


def _rows(ends: Longs, length_m: Floats, count: int) -> Borders:
    tail = np.concatenate([ends[:, 0], ends[:, 1]])
    order = np.argsort(tail, kind="stable")
    near = np.concatenate([ends[:, 1], ends[:, 0]])[order].astype(np.int32)
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=count))]).astype(np.int32)
    return Borders(first, near, np.concatenate([length_m, length_m])[order])
