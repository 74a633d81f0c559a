"""The one question every road engine answers: how long and how far, from each point to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point

UNREACHABLE = int(np.iinfo(np.int32).max)  # marks a pair without a way, in seconds and in metres
# Farther from any street than this, a point can't be reached: a client a quarter of an hour's walk
# from the last road is to be looked at by a person.
MAX_SNAP_M = 1000.0


class Profile(StrEnum):
    """How the collector moves."""

    MOTORCYCLE = "motorcycle"
    CAR = "car"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Travel between n points, row = origin, diagonal 0.

    Attributes
    ----------
    seconds, metres : int32[n, n]
        ``UNREACHABLE`` where there is no way.
    source : str
        What answered, for people to read: ``streets:coquimbo``, ``haversine``, ``osrm``, ...
    snap_m : int32[n]
        Distance from each point to the street it was put on, metres; ``UNREACHABLE`` where the
        point could not be put on any street.
    is_estimate : bool
        True when the figures do not follow streets (the great-circle fallback).
    """

    seconds: NDArray[np.int32]
    metres: NDArray[np.int32]
    source: str
    snap_m: NDArray[np.int32]
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Leg:
    """One ride between two consecutive points, along the streets."""

    points: tuple[Point, ...]
    seconds: int
    metres: int


class Circle(NamedTuple):
    """A place where the streets are closed: nobody rides within so many metres of the centre."""

    centre: Point
    radius_m: int


class TravelTimes(Protocol):
    """A source of travel times; implementations must be safe to use from several threads."""

    @property
    def name(self) -> str:
        """Return a stable name that changes when the answers would, for caches and screens."""

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        """Return the seconds of the day at which the answers change, ascending from 0.

        ``(0,)`` for sources that answer the same all day.
        """

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Return travel from each point to each; unreachable points are marked, never dropped.

        `depart_s` is seconds since local midnight; sources without time slots ignore it, the others
        answer for the whole stretch of ``slot_starts_s`` that holds it.

        Raises
        ------
        TravelTimesUnavailable
            When the source can't answer at all.
        """

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return the rides point 0 -> 1 -> ... -> n-1 with their geometry, n-1 legs.

        A leg without a way is a straight line with ``UNREACHABLE`` seconds and metres.
        """


@runtime_checkable
class ClosableTravel(Protocol):
    """A source that can tell how one rides while some streets are closed."""

    def closing(self, circles: Sequence[Circle]) -> TravelTimes:
        """Return the same source without the streets that pass through the circles.

        Walkers pass. Who lives in a closed street is reached from the nearest open one.
        """
