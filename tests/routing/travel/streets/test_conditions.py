"""Conditions of tags: which hours they mean, and which of them are not understood."""

import pytest

from routing.travel.slots import Slot
from routing.travel.streets.conditions import holds, tags_in, unread
from routing.travel.streets.rules import PROFILES, rules_by_hour
from routing.travel.times import Profile

PEAKS = {Slot.MORNING_PEAK, Slot.EVENING_PEAK}


@pytest.mark.parametrize(
    ("condition", "slots"),
    [
        ("(Mo-Fr 06:30-09:30)", {Slot.MORNING_PEAK}),
        ("Mo-Fr 06:30-09:30", {Slot.MORNING_PEAK}),
        ("(Mo-Fr 07:00-10:00,17:00-20:00)", PEAKS),
        ("(Mo-Fr 07:00-10:00; Mo-Fr 17:00-20:00)", PEAKS),
        ("(Mo,Tu,We 06:00-10:00)", {Slot.MORNING_PEAK}),
        ("(Mo,Tu 06:00-10:00)", set()),
        ("(Sa-Su)", set()),
        ("(Sa,Su,PH 00:00-24:00)", set()),
        ("(Fr-Tu)", set(Slot)),
        ("(Mo-Fr)", set(Slot)),
        ("(00:00-24:00)", set(Slot)),
        ("(22:00-06:00)", {Slot.NIGHT}),
        ("(08:00-09:30)", {Slot.MORNING_PEAK}),
        ("(08:01-09:30)", set()),
    ],
)
def test_a_condition_holds_where_it_covers_half_of_the_hours(condition, slots):
    assert {slot for slot in Slot if holds(condition, slot)} == slots


@pytest.mark.parametrize(
    "condition", ["(weight>5.5)", "wet", "(Dec-Feb)", "(sunset-sunrise)", "", "(Mo-Fr 7-9)"]
)
def test_what_is_not_about_days_and_hours_is_not_understood(condition):
    assert holds(condition, Slot.MIDDAY) is None


def test_a_conditional_value_takes_the_place_of_the_plain_one_in_its_hours():
    tags = {"oneway": "no", "oneway:conditional": "yes @ (06:30-09:30); -1 @ (17:00-20:00)"}

    assert tags_in(tags, Slot.MORNING_PEAK) == {"oneway": "yes"}
    assert tags_in(tags, Slot.EVENING_PEAK) == {"oneway": "-1"}
    assert tags_in(tags, Slot.MIDDAY) == {"oneway": "no"}


@pytest.mark.parametrize(
    ("tags", "count"),
    [
        ({"oneway": "yes"}, 0),
        ({"oneway:conditional": "yes @ (Mo-Fr)"}, 0),
        ({"access:conditional": "no @ (weight>3); no @ (22:00-05:00)"}, 1),
        ({"access:conditional": "nonsense"}, 1),
    ],
)
def test_conditions_that_are_not_understood_are_counted(tags, count):
    assert unread(tags) == count


def closed_slots(tags, profile, direction=0):
    rules = rules_by_hour({"highway": "residential", **tags})
    mask = rules.closed_in[PROFILES.index(profile)][direction]
    return {slot for n, slot in enumerate(Slot) if mask & 1 << n}


def test_a_street_closed_to_vehicles_at_some_hours_keeps_its_speed_and_says_when():
    tags = {"motor_vehicle:conditional": "no @ (09:30-20:00)"}

    rules = rules_by_hour({"highway": "residential", **tags})

    assert rules.speeds_kmh[0] == (25, 25)
    assert closed_slots(tags, Profile.MOTORCYCLE) == {Slot.MIDDAY, Slot.EVENING_PEAK}
    assert closed_slots(tags, Profile.FOOT) == set()


def test_a_reversible_street_is_open_each_way_in_its_hours():
    tags = {"oneway": "reversible", "oneway:conditional": "yes @ (06:30-09:30); -1 @ (17:00-20:00)"}

    assert closed_slots(tags, Profile.CAR, 0) == set(Slot) - {Slot.MORNING_PEAK}
    assert closed_slots(tags, Profile.CAR, 1) == set(Slot) - {Slot.EVENING_PEAK}


def test_a_street_that_is_never_open_has_no_rules():
    tags = {"highway": "motorway", "access": "no", "access:conditional": "yes @ (weight<3)"}

    assert rules_by_hour(tags) is None
