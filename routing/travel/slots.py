"""Hours of the day at which the streets flow alike: one slot, one metric, one matrix."""

from collections.abc import Sequence
from enum import StrEnum

DAY_S = 86_400


class Slot(StrEnum):
    """A class of hours; the names are the keys of every file of speed factors."""

    NIGHT = "night"
    MORNING_PEAK = "morning_peak"
    MIDDAY = "midday"
    EVENING_PEAK = "evening_peak"
    EVENING = "evening"


# Seconds since local midnight at which each slot begins, and lasts until the next one does.
STARTS: tuple[tuple[int, Slot], ...] = (
    (0, Slot.NIGHT),
    (6 * 3600 + 1800, Slot.MORNING_PEAK),
    (9 * 3600 + 1800, Slot.MIDDAY),
    (17 * 3600, Slot.EVENING_PEAK),
    (20 * 3600, Slot.EVENING),
    (22 * 3600, Slot.NIGHT),
)
SLOT_STARTS_S = tuple(start_s for start_s, _ in STARTS)
# For sources whose answers are the same all day.
ALL_DAY = (0,)


def slot_of(depart_s: int) -> Slot:
    """Return the slot of a departure; seconds since local midnight, of any day."""
    return STARTS[position_of(depart_s, SLOT_STARTS_S)][1]


def position_of(depart_s: int, starts_s: Sequence[int]) -> int:
    """Return which of the stretches that begin at `starts_s` (ascending from 0) holds a departure.

    Departures after midnight of the next day, or before that of this one, are of their own day.
    """
    of_day = depart_s % DAY_S
    return max(i for i, start_s in enumerate(starts_s) if start_s <= of_day)
