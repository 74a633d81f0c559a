"""Great-circle estimates: symmetric, honest about being estimates, exact where they can be."""

import numpy as np
import pytest

from routing.geo import Point, haversine_m
from routing.travel.haversine import CALIBRATIONS, Haversine, ride_seconds, straight_m
from routing.travel.times import UNREACHABLE, Profile

PLAZA = Point(-29.9027, -71.2519)
BEACH = Point(-29.9050, -71.2740)
PORT = Point(-29.9500, -71.3380)


def test_the_vectorised_distance_agrees_with_the_plain_one():
    points = [PLAZA, BEACH, PORT, Point(0.0, 179.9), Point(89.0, -179.9)]

    table = straight_m(points)

    expected = [[haversine_m(a, b) for b in points] for a in points]
    np.testing.assert_allclose(table, expected, atol=1e-6)


def test_a_matrix_says_that_it_is_an_estimate():
    matrix = Haversine().matrix([PLAZA, BEACH], Profile.MOTORCYCLE)

    assert matrix.is_estimate
    assert matrix.source == "haversine"


@pytest.mark.parametrize("profile", list(Profile))
def test_the_diagonal_is_zero_and_farther_takes_longer(profile):
    matrix = Haversine().matrix([PLAZA, BEACH, PORT], profile)

    assert np.all(np.diag(matrix.seconds) == 0)
    assert np.all(np.diag(matrix.metres) == 0)
    assert 0 < matrix.seconds[0, 1] < matrix.seconds[0, 2]
    assert 0 < matrix.metres[0, 1] < matrix.metres[0, 2]


def test_metres_are_the_straight_line_times_the_detour():
    matrix = Haversine().matrix([PLAZA, PORT], Profile.CAR)

    expected = haversine_m(PLAZA, PORT) * CALIBRATIONS[Profile.CAR].detour
    assert matrix.metres[0, 1] == pytest.approx(expected, abs=1)


def test_neighbours_are_not_put_minutes_apart():
    next_door = Point(PLAZA.lat + 0.0001, PLAZA.lon)

    matrix = Haversine().matrix([PLAZA, next_door], Profile.MOTORCYCLE)

    assert 0 < matrix.seconds[0, 1] < 10


@pytest.mark.parametrize(
    ("straight", "median_s"), [(157, 50), (626, 155), (2469, 450), (8663, 1207), (14672, 1720)]
)
def test_estimates_are_near_the_median_rides_over_real_streets(straight, median_s):
    estimate = ride_seconds(np.array([float(straight)]), Profile.MOTORCYCLE)[0]

    assert estimate == pytest.approx(median_s, rel=0.16)


def test_walking_takes_longer_than_riding():
    points = [PLAZA, PORT]

    on_foot = Haversine().matrix(points, Profile.FOOT)
    riding = Haversine().matrix(points, Profile.MOTORCYCLE)

    assert on_foot.seconds[0, 1] > 2 * riding.seconds[0, 1]


@pytest.mark.parametrize("nowhere", [Point(91.0, 0.0), Point(0.0, 181.0), Point(float("nan"), 0.0)])
def test_a_point_that_is_not_on_the_earth_is_marked_and_the_rest_is_answered(nowhere):
    matrix = Haversine().matrix([PLAZA, nowhere, PORT], Profile.MOTORCYCLE)

    assert list(matrix.snap_m) == [0, UNREACHABLE, 0]
    assert np.all(matrix.seconds[1, [0, 2]] == UNREACHABLE)
    assert np.all(matrix.metres[[0, 2], 1] == UNREACHABLE)
    assert matrix.seconds[0, 2] < UNREACHABLE
    assert matrix.seconds[1, 1] == 0


def test_no_points_give_an_empty_matrix():
    matrix = Haversine().matrix([], Profile.MOTORCYCLE)

    assert matrix.seconds.shape == (0, 0)
    assert Haversine().legs([], Profile.MOTORCYCLE) == []


def test_legs_are_straight_lines_that_agree_with_the_matrix():
    points = [PLAZA, BEACH, PORT]

    legs = Haversine().legs(points, Profile.MOTORCYCLE)

    matrix = Haversine().matrix(points, Profile.MOTORCYCLE)
    assert [leg.points for leg in legs] == [(PLAZA, BEACH), (BEACH, PORT)]
    assert [leg.seconds for leg in legs] == [matrix.seconds[0, 1], matrix.seconds[1, 2]]
    assert [leg.metres for leg in legs] == [matrix.metres[0, 1], matrix.metres[1, 2]]
