"""A city whose true speeds are known, and the trips that collectors log there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.geo import Point
from routing.travel.slots import Slot, slot_of
from routing.travel.streets.calibration import Measured, Trip
from routing.travel.streets.calibration.trips import SLOTS
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES
from routing.travel.streets.speeds import SpeedFactors, default_factors
from routing.travel.times import Profile

Truth = Callable[[str, Slot], float]
BASE = default_factors()
# Mean seconds of a trip at free flow on each class of road.
RIDDEN = {"residential": 120, "tertiary": 90, "primary": 100, "secondary": 60}


def as_assumed(road_class: str, slot: Slot) -> float:
    return BASE.of(road_class, slot)


def congested(road_class: str, slot: Slot) -> float:
    """Avenues reach 60 % of what is assumed, and quiet streets 85 %."""
    share = 0.6 if road_class in {"primary", "secondary"} else 0.85
    return share * BASE.of(road_class, slot)


@dataclass(frozen=True)
class City:
    """Trips and what the streets say about them; `ride` stands in for the engine."""

    trips: list[Trip]
    fixed_s: np.ndarray
    free_s: np.ndarray
    has_way: np.ndarray

    def ride(self, factors: SpeedFactors, trips: Sequence[Trip]) -> tuple[Measured, np.ndarray]:
        del factors  # the quickest way is the same at any speed here
        rows = np.array([round(trip.end.lon) for trip in trips], dtype=np.int64)
        measured = Measured(
            seconds=np.array([trip.seconds for trip in trips], dtype=np.float64),
            fixed_s=self.fixed_s[rows],
            free_s=self.free_s[rows],
            slot=np.array([SLOTS.index(slot_of(trip.depart_s)) for trip in trips], dtype=np.int64),
            day=np.array([trip.day for trip in trips], dtype=np.int64),
        )
        return measured, self.has_way[rows]

    def with_seconds(self, change: Callable[[Trip], float]) -> "City":
        return replace(self, trips=[replace(one, seconds=change(one)) for one in self.trips])


def city(
    count: int,
    truth: Truth,
    *,
    days: int = 20,
    hours: tuple[float, float] = (8.0, 19.5),
    noise: float = 0.2,
    parking_s: float = 90.0,
    seed: int = 1,
) -> City:
    dice = np.random.default_rng(seed)
    free_s = np.zeros((count, len(CLASSES)))
    for road_class, mean_s in RIDDEN.items():
        free_s[:, CLASS_NUMBER[road_class]] = dice.gamma(1.5, mean_s / 1.5, count)
    depart_s = (dice.uniform(*hours, count) * 3600).astype(int)
    share = np.array([[truth(name, slot) for name in CLASSES] for slot in SLOTS])
    slot = np.array([SLOTS.index(slot_of(int(one))) for one in depart_s])
    fixed_s = dice.uniform(10, 60, count)
    ridden_s = (free_s / share[slot]).sum(axis=1) * np.exp(dice.normal(0, noise, count))
    seconds = fixed_s + ridden_s + dice.gamma(4.0, parking_s / 4.0, count)
    trips = [
        Trip(
            day=i % days,
            depart_s=int(depart_s[i]),
            seconds=float(seconds[i]),
            start=Point(0.0, float(i)),
            end=Point(0.01, float(i)),  # a kilometre north; the longitude is the number
            profile=Profile.MOTORCYCLE,
        )
        for i in range(count)
    ]
    return City(trips, fixed_s, free_s, np.ones(count, dtype=np.bool_))
