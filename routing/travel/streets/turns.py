"""What a change of heading at a junction means to whoever rides: nothing, a turn, a fork.

Source
------
The limits between straight on, slight, plain and sharp turns are those of OSRM's guidance (BSD-2;
20, 40 and 120 degrees off straight on). What is a fork and what goes without saying was settled on
rides through two South American cities: a rider who reads few lines must not miss one.
"""

from collections.abc import Sequence
from enum import StrEnum

STRAIGHT_DEG = 20.0  # up to here off straight on it is "straight on"
SLIGHT_DEG = 40.0  # up to here a slight turn; an exit this near to straight on makes a fork
TURN_DEG = 120.0  # up to here a plain turn, beyond it a sharp one
# Two directions of one street lie 180 degrees apart, and 15 are the width of a hand on a map:
# beyond this it is turning back.
U_TURN_DEG = 165.0
# The way on is obvious when every other exit is this much farther from straight on.
OBVIOUS_DEG = 10.0


class Maneuver(StrEnum):
    """What the rider does at one point."""

    DEPART = "depart"
    CONTINUE = "continue"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    SLIGHT_RIGHT = "slight_right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp_right"
    U_TURN = "u_turn"
    KEEP_LEFT = "keep_left"
    KEEP_RIGHT = "keep_right"
    ROUNDABOUT = "roundabout"
    FERRY = "ferry"
    ARRIVE = "arrive"


def turn_deg(before_deg: float, after_deg: float) -> float:
    """Return the change between two headings, degrees in [-180, 180), right positive."""
    return (after_deg - before_deg + 180.0) % 360.0 - 180.0


def turn_kind(angle_deg: float) -> Maneuver:
    """Return the name of a change of heading, whatever else the junction offers."""
    size, is_right = abs(angle_deg), angle_deg > 0
    if size <= STRAIGHT_DEG:
        return Maneuver.CONTINUE
    if size <= SLIGHT_DEG:
        return Maneuver.SLIGHT_RIGHT if is_right else Maneuver.SLIGHT_LEFT
    if size <= TURN_DEG:
        return Maneuver.RIGHT if is_right else Maneuver.LEFT
    if size < U_TURN_DEG:
        return Maneuver.SHARP_RIGHT if is_right else Maneuver.SHARP_LEFT
    return Maneuver.U_TURN


def maneuver_at(
    angle_deg: float, others_deg: Sequence[float], *, is_same_street: bool, has_name: bool = True
) -> Maneuver | None:
    """Return what to say at a junction, None where the rider would go right without a word.

    Parameters
    ----------
    angle_deg : float
        The turn that the ride makes, right positive.
    others_deg : sequence of float
        The turns that it could have made instead, turning back aside.
    is_same_street : bool
        The street keeps its name; two streets without a name count as one.
    has_name : bool
        The street ridden afterwards has a name, which its signs tell from a ramp beside it.

    Returns
    -------
    Maneuver or None
        A bend where nothing else can be taken is no turn; neither is going straight on along a
        street that keeps its name, nor a slight turn of one that stays the straightest way.
    """
    plain = turn_kind(angle_deg)
    if abs(angle_deg) > SLIGHT_DEG:
        is_bend = is_same_street and not others_deg and plain is not Maneuver.U_TURN
        return None if is_bend else plain
    rivals = [other for other in others_deg if abs(other) <= SLIGHT_DEG]
    if not rivals:
        return None if is_same_street else plain
    straightest = min(abs(other) for other in rivals)
    is_straight_on = has_name and abs(angle_deg) <= STRAIGHT_DEG
    if is_same_street and (is_straight_on or abs(angle_deg) + OBVIOUS_DEG <= straightest):
        return None
    leaves_main_street = abs(angle_deg) > STRAIGHT_DEG >= straightest
    return plain if leaves_main_street else _fork(angle_deg, rivals)


def _fork(angle_deg: float, rivals: Sequence[float]) -> Maneuver:
    if all(rival > angle_deg for rival in rivals):
        return Maneuver.KEEP_LEFT
    if all(rival < angle_deg for rival in rivals):
        return Maneuver.KEEP_RIGHT
    return Maneuver.CONTINUE  # the middle of three
