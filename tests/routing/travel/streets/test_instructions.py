"""Turn-by-turn records of rides drawn by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.geo import Point
from routing.travel.streets.instructions import Instruction, Side, instructions
from routing.travel.streets.ride import Ride
from routing.travel.streets.turns import Maneuver
from tests.routing.travel.streets.drawn_rides import START, Piece, drawn, moved

NORTH, EAST, SOUTH, WEST = 0.0, 90.0, 180.0, 270.0


def told(*pieces: Piece) -> list[Instruction]:
    ride = drawn(*pieces)
    return list(instructions(ride, ride.points[-1]))


def kinds(*pieces: Piece) -> list[Maneuver]:
    return [one.kind for one in told(*pieces)][1:-1]


def test_a_ride_begins_with_its_street_and_heading_and_ends_at_the_door():
    first, last = told(Piece(NORTH, 340.0, "Balmaceda"))

    assert (first.kind, first.name, first.metres, first.bearing_deg) == (
        Maneuver.DEPART,
        "Balmaceda",
        340,
        NORTH,
    )
    assert (last.kind, last.name, last.metres) == (Maneuver.ARRIVE, "Balmaceda", 0)
    assert first.point == START


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        (20.0, Maneuver.CONTINUE),
        (20.5, Maneuver.SLIGHT_RIGHT),
        (40.0, Maneuver.SLIGHT_RIGHT),
        (40.5, Maneuver.RIGHT),
        (120.0, Maneuver.RIGHT),
        (120.5, Maneuver.SHARP_RIGHT),
        (164.5, Maneuver.SHARP_RIGHT),
        (165.0, Maneuver.U_TURN),
        (195.0, Maneuver.U_TURN),
        (195.5, Maneuver.SHARP_LEFT),
        (270.0, Maneuver.LEFT),
        (320.0, Maneuver.SLIGHT_LEFT),
        (340.0, Maneuver.CONTINUE),
    ],
)
def test_the_change_of_heading_onto_another_street_decides_the_turn(heading, kind):
    assert kinds(Piece(NORTH, name="Uno"), Piece(heading, name="Dos")) == [kind]


def test_a_turn_names_the_street_that_is_taken_and_how_far_it_is_followed():
    _, turn, _ = told(Piece(NORTH, 100.0, "Uno"), Piece(EAST, 450.0, "Dos", ref="D-41"))

    assert (turn.name, turn.ref, turn.metres, turn.bearing_deg) == ("Dos", "D-41", 450, EAST)


def test_blocks_of_one_street_are_one_instruction():
    blocks = [Piece(NORTH, 100.0, others=(EAST, WEST)) for _ in range(5)]

    assert [one.metres for one in told(*blocks)] == [500, 0]


def test_a_bend_of_a_street_without_another_way_is_no_turn():
    assert kinds(Piece(NORTH), Piece(EAST)) == []


def test_a_corner_of_one_street_where_one_could_go_on_is_a_turn():
    assert kinds(Piece(NORTH), Piece(EAST, others=(NORTH,))) == [Maneuver.RIGHT]


def test_a_slight_curve_of_a_street_at_its_side_streets_is_no_turn():
    assert kinds(Piece(NORTH), Piece(35.0, others=(EAST, WEST))) == []


def test_streets_without_a_name_turn_only_where_there_is_another_way():
    assert kinds(Piece(NORTH, name=""), Piece(EAST, name="")) == []
    assert kinds(Piece(NORTH, name=""), Piece(EAST, name="", others=(WEST,))) == [Maneuver.RIGHT]


def test_a_new_name_straight_ahead_is_told():
    assert kinds(Piece(NORTH, name="Uno"), Piece(5.0, name="Dos")) == [Maneuver.CONTINUE]


def test_a_street_known_by_its_number_alone_is_one_street():
    highway = Piece(NORTH, name="", ref="Ruta 5")

    assert kinds(highway, highway) == []


@pytest.mark.parametrize(
    ("ours", "other", "kind"),
    [
        (15.0, 345.0, Maneuver.KEEP_RIGHT),
        (345.0, 15.0, Maneuver.KEEP_LEFT),
        (30.0, 330.0, Maneuver.KEEP_RIGHT),
        (330.0, 30.0, Maneuver.KEEP_LEFT),
    ],
)
def test_where_a_street_forks_one_keeps_to_a_side(ours, other, kind):
    assert kinds(Piece(NORTH, name="Uno"), Piece(ours, name="Dos", others=(other,))) == [kind]


def test_leaving_a_street_that_goes_on_straight_is_a_slight_turn():
    leaving = Piece(30.0, name="Dos", others=(NORTH,))

    assert kinds(Piece(NORTH, name="Uno"), leaving) == [Maneuver.SLIGHT_RIGHT]


def test_the_middle_of_three_ways_goes_straight_on():
    middle = Piece(NORTH, name="Dos", others=(25.0, 335.0))

    assert kinds(Piece(NORTH, name="Uno"), middle) == [Maneuver.CONTINUE]


def test_a_street_that_keeps_its_name_straight_on_needs_no_word_at_a_fork():
    assert kinds(Piece(NORTH), Piece(15.0, others=(10.0,))) == []
    assert kinds(Piece(NORTH), Piece(25.0, others=(10.0,))) == [Maneuver.SLIGHT_RIGHT]
    assert kinds(Piece(NORTH), Piece(25.0, others=(36.0,))) == []


def test_streets_without_a_name_need_a_word_at_a_fork_unless_one_is_straighter():
    assert kinds(Piece(NORTH, name=""), Piece(5.0, name="", others=(16.0,))) == []
    assert kinds(Piece(NORTH, name=""), Piece(5.0, name="", others=(14.0,))) == [Maneuver.KEEP_LEFT]


def test_a_roundabout_is_one_instruction_with_the_number_of_its_exit():
    ring = {"name": "Rotonda Sur", "is_roundabout": True}
    ride = told(
        Piece(NORTH, 300.0, "Uno"),
        Piece(45.0, 20.0, exits_passed=1, **ring),
        Piece(330.0, 20.0, exits_passed=1, **ring),
        Piece(WEST, 500.0, "Dos"),
    )

    assert [one.kind for one in ride][1:-1] == [Maneuver.ROUNDABOUT]
    assert (ride[1].exit_number, ride[1].name, ride[1].metres) == (3, "Dos", 540)
    assert ride[1].bearing_deg == WEST


def test_the_first_exit_of_a_roundabout_is_number_one():
    ride = told(Piece(NORTH, name="Uno"), Piece(45.0, is_roundabout=True), Piece(EAST, name="Dos"))

    assert ride[1].exit_number == 1


def test_the_street_keeps_its_name_after_a_roundabout_without_another_word():
    ring = Piece(45.0, 30.0, "", is_roundabout=True, exits_passed=1)

    assert kinds(Piece(NORTH), ring, Piece(NORTH), Piece(NORTH, others=(EAST,))) == [
        Maneuver.ROUNDABOUT
    ]


def test_a_ride_that_ends_on_a_roundabout_takes_no_exit():
    ride = told(Piece(NORTH), Piece(45.0, name="Rotonda", is_roundabout=True, exits_passed=2))

    assert (ride[1].kind, ride[1].exit_number, ride[1].name) == (Maneuver.ROUNDABOUT, 0, "Rotonda")


def test_a_ferry_is_boarded_and_left():
    ferry = Piece(SOUTH, 4000.0, "Transbordador", is_ferry=True)

    assert kinds(Piece(SOUTH, name="Muelle"), ferry, ferry, Piece(SOUTH, name="Muelle")) == [
        Maneuver.FERRY,
        Maneuver.CONTINUE,
    ]


def test_two_turns_over_a_very_short_link_are_one():
    link = Piece(45.0, 19.0, "", others=(NORTH,))
    ride = told(Piece(NORTH, name="Uno"), link, Piece(EAST, 300.0, "Dos"))

    assert [(one.kind, one.name, one.metres) for one in ride][1:-1] == [
        (Maneuver.RIGHT, "Dos", 319)
    ]


def test_a_longer_link_is_a_street_of_its_own():
    link = Piece(60.0, 21.0, "")

    assert kinds(Piece(NORTH, name="Uno"), link, Piece(120.0, name="Dos")) == [
        Maneuver.RIGHT,
        Maneuver.RIGHT,
    ]


def test_a_lane_for_those_who_turn_is_no_street_even_if_longer():
    lane = Piece(45.0, 55.0, "", road_class="primary_link", others=(NORTH,))

    assert kinds(Piece(NORTH, name="Uno"), lane, Piece(EAST, name="Dos")) == [Maneuver.RIGHT]


def test_a_short_street_with_a_name_of_its_own_is_told():
    street = Piece(EAST, 15.0, "Pasaje Tres")

    assert kinds(Piece(NORTH, name="Uno"), street, Piece(NORTH, name="Dos")) == [
        Maneuver.RIGHT,
        Maneuver.LEFT,
    ]


def test_crossing_the_median_to_the_other_side_of_an_avenue_is_turning_back():
    gap = Piece(WEST, 14.0, "", others=(NORTH,))

    assert kinds(Piece(NORTH, name="Avenida"), gap, Piece(SOUTH, name="Avenida")) == [
        Maneuver.U_TURN
    ]


def test_a_jog_of_a_street_is_not_worth_a_word():
    jog = Piece(60.0, 10.0, "", others=(WEST,))

    assert kinds(Piece(NORTH), jog, Piece(NORTH, others=(EAST,))) == []


def test_a_piece_without_a_name_does_not_break_a_street():
    ride = told(Piece(NORTH), Piece(NORTH, 119.0, ""), Piece(NORTH))

    assert [(one.kind, one.metres) for one in ride] == [
        (Maneuver.DEPART, 519),
        (Maneuver.ARRIVE, 0),
    ]


def test_a_long_piece_without_a_name_is_told():
    assert kinds(Piece(NORTH), Piece(NORTH, 121.0, ""), Piece(NORTH)) == [
        Maneuver.CONTINUE,
        Maneuver.CONTINUE,
    ]


@pytest.mark.parametrize(
    ("heading", "metres", "side"),
    [
        (EAST, 12.0, Side.RIGHT),
        (WEST, 12.0, Side.LEFT),
        (NORTH, 12.0, Side.AHEAD),
        (SOUTH, 12.0, Side.AHEAD),
        (EAST, 3.5, Side.AHEAD),
        (EAST, 4.5, Side.RIGHT),
    ],
)
def test_the_door_is_at_the_side_where_it_lies(heading, metres, side):
    ride = drawn(Piece(NORTH))

    arrival = instructions(ride, moved(ride.points[-1], heading, metres))[-1]

    assert arrival.side is side


def test_the_side_goes_by_the_heading_at_the_end_of_a_bend():
    ride = drawn(Piece(NORTH, end_heading=EAST))

    arrival = instructions(ride, moved(ride.points[-1], NORTH, 15.0))[-1]

    assert (arrival.side, round(arrival.bearing_deg)) == (Side.LEFT, 90)


def test_a_ride_without_a_way_gives_no_instructions():
    ride = Ride((START, Point(-29.8, -71.2)), seconds=1, metres=1, steps=())

    assert instructions(ride, START) == ()


pieces = st.builds(
    Piece,
    heading=st.floats(0, 359),
    metres=st.floats(0, 900),
    name=st.sampled_from(["", "Uno", "Dos", "Tres"]),
    others=st.lists(st.floats(0, 359), max_size=3).map(tuple),
    road_class=st.sampled_from(["residential", "primary_link"]),
    is_roundabout=st.booleans(),
    exits_passed=st.integers(0, 3),
    is_ferry=st.sampled_from([False, False, False, True]),
)


@given(st.lists(pieces, min_size=1, max_size=12))
def test_every_ride_is_told_whole(several):
    ride = drawn(*several)

    found = instructions(ride, ride.points[-1])

    assert found[0].kind is Maneuver.DEPART
    assert found[-1].kind is Maneuver.ARRIVE
    assert {one.kind for one in found[1:-1]}.isdisjoint({Maneuver.DEPART, Maneuver.ARRIVE})
    assert sum(one.metres for one in found) == ride.metres
    assert sum(one.seconds for one in found) == ride.seconds
    assert min(one.metres for one in found) >= 0
    assert all((one.exit_number > 0) <= (one.kind is Maneuver.ROUNDABOUT) for one in found)
    places = [ride.points.index(one.point) for one in found]
    assert places == sorted(places)
    assert all(
        before.name != after.name
        for before, after in pairwise(found)
        if after.kind is before.kind is Maneuver.CONTINUE
    )
