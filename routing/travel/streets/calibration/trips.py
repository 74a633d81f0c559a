"""Trips as they were logged, and what the streets say about them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point, haversine_m
from routing.travel.slots import Slot, slot_of
from routing.travel.streets.engine import StreetTravel
from routing.travel.streets.network import Bools, Floats
from routing.travel.streets.ride import Ride
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES, FERRY
from routing.travel.times import UNREACHABLE, Profile

SLOTS = tuple(Slot)

# Between doors nearer than this nobody rides: parking and walking are all of the time.
NEAREST_M = 300.0
SHORTEST_S = 60.0
# Straight from door to door, faster than any legal street: a wrong clock or a wrong place.
FASTEST_KMH = 100.0
# Longer than this nobody rides between two doors of a city without stopping on the way.
LONGEST_S = 90 * 60.0
# So much more than the streets say, that there was a meal or an errand in between. Wide, so that a
# city with twice the traffic that was assumed does not look like one where everybody eats all day.
PAUSE_RATIO, PAUSE_S = 3.0, 15 * 60.0


class Dropped(StrEnum):
    """Why a trip teaches nothing about the streets."""

    TOO_NEAR = "too_near"
    TOO_SHORT = "too_short"
    TOO_FAST = "too_fast"
    TOO_LONG = "too_long"
    PAUSE = "pause"
    NO_WAY = "no_way"


@dataclass(frozen=True, slots=True)
class Trip:
    """From one door to the next, by the clock of who rode.

    Attributes
    ----------
    day : int
        Any number that is the same for all trips of one day.
    depart_s : int
        Seconds since local midnight.
    seconds : float
        From leaving one door to being at the next; includes parking and whatever else was done.
    """

    day: int
    depart_s: int
    seconds: float
    start: Point
    end: Point
    profile: Profile


@dataclass(frozen=True, slots=True)
class Measured:
    """Trips beside their rides, as columns of n rows.

    Attributes
    ----------
    seconds : float64[n]
        As logged.
    fixed_s : float64[n]
        Of the ride, what traffic does not change: turns, lights, ferries, the last path on foot.
    free_s : float64[n, classes]
        Of the ride, the time at free flow per road class, in the order of ``rules.CLASSES``.
    slot, day : int64[n]
        Index into ``SLOTS``; the day of the trip.
    """

    seconds: Floats
    fixed_s: Floats
    free_s: Floats
    slot: NDArray[np.int64]
    day: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of trips."""
        return len(self.seconds)

    def taken(self, rows: NDArray[np.int64] | Bools) -> "Measured":
        """Return some of the trips; the same row may be taken twice."""
        return Measured(*(getattr(self, column.name)[rows] for column in fields(self)))


Tell = Callable[[int], None]


def sorted_out(trips: Sequence[Trip]) -> tuple[list[Trip], Counter[Dropped]]:
    """Return the trips that can be rides at all, and how many were dropped for each reason."""
    kept, dropped = [], Counter[Dropped]()
    for trip in trips:
        reason = _implausible(trip)
        if reason is None:
            kept.append(trip)
        else:
            dropped[reason] += 1
    return kept, dropped


def measure_trips(
    travel: StreetTravel, trips: Sequence[Trip], tell: Tell = lambda done: None
) -> tuple[Measured, Bools]:
    """Ride every trip; return the rides, and which of the trips have a way.

    Parameters
    ----------
    tell : callable
        Called with the number of trips ridden so far.

    Returns
    -------
    (Measured, bool[n])
        Rows of trips without a way are 0.
    """
    count = len(trips)
    fixed_s, free_s = np.zeros(count), np.zeros((count, len(CLASSES)))
    has_way = np.zeros(count, dtype=np.bool_)
    factors = {slot: travel.factors.by_class(slot) for slot in SLOTS}
    for i, trip in enumerate(trips):
        ride = travel.rides([trip.start, trip.end], trip.profile, trip.depart_s)[0]
        has_way[i] = ride.seconds < UNREACHABLE
        if has_way[i]:
            free_s[i] = _free_s(ride)
            slowed = free_s[i] / factors[slot_of(trip.depart_s)]
            fixed_s[i] = max(0.0, ride.seconds - slowed.sum())
        tell(i + 1)
    measured = Measured(
        seconds=np.array([trip.seconds for trip in trips], dtype=np.float64),
        fixed_s=fixed_s,
        free_s=free_s,
        slot=np.array([SLOTS.index(slot_of(trip.depart_s)) for trip in trips], dtype=np.int64),
        day=np.array([trip.day for trip in trips], dtype=np.int64),
    )
    return measured, has_way


def is_pause(measured: Measured, expected_s: Floats) -> Bools:
    """Tell which trips took so long that something else was done on the way."""
    result: Bools = measured.seconds > PAUSE_RATIO * expected_s + PAUSE_S
    return result


def named(counts: Mapping[Dropped, int]) -> dict[str, int]:
    """Return the counts of every reason, 0 where nothing was dropped."""
    return {reason.value: counts.get(reason, 0) for reason in Dropped}


def _implausible(trip: Trip) -> Dropped | None:
    straight_m = haversine_m(trip.start, trip.end)
    checks = (
        (Dropped.TOO_NEAR, straight_m < NEAREST_M),
        (Dropped.TOO_SHORT, trip.seconds < SHORTEST_S),
        (Dropped.TOO_FAST, straight_m / max(1.0, trip.seconds) * 3.6 > FASTEST_KMH),
        (Dropped.TOO_LONG, trip.seconds > LONGEST_S),
    )
    return next((reason for reason, applies in checks if applies), None)


def _free_s(ride: Ride) -> Floats:
    """Return the free-flow time per road class; a ferry's timetable is not traffic."""
    free_s = np.zeros(len(CLASSES))
    for step in ride.steps:
        if step.road_class != FERRY:
            free_s[CLASS_NUMBER[step.road_class]] += step.free_flow_s
    return free_s
