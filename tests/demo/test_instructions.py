"""Turn-by-turn instructions over the real streets of the demo city."""

from itertools import pairwise
from random import Random

import pytest

from routing.geo import Point, haversine_m
from routing.travel.streets.instructions import instructions
from routing.travel.streets.turns import Maneuver
from routing.travel.times import UNREACHABLE, Profile


@pytest.fixture(scope="module")
def rides(demo_city):
    """A hundred rides between doors a few metres off real streets, each with its door."""
    dice = Random(4)
    shape = demo_city.travel.pack.network.shape_e7

    def door() -> Point:
        lat, lon = shape[dice.randrange(len(shape))] / 1e7
        return Point(float(lat) + dice.uniform(-1e-4, 1e-4), float(lon) + dice.uniform(-1e-4, 1e-4))

    doors = [door() for _ in range(101)]
    found = demo_city.travel.rides(doors, Profile.MOTORCYCLE, 10 * 3600)
    return [
        (ride, end)
        for ride, end in zip(found, doors[1:], strict=True)
        if ride.seconds < UNREACHABLE and ride.steps
    ]


def test_every_real_ride_is_told_whole(rides):
    for ride, end in rides:
        told = instructions(ride, end)

        assert (told[0].kind, told[-1].kind) == (Maneuver.DEPART, Maneuver.ARRIVE)
        assert sum(one.metres for one in told) == ride.metres
        assert sum(one.seconds for one in told) == ride.seconds
    assert len(rides) > 90


def test_a_real_ride_has_far_fewer_instructions_than_junctions(rides):
    junctions = sum(len(ride.steps) for ride, _end in rides)
    told = sum(len(instructions(ride, end)) for ride, end in rides)

    assert told < junctions / 2


def test_instructions_follow_each_other_along_the_ride(rides):
    for ride, end in rides:
        told = instructions(ride, end)

        for before, after in pairwise(told):
            # Along the streets it is never nearer than straight; a metre is rounding.
            assert haversine_m(before.point, after.point) <= before.metres + 60
