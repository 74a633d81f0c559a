"""Turn-by-turn instructions of a ride as records without language; words are made elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from math import atan2, cos, degrees, radians

from routing.geo import Point, haversine_m
from routing.travel.streets.ride import Ride, Step
from routing.travel.streets.turns import (
    STRAIGHT_DEG,
    Maneuver,
    maneuver_at,
    turn_deg,
    turn_kind,
)

# The width of an avenue with its median: two turns this close are one to the rider.
SHORT_LINK_M = 20.0
# A lane that cuts a corner for those who turn, drawn as a street of its own.
SLIP_LANE_M = 60.0
# A street whose name is missing on the map for a block or so is still that street.
UNNAMED_GAP_M = 120.0
# Two turns with a short link between them that lead back the way they came (a "retorno").
TURNED_BACK_DEG = 150.0
# Doors closer to the middle of the street than this have no side that could be trusted.
SIDE_M = 4.0

_SIMPLE = frozenset(Maneuver) - {
    Maneuver.DEPART,
    Maneuver.ROUNDABOUT,
    Maneuver.FERRY,
    Maneuver.ARRIVE,
}


class Side(StrEnum):
    """Where the door is, seen by whoever arrives."""

    LEFT = "left"
    RIGHT = "right"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One thing to do, and the way until the next.

    Attributes
    ----------
    kind : Maneuver
    name, ref : str
        Street to follow afterwards; both "" where it has none.
    metres, seconds : int
        From here to the next instruction; those of a ride add up to the ride's.
    point : Point
    bearing_deg : float, 0-360
        Heading afterwards, clockwise from north.
    exit_number : int
        Exit to take from a roundabout, from 1; 0 for everything else, and where the ride ends on
        the roundabout.
    side : Side or None
        Of the door; for ARRIVE alone.
    """

    kind: Maneuver
    name: str
    ref: str
    metres: int
    seconds: int
    point: Point
    bearing_deg: float
    exit_number: int = 0
    side: Side | None = None


@dataclass(slots=True)
class _Stretch:
    """What is ridden from one maneuver to the next."""

    kind: Maneuver
    name: str
    ref: str
    road_class: str
    first: int
    before_deg: float
    after_deg: float
    metres: float
    seconds: float
    exit_number: int = 0

    @property
    def street(self) -> str:
        return self.name or self.ref

    def add(self, metres: float, seconds: float) -> None:
        self.metres += metres
        self.seconds += seconds


def instructions(ride: Ride, target: Point) -> tuple[Instruction, ...]:
    """Return what to do along a ride: DEPART first, ARRIVE last.

    Parameters
    ----------
    ride : Ride
        With steps; one without (no way, or no distance) gives no instructions.
    target : Point
        The door: the ride ends on the street before it.
    """
    if not ride.steps:
        return ()
    stretches = _without_gaps(_stretches(ride.steps))
    metres = _whole_parts([one.metres for one in stretches], ride.metres)
    seconds = _whole_parts([one.seconds for one in stretches], ride.seconds)
    told = [
        Instruction(
            kind=one.kind,
            name=one.name,
            ref=one.ref,
            metres=far,
            seconds=long,
            point=ride.points[one.first],
            bearing_deg=one.after_deg,
            exit_number=one.exit_number,
        )
        for one, far, long in zip(stretches, metres, seconds, strict=True)
    ]
    return (*told, _arrival(ride, stretches[-1], target))


def _stretches(steps: Sequence[Step]) -> list[_Stretch]:
    """Return the steps joined wherever nothing needs to be said."""
    stretches = [_stretch(Maneuver.DEPART, steps[0])]
    for before, step in pairwise(steps):
        current = stretches[-1]
        if before.is_roundabout and current.kind is Maneuver.ROUNDABOUT:
            _go_round_or_leave(current, before, step)
            continue
        kind = _kind(current, before, step)
        if kind is None:
            current.add(step.metres, step.seconds)
            continue
        new = _stretch(kind, step)
        if not _is_joined(stretches, new):
            stretches.append(new)
    last = stretches[-1]
    if steps[-1].is_roundabout and last.kind is Maneuver.ROUNDABOUT:
        last.exit_number = 0  # the ride ends before any exit
    return stretches


def _stretch(kind: Maneuver, step: Step) -> _Stretch:
    return _Stretch(
        kind=kind,
        name=step.name,
        ref=step.ref,
        road_class=step.road_class,
        first=step.first,
        before_deg=step.bearing_in_deg,
        after_deg=step.bearing_out_deg,
        metres=step.metres,
        seconds=step.seconds,
        exit_number=step.exits_passed + 1 if kind is Maneuver.ROUNDABOUT else 0,
    )


