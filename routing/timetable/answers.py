"""What a timetable answers: the clock of an order, and what additions would mean."""

from dataclasses import dataclass
from typing import NamedTuple

from routing.plan import TakenBreak
from routing.timetable.arrays import Flags, Ints


class Leg(NamedTuple):
    """From leaving one place until what is done at the next one begins, or until the day is over.

    ``breaks`` are taken before departing or after arriving; ``ready_s`` is after all of them.
    """

    departs_s: int
    ride_s: int
    ride_m: int
    arrives_s: int
    breaks: tuple[TakenBreak, ...]
    ready_s: int


@dataclass(frozen=True, slots=True)
class Clock:
    """When an order of k visits happens.

    Attributes
    ----------
    legs : list of k + 1
        To each visit, then to the end.
    starts_s, leaves_s : list of k
        Of each visit.
    """

    legs: list[Leg]
    starts_s: list[int]
    leaves_s: list[int]


class Insertions(NamedTuple):
    """What adding candidate ``pool[j]`` before visit i (or the end) would mean, as [i, j].

    ``detour_s`` is what the rides there and onward take more than the ride there is now.
    """

    fits: Flags
    has_way: Flags
    detour_s: Ints
