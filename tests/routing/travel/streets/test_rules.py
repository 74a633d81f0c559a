"""What OpenStreetMap tags mean for each profile: who may pass, which way, and how fast."""

import pytest

from routing.travel.streets.rules import (
    CLASSES,
    PROFILES,
    SIGN_SHARE,
    SPEEDS_KMH,
    Access,
    access,
    is_stopped_at,
    signed_kmh,
    way_rules,
)
from routing.travel.times import Profile

MOTORCYCLE, CAR, FOOT = PROFILES


def directions(profile, **tags):
    """Return (forward, backward) as booleans for a residential street with more tags."""
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    rules = way_rules({"highway": "residential", **tags})
    if rules is None:
        return False, False
    forward, backward = rules.speeds_kmh[PROFILES.index(profile)]
    return forward > 0, backward > 0


def test_a_plain_street_is_open_both_ways_at_the_speed_of_its_class():
    rules = way_rules({"highway": "residential", "name": " Los  Olmos "})

    assert rules.speeds_kmh == ((25, 25), (25, 25), (5, 5))
    assert CLASSES[rules.road_class] == "residential"
    assert rules.name == "Los Olmos"
    assert not rules.is_restricted


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"oneway": "yes"}, (True, False)),
        ({"oneway": "1"}, (True, False)),
        ({"oneway": "-1"}, (False, True)),
        ({"oneway": "no"}, (True, True)),
        ({"oneway": "reversible"}, (False, False)),
        ({"junction": "roundabout"}, (True, False)),
        ({"junction": "circular"}, (True, False)),
        ({"junction": "roundabout", "oneway": "no"}, (True, True)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"oneway": "yes", "oneway__motorcycle": "no"}, (True, True)),
        ({"oneway": "yes", "motorcycle__backward": "yes"}, (True, True)),
        ({"motor_vehicle__backward": "no"}, (True, False)),
        ({"vehicle__forward": "no", "motorcycle__forward": "yes"}, (True, True)),
    ],
)
def test_the_directions_that_a_motorcycle_may_ride(tags, expected):
    assert directions(MOTORCYCLE, **tags) == expected


def test_an_exception_for_motorcycles_does_not_open_the_street_to_cars():
    assert directions(CAR, oneway="yes", oneway__motorcycle="no") == (True, False)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"oneway": "yes"}, (True, True)),
        ({"oneway": "-1"}, (True, True)),
        ({"oneway__foot": "yes"}, (True, False)),
        ({"oneway__foot": "-1"}, (False, True)),
        ({"foot": "no"}, (False, False)),
        ({"highway": "motorway"}, (False, False)),
        ({"highway": "motorway", "foot": "yes", "oneway": "yes"}, (True, True)),
        ({"highway": "footway"}, (True, True)),
    ],
)
def test_walkers_ignore_the_one_ways_of_vehicles(tags, expected):
    assert directions(FOOT, **tags) == expected


@pytest.mark.parametrize(
    ("tags", "motorcycle", "car"),
    [
        ({"access": "no"}, False, False),
        ({"access": "no", "motorcycle": "yes"}, True, False),
        ({"motorcar": "no"}, True, False),
        ({"motorcycle": "no"}, False, True),
        ({"vehicle": "no", "motor_vehicle": "yes"}, True, True),
        ({"highway": "footway"}, False, False),
        ({"highway": "footway", "access": "yes"}, False, False),
        ({"highway": "pedestrian", "motorcycle": "yes"}, True, False),
        ({"highway": "path", "motor_vehicle": "yes"}, True, True),
        ({"highway": "path", "motor_vehicle": "no"}, False, False),
    ],
)
def test_the_most_particular_access_key_decides(tags, motorcycle, car):
    assert directions(MOTORCYCLE, **tags)[0] is motorcycle
    assert directions(CAR, **tags)[0] is car


@pytest.mark.parametrize("value", ["private", "destination", "customers", "residents"])
def test_a_private_street_is_open_to_those_who_have_business_there(value):
    rules = way_rules({"highway": "residential", "access": value})

    assert rules.is_restricted
    assert rules.speeds_kmh[0] == (25, 25)


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"highway": "construction"},
        {"highway": "proposed"},
        {"highway": "pedestrian", "area": "yes"},
        {"highway": "motorway", "access": "no"},
        {"building": "yes"},
    ],
)
def test_what_is_not_a_street_has_no_rules(tags):
    assert way_rules(tags) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28032),
        ("60;80", 60),
        ("5", 5),
        ("4.9", None),
        ("150", 150),
        ("151", None),
        ("CL:urban", None),
        ("none", None),
        ("", None),
        ("-30", None),
    ],
)
def test_reading_a_speed_sign(value, expected):
    assert signed_kmh(value) == (expected if expected is None else pytest.approx(expected))


def test_a_share_of_the_sign_is_driven_in_each_direction():
    rules = way_rules(
        {"highway": "primary", "maxspeed": "60", "maxspeed:backward": "40", "oneway": "no"}
    )

    assert rules.speeds_kmh[0] == (60 * SIGN_SHARE, 40 * SIGN_SHARE)


def test_a_bad_surface_slows_vehicles_and_not_walkers():
    rules = way_rules({"highway": "primary", "surface": "sand"})

    assert rules.speeds_kmh == ((15, 15), (15, 15), (5, 5))


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, {CAR}),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, set()),
        ({"barrier": "chain"}, {CAR, MOTORCYCLE}),
        ({"barrier": "gate"}, set()),
        ({"barrier": "gate", "access": "no"}, {CAR, MOTORCYCLE, FOOT}),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, {CAR, MOTORCYCLE}),
        ({"barrier": "lift_gate"}, set()),
        ({"barrier": "wall"}, {CAR, MOTORCYCLE, FOOT}),
    ],
)
def test_whom_a_barrier_stops(tags, stopped):
    assert {profile for profile in PROFILES if is_stopped_at(tags, profile)} == stopped


def test_no_access_key_says_nothing():
    assert access({"highway": "residential"}, Profile.CAR) is Access.UNSAID


def test_every_class_lets_somebody_through():
    assert all(any(speeds) for speeds in SPEEDS_KMH.values())