def _kind(current: _Stretch, before: Step, step: Step) -> Maneuver | None:
    """Return what to say where `step` begins, None for nothing."""
    if step.is_roundabout and not before.is_roundabout:
        return Maneuver.ROUNDABOUT
    if step.is_ferry:
        return None if before.is_ferry else Maneuver.FERRY
    angle = turn_deg(step.bearing_in_deg, step.bearing_out_deg)
    if before.is_ferry:
        return turn_kind(angle)  # back on land, which is worth a word
    others = [turn_deg(step.bearing_in_deg, other) for other in step.other_bearings_deg]
    street = step.name or step.ref
    is_same_street = current.street == street
    return maneuver_at(angle, others, is_same_street=is_same_street, has_name=bool(street))


def _go_round_or_leave(current: _Stretch, before: Step, step: Step) -> None:
    """Go on along a roundabout, or take the street at its exit."""
    current.add(step.metres, step.seconds)
    if step.is_roundabout:
        current.exit_number += step.exits_passed
    elif before.is_roundabout:
        current.name, current.ref = step.name, step.ref
        current.road_class = step.road_class
        current.after_deg = step.bearing_out_deg


def _is_joined(stretches: list[_Stretch], new: _Stretch) -> bool:
    """Make one turn of the last one and `new` if only a short link lies between them."""
    if len(stretches) < 2:
        return False
    street, link = stretches[-2:]
    if not {link.kind, new.kind} <= _SIMPLE or not _is_link(street, link, new):
        return False
    angle = turn_deg(link.before_deg, new.after_deg)
    is_same_street = street.street == new.street
    if is_same_street and abs(angle) <= STRAIGHT_DEG:
        street.add(link.metres + new.metres, link.seconds + new.seconds)
        stretches.pop()
        return True
    is_back = is_same_street and abs(angle) >= TURNED_BACK_DEG
    link.kind = Maneuver.U_TURN if is_back else turn_kind(angle)
    link.name, link.ref, link.road_class = new.name, new.ref, new.road_class
    link.after_deg = new.after_deg
    link.add(new.metres, new.seconds)
    return True


def _is_link(street: _Stretch, link: _Stretch, new: _Stretch) -> bool:
    """Tell whether a stretch only joins two streets: very short, and no third street by name."""
    if link.street not in {"", street.street, new.street}:
        return False
    is_slip_lane = link.road_class.endswith("_link") and not link.street
    return link.metres < (SLIP_LANE_M if is_slip_lane else SHORT_LINK_M)


def _without_gaps(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Join what only the map tells apart: going straight on through a piece without a name."""
    kept: list[_Stretch] = []
    for one in stretches:
        while _is_gap(kept):
            gap = kept.pop()
            kept[-1].add(gap.metres, gap.seconds)
        if one.kind is Maneuver.CONTINUE and kept and _goes_on(kept[-1], one):
            kept[-1].add(one.metres, one.seconds)
        else:
            kept.append(one)
    return kept


def _goes_on(last: _Stretch, one: _Stretch) -> bool:
    return last.street == one.street and last.kind is not Maneuver.FERRY


def _is_gap(kept: Sequence[_Stretch]) -> bool:
    if len(kept) < 2:
        return False
    last = kept[-1]
    return last.kind is Maneuver.CONTINUE and not last.street and last.metres < UNNAMED_GAP_M


def _whole_parts(parts: Sequence[float], total: int) -> list[int]:
    """Return whole numbers near the parts that add up to `total`, each at least 0."""
    ends = [min(total, round(end)) for end in accumulate(parts)]
    ends[-1] = total
    return [after - before for before, after in pairwise([0, *ends])]


def _arrival(ride: Ride, last: _Stretch, target: Point) -> Instruction:
    end = ride.points[-1]
    heading = _heading_at_end(ride.points, last.after_deg)
    return Instruction(
        kind=Maneuver.ARRIVE,
        name=last.name,
        ref=last.ref,
        metres=0,
        seconds=0,
        point=end,
        bearing_deg=heading,
        side=_side(end, heading, target),
    )


def _heading_at_end(points: Sequence[Point], otherwise_deg: float) -> float:
    """Return the heading of the last piece that has a length."""
    end = points[-1]
    before = next((one for one in reversed(points) if one != end), None)
    return otherwise_deg if before is None else _bearing(before, end)


def _side(end: Point, heading_deg: float, target: Point) -> Side:
    if haversine_m(end, target) < SIDE_M:
        return Side.AHEAD
    angle = turn_deg(heading_deg, _bearing(end, target))
    if not STRAIGHT_DEG < abs(angle) < 180.0 - STRAIGHT_DEG:
        return Side.AHEAD
    return Side.RIGHT if angle > 0 else Side.LEFT


def _bearing(start: Point, end: Point) -> float:
    """Return the heading from one point to another nearby, degrees clockwise from north, 0-360."""
    east = (end.lon - start.lon) * cos(radians((start.lat + end.lat) / 2))
    return degrees(atan2(east, end.lat - start.lat)) % 360.0
