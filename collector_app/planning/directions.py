"""How to ride from place to place along the streets of the city in use, turn by turn.

Derived whenever somebody asks and never stored: a collector may set out from elsewhere than the
plan thought. A ride takes about a millisecond once the city is open.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from collector_app.planning.rules import Vehicle
from collector_app.planning.travel_times import STREETS, TravelSettings, open_for
from collector_app.planning.turns import TurnRow, turn_rows
from routing.errors import TravelTimesUnavailable
from routing.geo import Point
from routing.travel.streets import StreetTravel
from routing.travel.streets.instructions import instructions
from routing.travel.times import UNREACHABLE, Profile, TravelTimes

OPEN_CITIES = 2  # the one in use, and the one before while requests still hold it

log = logging.getLogger(__name__)

Position = tuple[float, float]  # lat, lon; degrees


@dataclass(frozen=True, slots=True)
class Directions:
    """One ride in words; without turns when there is no way, or nothing to ride.

    Attributes
    ----------
    seconds, metres : int
        0 without a way.
    has_way : bool
        The streets lead from the one place to the other.
    """

    seconds: int
    metres: int
    has_way: bool
    turns: tuple[TurnRow, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The streets of a city, for those who ask for the way."""

    travel: StreetTravel

    @property
    def name(self) -> str:
        """Return the version of the streets; a plan keeps the one it was made with."""
        return self.travel.name

    def directions(
        self, start: Position, end: Position, vehicle: Vehicle, depart_s: int
    ) -> Directions:
        """Return the quickest way from `start` to `end` at that hour of the day.

        Parameters
        ----------
        depart_s : int
            Seconds since local midnight.
        """
        ends = [Point(*start), Point(*end)]
        ride = self.travel.rides(ends, Profile(vehicle.value), depart_s)[0]
        if ride.metres >= UNREACHABLE:
            return Directions(0, 0, has_way=False, turns=())
        turns = turn_rows(instructions(ride, ends[-1]))
        return Directions(ride.seconds, ride.metres, has_way=True, turns=turns)

    def misplaced(
        self, positions: Sequence[Position], vehicle: Vehicle
    ) -> dict[int, dict[str, Any]]:
        """Return, by index, why a position can't be ridden to and how far the next street is."""
        points = [Point(*position) for position in positions]
        return {
            one.index: {"misplacement": one.reason.value, "street_m": _metres(one.street_m)}
            for one in self.travel.unplaced(points, Profile(vehicle.value))
        }


def _metres(distance_m: float | None) -> int | None:
    return None if distance_m is None else round(distance_m)


def open_guide(settings: TravelSettings) -> Guide | None:
    """Return the streets in use, None where there are none: no city built, or one unreadable."""
    if settings.pack is None:
        return None
    try:
        return Guide(_opened(settings.pack, _age(settings.pack)))
    except TravelTimesUnavailable as error:
        log.warning("no turn-by-turn directions: %s", error)
        return None


def travel_of(settings: TravelSettings) -> TravelTimes:
    """Return the source of travel times: the streets of this process when they are in use.

    Raises
    ------
    StreetsUnavailable
        If the source can't be opened.
    """
    guide = open_guide(settings) if settings.provider == STREETS else None
    return guide.travel if guide is not None else open_for(settings)


def _age(pack: Path) -> int:
    """Return what changes when anything in the folder is replaced, such as its speeds."""
    try:
        return pack.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=OPEN_CITIES)
def _opened(pack: Path, age_ns: int) -> StreetTravel:
    del age_ns  # only tells whether what was opened is still the same
    return StreetTravel(pack)
