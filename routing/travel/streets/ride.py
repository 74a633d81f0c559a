"""A ride along the streets as the instructions need it: which street, how far, and how it turns."""

from dataclasses import dataclass
from typing import NamedTuple

from routing.geo import Point


class Step(NamedTuple):  # a city's ride has a hundred: made faster than a dataclass
    """A stretch of a ride along one street, from one junction (or the start) to the next.

    Attributes
    ----------
    name, ref : str
        Of the street, as it is signed; "" where it has none.
    road_class : str
        One of ``rules.CLASSES``.
    metres, seconds : float
        Along this step; the turn at its beginning is part of its seconds.
    first : int
        Index into the points of the ride where the step begins.
    bearing_in_deg, bearing_out_deg : float, 0-360
        Heading before and after the junction where the step begins, clockwise from north; equal
        at the start of the ride.
    other_bearings_deg : tuple of float, 0-360
        Headings of the other streets that the profile could have taken at that junction, the way
        back aside; empty where there was nothing to choose.
    is_roundabout : bool
    exits_passed : int
        On a roundabout: exits left aside on the way, those at the end of the step included when
        the ride stays on the roundabout. The exit taken is the sum over the roundabout, plus one.
    is_ferry : bool
    free_flow_s : float
        The part of the seconds that traffic changes, as it would be without any: the time along
        the street at its free-flow speed, no turns and no lights. Calibration learns from it.
    """

    name: str
    ref: str
    road_class: str
    metres: float
    seconds: float
    first: int
    bearing_in_deg: float
    bearing_out_deg: float
    other_bearings_deg: tuple[float, ...] = ()
    is_roundabout: bool = False
    exits_passed: int = 0
    is_ferry: bool = False
    free_flow_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride between two consecutive points; without steps where there is no way.

    Attributes
    ----------
    points : tuple of Point
        Along the streets, at least two.
    seconds, metres : int
        ``UNREACHABLE`` without a way.
    steps : tuple of Step
        In order; their metres and seconds add up to those of the ride, but for rounding.
    """

    points: tuple[Point, ...]
    seconds: int
    metres: int
    steps: tuple[Step, ...]
