"""Metrics are made once, kept in the pack, and made again when what is kept is of no use."""

import numpy as np
import pytest

from routing.travel.slots import Slot
from routing.travel.streets import StreetTravel
from routing.travel.streets.engine import MOST_ROUTERS
from routing.travel.streets.speeds import write_factors
from routing.travel.times import Profile
from tests.routing.travel.towns import at, tangled

POINTS = [at(10, 10), at(700, 650), at(30, 700)]
NOON_S, PEAK_S = 12 * 3600, 18 * 3600


@pytest.fixture
def travel(open_town):
    return open_town(tangled(8))


def kept(travel):
    return sorted(path.name for path in (travel.pack.folder / "metrics").iterdir())


def test_each_profile_and_hour_keeps_one_metric(travel):
    for depart_s in (NOON_S, NOON_S + 60, PEAK_S):
        for profile in Profile:
            travel.matrix(POINTS, profile, depart_s)

    kinds = [name.rpartition("-")[0] for name in kept(travel)]
    assert kinds == [
        "car-evening_peak", "car-midday", "foot-always", "motorcycle-evening_peak",
        "motorcycle-midday",
    ]  # fmt: skip


def test_a_second_process_maps_what_the_first_one_made(travel):
    first = travel.matrix(POINTS, Profile.CAR).seconds
    again = StreetTravel(travel.pack.folder)

    np.testing.assert_array_equal(again.matrix(POINTS, Profile.CAR).seconds, first)
    up = again._router(Profile.CAR, 0).metric.up
    assert isinstance(up.base, np.memmap)
    assert not up.flags.writeable


def test_new_speeds_take_the_place_of_old_metrics(travel):
    travel.matrix(POINTS, Profile.CAR, NOON_S)
    before = kept(travel)

    write_factors(travel.pack.folder, {"residential": {Slot.MIDDAY: 0.4}}, "trips")
    StreetTravel(travel.pack.folder).matrix(POINTS, Profile.CAR, NOON_S)

    assert len(kept(travel)) == len(before) == 1
    assert kept(travel) != before


@pytest.mark.parametrize("damage", [b"", b"no array", None])
def test_a_damaged_metric_is_made_again(travel, damage):
    expected = travel.matrix(POINTS, Profile.CAR).seconds
    (name,) = kept(travel)
    file = travel.pack.folder / "metrics" / name / "up.npy"
    file.write_bytes(file.read_bytes()[:-8] if damage is None else damage)

    found = StreetTravel(travel.pack.folder).matrix(POINTS, Profile.CAR).seconds

    np.testing.assert_array_equal(found, expected)
    assert len(kept(travel)) == 1


def test_a_pack_that_can_not_be_written_to_answers_all_the_same(travel):
    (travel.pack.folder / "metrics").write_text("a file where the folder should be")

    assert (travel.matrix(POINTS, Profile.CAR).seconds < 10_000).all()
    assert not travel._router(Profile.CAR, 0).metric.up.flags.writeable


def test_a_process_keeps_a_bounded_number_of_metrics(travel):
    for depart_s in range(0, 86_400, 3600):
        for profile in Profile:
            travel.matrix(POINTS, profile, depart_s)

    assert len(travel._routers) == MOST_ROUTERS == 11
