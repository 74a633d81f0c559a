"""Snapping against the plain distance to every piece of every street."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest

from routing.geo import Point, haversine_m
from routing.travel.streets.snap import CORNER_M, StreetIndex
from routing.travel.times import Profile
from tests.routing.travel.towns import at, grid, tangled


def nearest_m(network, is_usable, point):
    """Return the distance to each usable segment by trying many places along it."""
    found = {}
    for segment in np.flatnonzero(is_usable):
        first, last = network.span[segment]
        shape = network.shape_e7[first : last + 1] / 1e7
        steps = np.linspace(0, 1, 400)[:, None]
        places = np.concatenate([a + (b - a) * steps for a, b in pairwise(shape)])
        found[segment] = min(haversine_m(point, Point(*place)) for place in places.tolist())
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_a_point_goes_to_the_street_that_is_nearest(open_town, seed):
    travel = open_town(tangled(seed, size=4))
    network = travel.pack.network
    is_usable = travel.pack.graphs["wheels"].is_main[0].reshape(-1, 2).any(axis=1)
    dice = Random(seed)
    points = [at(dice.uniform(-150, 450), dice.uniform(-150, 450)) for _ in range(15)]

    snaps = travel.snap(points, Profile.MOTORCYCLE)

    for i, point in enumerate(points):
        by_segment = nearest_m(network, is_usable, point)
        rows = snaps.point == i
        assert snaps.distance_m[rows][0] == pytest.approx(min(by_segment.values()), abs=0.5)
        assert by_segment[snaps.segment[rows][0]] == pytest.approx(
            min(by_segment.values()), abs=0.5
        )
        assert (snaps.distance_m[rows] <= snaps.distance_m[rows][0] + CORNER_M).all()


@pytest.mark.parametrize("away_m", [150, 500, 990])
@pytest.mark.parametrize("side", [(-1, 0), (0, -1), (1, 0), (0, 1), (-0.7, -0.7)])
def test_a_point_outside_the_map_goes_to_its_edge(open_town, away_m, side):
    travel = open_town(grid(3, 3))
    corner = [0 if part < 0 else 200 for part in side]
    point = at(corner[0] + side[0] * away_m, corner[1] + side[1] * away_m)

    snaps = travel.snap([point], Profile.MOTORCYCLE)

    expected = away_m * (0.98995 if 0.7 in map(abs, side) else 1)
    assert snaps.distance_m[0] == pytest.approx(expected, rel=0.002)


def test_the_share_says_where_along_the_street(open_town):
    travel = open_town(grid(2, 2))
    network = travel.pack.network

    snaps = travel.snap([at(25, 5)], Profile.MOTORCYCLE)

    assert network.names[network.name[snaps.segment[0]]] == "Calle 0"
    assert snaps.share[0] == pytest.approx(0.25, abs=0.01)
    assert snaps.distance_m[0] == pytest.approx(5, abs=0.1)


def test_a_street_with_bends_counts_its_length_along_the_bends(open_town):
    town = grid(2, 2)
    town.node("bend", 300, 100)
    town.ways[0] = (["0,0", "bend", "1,0"], town.ways[0][1])
    travel = open_town(town)

    snaps = travel.snap([at(305, 100)], Profile.MOTORCYCLE)

    to_bend_m, from_bend_m = (
        haversine_m(at(0, 0), at(300, 100)),
        haversine_m(at(300, 100), at(100, 0)),
    )
    assert snaps.share[0] == pytest.approx(to_bend_m / (to_bend_m + from_bend_m), abs=0.001)


def test_an_index_without_streets_finds_nothing(open_town):
    network = open_town(grid(2, 2)).pack.network

    snaps = StreetIndex(network, np.zeros(network.segment_count, dtype=np.bool_)).snap([at(0, 0)])

    assert len(snaps.point) == 0
