"""The steps of a ride: which street, how far, and how it turns at the junctions."""

import pytest

from routing.travel.streets.graph import BOARDING_S
from routing.travel.streets.rules import duration_s
from routing.travel.times import UNREACHABLE, Profile
from tests.routing.travel.towns import Town, at, grid, tangled

MOTORCYCLE, CAR, FOOT = Profile.MOTORCYCLE, Profile.CAR, Profile.FOOT


def ride(travel, *ends, profile=MOTORCYCLE):
    (only,) = travel.rides(list(ends), profile)
    return only


def test_each_step_says_street_length_and_headings(open_town):
    """East along Calle 0 to Avenida 1, then north to Calle 1."""
    travel = open_town(grid(3, 3))

    found = ride(travel, at(40, 0), at(100, 60))

    first, second = found.steps
    assert (first.name, second.name) == ("Calle 0", "Avenida 1")
    assert (first.metres, second.metres) == pytest.approx((60, 60), abs=0.2)
    assert first.bearing_in_deg == first.bearing_out_deg == pytest.approx(90, abs=1)
    assert (second.bearing_in_deg, second.bearing_out_deg % 360) == pytest.approx((90, 0), abs=1)
    assert sorted(second.other_bearings_deg) == pytest.approx([90], abs=1)
    assert found.points[second.first] == pytest.approx(at(100, 0), abs=1e-6)


@pytest.mark.parametrize("profile", list(Profile))
def test_the_steps_add_up_to_the_ride_and_cover_its_line(open_town, profile):
    travel = open_town(tangled(5))
    points = [at(10, 10), at(700, 650), at(30, 700), at(420, 90), at(430, 95)]

    for leg in travel.rides(points, profile):
        assert sum(step.metres for step in leg.steps) == pytest.approx(leg.metres, abs=2)
        assert sum(step.seconds for step in leg.steps) == pytest.approx(leg.seconds, abs=2)
        firsts = [step.first for step in leg.steps]
        assert firsts[0] == 0
        assert firsts == sorted(firsts)
        assert firsts[-1] < len(leg.points)


@pytest.mark.parametrize("profile", list(Profile))
def test_legs_are_the_rides_without_their_steps(open_town, profile):
    travel = open_town(tangled(6))
    points = [at(10, 10), at(700, 650), at(30, 700)]

    legs, rides = travel.legs(points, profile), travel.rides(points, profile)

    assert [(leg.points, leg.seconds, leg.metres) for leg in legs] == [
        (one.points, one.seconds, one.metres) for one in rides
    ]


def test_a_ride_within_one_street_is_one_step(open_town):
    found = ride(open_town(grid(2, 2)), at(20, 0), at(80, 0))

    assert [step.name for step in found.steps] == ["Calle 0"]
    assert found.steps[0].metres == pytest.approx(60, abs=0.2)


def test_a_ride_without_a_way_has_no_steps(open_town):
    found = ride(open_town(grid(2, 2)), at(0, 0), at(0, -5000))

    assert found.steps == ()
    assert found.seconds == UNREACHABLE


def test_a_street_without_name_is_told_by_its_number(open_town):
    town = grid(2, 2)
    town.ways[0][1].update(name="", ref="Ruta  5", highway="primary")

    (step,) = ride(open_town(town), at(20, 0), at(80, 0)).steps

    assert (step.name, step.ref, step.road_class) == ("", "Ruta 5", "primary")


def roundabout():
    """Four streets that meet at a roundabout, ridden counterclockwise."""
    town = Town()
    for name, east, north in [("S", 0, -20), ("E", 20, 0), ("N", 0, 20), ("W", -20, 0)]:
        town.node(name, east, north)
        town.node(f"far-{name}", 10 * east, 10 * north)
    town.street("S E N W S", junction="roundabout")
    for name in "SENW":
        town.street(f"{name} far-{name}", name=f"Calle {name}")
    return town


@pytest.mark.parametrize(
    ("end", "exit_taken"), [(at(150, 0), 1), (at(0, 150), 2), (at(-150, 0), 3)]
)
def test_a_roundabout_counts_the_exits_left_aside(open_town, end, exit_taken):
    found = ride(open_town(roundabout()), at(0, -150), end)

    around = [step for step in found.steps if step.is_roundabout]
    assert sum(step.exits_passed for step in around) + 1 == exit_taken
    assert not found.steps[0].is_roundabout
    assert not found.steps[-1].is_roundabout


def crossing(**tags):
    """Two banks of 1 km joined by a ferry of 2 km."""
    town = Town()
    for name, east, north in [("A", 0, 0), ("B", 1000, 0), ("C", 3000, 0), ("D", 4000, 0)]:
        town.node(name, east, north)
    town.street("A B")
    town.street("C D")
    town.street("B C", highway="", route="ferry", name="El Caleuche", **tags)
    return town


def test_a_ferry_takes_the_time_that_its_timetable_says(open_town):
    travel = open_town(crossing(duration="00:20", motor_vehicle="yes"))

    found = ride(travel, at(990, 0), at(3010, 0))

    on_board = [step for step in found.steps if step.is_ferry]
    assert [step.name for step in on_board] == ["El Caleuche"]
    assert on_board[0].road_class == "ferry"
    assert on_board[0].seconds == pytest.approx(20 * 60 + BOARDING_S, abs=8)
    assert found.metres == pytest.approx(2020, abs=2)


def test_a_launch_that_names_no_vehicle_takes_people_alone(open_town):
    """The vehicles' network is the larger bank; the other one is no place to ride to."""
    travel = open_town(crossing(duration="PT20M"))

    assert ride(travel, at(990, 0), at(3010, 0), profile=FOOT).seconds == pytest.approx(
        20 * 60 + BOARDING_S, abs=20
    )
    assert ride(travel, at(10, 0), at(3900, 0)).seconds == UNREACHABLE


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("25", 1500), ("00:25", 1500), ("1:05", 3900), ("1:05:30", 3930), ("PT25M", 1500),
        ("PT1H30M", 5400), ("P1D", 86_400), ("soon", 0), ("", 0), ("25 min", 0),
    ],
)  # fmt: skip
def test_reading_the_duration_of_a_crossing(value, expected):
    assert duration_s(value) == expected
