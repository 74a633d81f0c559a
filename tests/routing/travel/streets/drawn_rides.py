"""Rides drawn by hand: stretches with a heading and a length, one after the other."""

from dataclasses import dataclass
from math import cos, radians, sin

from routing.geo import Point
from routing.travel.streets.ride import Ride, Step

START = Point(-29.9, -71.25)
METRES_PER_DEGREE = 111_195.0
MS = 8.0


@dataclass(frozen=True)
class Piece:
    """A stretch towards `heading`; `others` are the headings that could have been taken instead."""

    heading: float
    metres: float = 200.0
    name: str = "Calle Uno"
    others: tuple[float, ...] = ()
    ref: str = ""
    road_class: str = "residential"
    is_roundabout: bool = False
    exits_passed: int = 0
    is_ferry: bool = False
    end_heading: float | None = None  # where it bends on the way


def moved(point: Point, heading: float, metres: float) -> Point:
    north = metres * cos(radians(heading)) / METRES_PER_DEGREE
    east = metres * sin(radians(heading)) / METRES_PER_DEGREE / cos(radians(point.lat))
    return Point(point.lat + north, point.lon + east)


def drawn(*pieces: Piece) -> Ride:
    points, steps = [START], []
    arriving = pieces[0].heading
    for piece in pieces:
        steps.append(
            Step(
                name=piece.name,
                ref=piece.ref,
                road_class=piece.road_class,
                metres=piece.metres,
                seconds=piece.metres / MS,
                first=len(points) - 1,
                bearing_in_deg=arriving % 360,
                bearing_out_deg=piece.heading % 360,
                other_bearings_deg=piece.others,
                is_roundabout=piece.is_roundabout,
                exits_passed=piece.exits_passed,
                is_ferry=piece.is_ferry,
            )
        )
        arriving = piece.heading if piece.end_heading is None else piece.end_heading
        points.append(moved(points[-1], arriving, piece.metres))
    metres = sum(piece.metres for piece in pieces)
    return Ride(tuple(points), round(metres / MS), round(metres), tuple(steps))
