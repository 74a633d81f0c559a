"""What happens during the day, as data: facts from the field, and decisions of people."""

from dataclasses import dataclass
from enum import StrEnum

from routing.geo import Point
from routing.problem import Candidate, Window


@dataclass(frozen=True, slots=True)
class VisitDone:
    """A visit was made, whatever the plan said.

    Attributes
    ----------
    left_s : int
        When the collector left, seconds since local midnight.
    started_s : int or None
        When the visit began; None takes the planned length off ``left_s``.
    shift_id : str or None
        Who made it; None means whose route it is on.
    point : Point or None
        Where the collector was on leaving; None means where the client is.
    """

    candidate_id: str
    left_s: int
    started_s: int | None = None
    shift_id: str | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Underway:
    """Where a collector is at a moment: in a visit that has begun, or free on the road."""

    shift_id: str
    point: Point
    at_s: int
    candidate_id: str | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """A collector can go on only from a moment on; ``point`` None means where they were last."""

    shift_id: str
    free_at_s: int
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Sick:
    """A collector goes home; ``shared_with`` are shifts that may take the stops still open.

    Who else may visit a client is widened by these shifts, zones or not; skills that a visit
    needs and collectors that are forbidden still hold.
    """

    shift_id: str
    shared_with: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nobody is to visit this client today."""

    candidate_id: str


@dataclass(frozen=True, slots=True)
class Added:
    """A client who was not in the problem."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Moved:
    """The appointment has another window, which replaces all others of this client.

    It is for the caller to keep it within legal hours.
    """

    candidate_id: str
    window: Window


@dataclass(frozen=True, slots=True)
class Pinned:
    """A stop stays on its route, before any stop that is not required.

    ``position`` counts the stops still open, 0 is the next one. With it, the stops before it in
    the present order stay before it too. On the route of somebody who goes home it stays with those
    who share the stops; its position then counts on the route of who can be there first.
    """

    candidate_id: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class StreetClosed:
    """Rides that are no longer possible, or longer.

    Attributes
    ----------
    pairs : frozenset of (Point, Point)
        No way leads from the first to the second any more.
    centre, radius_m : Point or None, int
        Nobody gets in or out of the circle; rides that cross it in a straight line go round it.
    """

    pairs: frozenset[tuple[Point, Point]] = frozenset()
    centre: Point | None = None
    radius_m: int = 0


Change = VisitDone | Underway | Late | Sick | Cancelled | Added | Moved | Pinned | StreetClosed


class Flag(StrEnum):
    """What is odd about a change; it was taken all the same, unless the flag says otherwise."""

    ALREADY_DONE = "already_done"  # ignored: the visit is made or has begun
    REPEATED = "repeated"  # ignored: the same was said before
    NOT_PLANNED = "not_planned"  # nobody was to make this visit
    OTHER_ROUTE = "other_route"  # another shift was to make this visit
    OUTSIDE_WINDOW = "outside_window"  # it began outside the windows of the client
    IN_THE_FUTURE = "in_the_future"  # a fact that lies after now
    NOT_ON_A_ROUTE = "not_on_a_route"  # ignored: only a stop that is planned can be pinned
    NOT_IN_TIME = "not_in_time"  # the stop can't be visited at that position any more


@dataclass(frozen=True, slots=True)
class Remark:
    """A flag on a change, by its number in the list of changes."""

    change: int
    flag: Flag
