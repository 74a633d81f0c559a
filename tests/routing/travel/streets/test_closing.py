"""Streets closed for a while: rides go round, and everything else is as it was."""

import pickle

import numpy as np
import pytest

from routing.geo import haversine_m
from routing.travel.times import UNREACHABLE, Circle, ClosableTravel, Profile
from tests.routing.travel.towns import at, grid

WHEELS = [Profile.MOTORCYCLE, Profile.CAR]


@pytest.fixture
def town(open_town):
    """A grid of 5 by 5 corners, 100 m apart."""
    return open_town(grid(5, 5))


@pytest.fixture
def march():
    """In the middle of the block between two corners of the middle street."""
    return Circle(at(250, 200), 20)


@pytest.mark.parametrize("profile", WHEELS)
def test_a_ride_through_a_closed_block_goes_round_it(town, march, profile):
    ends = [at(200, 200), at(300, 200)]

    before, after = (one.matrix(ends, profile) for one in (town, town.closing([march])))

    assert before.metres[0, 1] == pytest.approx(100, abs=1)
    assert after.metres[0, 1] == pytest.approx(300, abs=1)
    assert after.seconds[0, 1] > before.seconds[0, 1]


def test_the_line_of_a_ride_stays_out_of_the_circle(town, march):
    (leg,) = town.closing([march]).legs([at(200, 200), at(300, 200)], Profile.MOTORCYCLE)

    assert min(haversine_m(point, march.centre) for point in leg.points) > march.radius_m


def test_rides_elsewhere_are_as_before(town, march):
    aside = [at(0, 0), at(100, 0), at(0, 100), at(100, 100)]

    before, after = (one.matrix(aside, Profile.MOTORCYCLE) for one in (town, town.closing([march])))

    np.testing.assert_array_equal(before.seconds, after.seconds)
    np.testing.assert_array_equal(before.metres, after.metres)


def test_walkers_pass(town, march):
    ends = [at(200, 200), at(300, 200)]

    before, after = (one.matrix(ends, Profile.FOOT) for one in (town, town.closing([march])))

    assert before.metres[0, 1] == after.metres[0, 1]


def test_who_lives_in_the_closed_street_is_reached_from_the_nearest_open_one(town, march):
    matrix = town.closing([march]).matrix([at(0, 0), at(250, 205)], Profile.MOTORCYCLE)

    assert matrix.seconds[0, 1] < UNREACHABLE
    assert matrix.snap_m[1] == pytest.approx(50, abs=6)  # a corner, half a block away


def test_everything_closed_leaves_no_way(town):
    matrix = town.closing([Circle(at(200, 200), 2_000)]).matrix([at(0, 0), at(100, 0)], WHEELS[0])

    assert matrix.seconds[0, 1] == UNREACHABLE


def test_closures_add_up_and_have_a_name_of_their_own(town, march):
    other = Circle(at(250, 300), 20)
    both = town.closing([march]).closing([other])

    assert len({town.name, town.closing([march]).name, both.name}) == 3
    assert both.matrix([at(200, 200), at(300, 200)], WHEELS[0]).metres[0, 1] == pytest.approx(
        300, abs=1
    )
    assert both.matrix([at(200, 300), at(300, 300)], WHEELS[0]).metres[0, 1] == pytest.approx(
        300, abs=1
    )


def test_a_child_process_gets_the_closures_too(town, march):
    closed = town.closing([march])

    twin = pickle.loads(pickle.dumps(closed))  # noqa: S301 - our own

    assert twin.name == closed.name
    assert isinstance(twin, ClosableTravel)


def test_the_open_streets_keep_their_metrics(town, march):
    ends = [at(200, 200), at(300, 200)]
    town.matrix(ends, WHEELS[0])
    kept = sorted(one.name for one in (town.pack.folder / "metrics").iterdir())

    town.closing([march]).matrix(ends, WHEELS[0])

    assert sorted(one.name for one in (town.pack.folder / "metrics").iterdir()) == kept
