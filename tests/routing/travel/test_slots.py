"""The hours of the day that share a metric."""

import pytest

from routing.travel.slots import SLOT_STARTS_S, STARTS, Slot, position_of, slot_of

HALF_PAST_SIX = 6 * 3600 + 1800


@pytest.mark.parametrize(
    ("depart_s", "slot"),
    [
        (0, Slot.NIGHT),
        (HALF_PAST_SIX - 1, Slot.NIGHT),
        (HALF_PAST_SIX, Slot.MORNING_PEAK),
        (12 * 3600, Slot.MIDDAY),
        (17 * 3600 - 1, Slot.MIDDAY),
        (17 * 3600, Slot.EVENING_PEAK),
        (21 * 3600, Slot.EVENING),
        (86_399, Slot.NIGHT),
    ],
)
def test_each_moment_of_the_day_is_in_one_slot(depart_s, slot):
    assert slot_of(depart_s) is slot


@pytest.mark.parametrize("depart_s", [0, 8 * 3600, 18 * 3600])
def test_another_day_is_like_this_one(depart_s):
    assert slot_of(depart_s + 86_400) is slot_of(depart_s) is slot_of(depart_s - 86_400)


def test_the_slots_begin_at_midnight_and_ascend():
    assert SLOT_STARTS_S[0] == 0
    assert list(SLOT_STARTS_S) == sorted(set(SLOT_STARTS_S))
    assert {slot for _, slot in STARTS} == set(Slot)


def test_a_source_without_slots_has_one_stretch():
    assert position_of(12_345, (0,)) == 0
