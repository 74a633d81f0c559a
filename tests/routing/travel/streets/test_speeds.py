"""How fast the streets flow at each hour: the defaults, and what calibration put in their place."""

import json
import pickle

import numpy as np
import pytest

from routing.errors import BrokenPack
from routing.travel.slots import Slot
from routing.travel.streets import StreetTravel
from routing.travel.streets.rules import CLASSES
from routing.travel.streets.speeds import default_factors, read_factors, write_factors
from routing.travel.times import Profile
from tests.routing.travel.towns import at, grid

NOON_S, PEAK_S = 12 * 3600, 18 * 3600
ENDS = [at(0, 5), at(200, 5)]


def seconds(travel, depart_s, profile=Profile.MOTORCYCLE):
    return int(travel.matrix(ENDS, profile, depart_s).seconds[0, 1])


def test_every_class_has_a_factor_for_every_hour():
    factors = default_factors()

    assert all(0.3 < factors.of(name, slot) <= 1 for name in CLASSES for slot in Slot)


def test_a_peak_is_slower_than_noon_for_vehicles_and_not_for_walkers(open_town):
    travel = open_town(grid(3, 3))

    assert seconds(travel, PEAK_S) > seconds(travel, NOON_S)
    assert seconds(travel, PEAK_S, Profile.FOOT) == seconds(travel, NOON_S, Profile.FOOT)


def test_a_ride_takes_the_time_of_its_hour(open_town):
    travel = open_town(grid(3, 3))

    (noon,), (peak,) = (travel.rides(ENDS, Profile.CAR, depart_s) for depart_s in (NOON_S, PEAK_S))

    assert noon.seconds == pytest.approx(seconds(travel, NOON_S, Profile.CAR), abs=1)
    assert peak.seconds > noon.seconds


def test_calibrated_factors_take_the_place_of_the_defaults_they_name(open_town):
    travel = open_town(grid(3, 3))
    before, at_noon, at_the_peak = travel.name, seconds(travel, NOON_S), seconds(travel, PEAK_S)

    write_factors(travel.pack.folder, {"residential": {Slot.MIDDAY: 0.415}}, "400 trips")
    after = StreetTravel(travel.pack.folder)

    assert after.factors.source == "400 trips"
    assert after.name != before
    assert seconds(after, NOON_S) == pytest.approx(2 * at_noon, abs=8)
    assert seconds(after, PEAK_S) == at_the_peak
    assert seconds(travel, NOON_S) == at_noon


def test_an_engine_that_is_open_keeps_its_factors_when_pickled_before_a_calibration(open_town):
    travel = open_town(grid(3, 3))

    assert pickle.loads(pickle.dumps(travel)).name == travel.name  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "changes",
    [
        {"boulevard": {Slot.MIDDAY: 0.5}},
        {"residential": {Slot.MIDDAY: 0.0}},
        {"residential": {Slot.MIDDAY: 3.1}},
        {"residential": {Slot.MIDDAY: float("nan")}},
    ],
)
def test_factors_that_can_not_be_are_not_kept(tmp_path, changes):
    with pytest.raises(ValueError, match=r"road class|expected"):
        write_factors(tmp_path, changes, "a mistake")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("factor", [0.05, 3.0])
def test_factors_at_the_edge_are_kept(tmp_path, factor):
    kept = write_factors(tmp_path, {"primary": {Slot.NIGHT: factor}}, "trips")

    assert kept.of("primary", Slot.NIGHT) == factor
    assert kept.of("primary", Slot.EVENING) == default_factors().of("primary", Slot.EVENING)
    assert read_factors(tmp_path).digest == kept.digest


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        json.dumps({"source": "x"}),
        json.dumps({"source": "x", "factors": {"primary": {"noon": 1}}}),
        json.dumps({"source": "x", "factors": {"primary": {"midday": 9}}}),
    ],
)
def test_a_file_of_factors_that_can_not_be_understood_is_named(open_town, text):
    pack = open_town(grid(2, 2)).pack.folder
    (pack / "speeds.json").write_text(text)

    with pytest.raises(BrokenPack, match=r"speeds\.json"):
        StreetTravel(pack)


def test_the_same_factors_have_the_same_digest():
    assert default_factors().digest == default_factors().digest
    assert np.all(default_factors().by_class(Slot.MIDDAY) > 0)
