"""The day to be planned, stated once: who works, who may be visited, when and what it is worth.

Units: seconds since local midnight, windows inclusive at both ends, prizes and costs in the same
integer points (the application uses centavos of expected recovery).
"""

from dataclasses import dataclass

from routing.errors import InvalidProblem
from routing.geo import Point, is_on_earth
from routing.travel.times import Profile

DAY_S = 24 * 3600
MAX_POINTS = 10**12  # keeps prizes times seconds exact in double precision


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of one day, seconds since local midnight, both ends inclusive."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A client who may be visited that day.

    Attributes
    ----------
    id : str
        Unique among the candidates of the problem.
    point : Point
        Where the visit takes place.
    service_s : int, seconds >= 0
        Expected length of the visit.
    prize : int, points 0..MAX_POINTS
        What visiting today is worth.
    windows : tuple[Window, ...]
        When the visit may *start*; several are alternatives. Empty means that no legal moment
        exists: the candidate is always skipped, with that reason.
    required : bool
        Visit before any optional one, whatever it costs.
    shifts : frozenset[str] or None
        Shifts that may visit; None means any.
    """

    id: str
    point: Point
    service_s: int
    prize: int
    windows: tuple[Window, ...]
    required: bool = False
    shifts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """The working day of one collector.

    Attributes
    ----------
    window : Window
        Leaves the start not before ``start_s`` and is at the end not after ``end_s``.
    end : Point or None
        Where the day ends; None means wherever the last visit is.
    max_stops : int or None
        Most visits of the day; None means no bound.
    """

    id: str
    start: Point
    end: Point | None
    window: Window
    profile: Profile = Profile.MOTORCYCLE
    max_stops: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Shifts, candidates and the price of an hour on the road.

    Attributes
    ----------
    travel_cost_per_hour : int, points 0..MAX_POINTS
        A visit is worth making only if its prize exceeds the travel it adds at this price.
    """

    shifts: tuple[Shift, ...]
    candidates: tuple[Candidate, ...]
    travel_cost_per_hour: int = 0

    def __post_init__(self) -> None:
        """Check every field.

        Raises
        ------
        InvalidProblem
            With the place of the first fault.
        """
        _check_unique("shifts", [shift.id for shift in self.shifts])
        _check_unique("candidates", [candidate.id for candidate in self.candidates])
        _expect(
            0 <= self.travel_cost_per_hour <= MAX_POINTS,
            "travel_cost_per_hour",
            f"expected 0..{MAX_POINTS}",
        )
        shift_ids = {shift.id for shift in self.shifts}
        for i, shift in enumerate(self.shifts):
            _check_shift(f"shifts[{i}]", shift)
        for i, candidate in enumerate(self.candidates):
            _check_candidate(f"candidates[{i}]", candidate, shift_ids)


def _expect(holds: bool, place: str, expected: str) -> None:
    if not holds:
        raise InvalidProblem(place, expected)


def _check_unique(place: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for i, one in enumerate(ids):
        _expect(one not in seen, f"{place}[{i}].id", f"expected a unique id, {one!r} is repeated")
        seen.add(one)


def _check_window(place: str, window: Window) -> None:
    _expect(
        0 <= window.start_s <= window.end_s <= DAY_S,
        place,
        f"expected 0 <= start_s <= end_s <= {DAY_S}, got {window.start_s}..{window.end_s}",
    )


def _check_shift(place: str, shift: Shift) -> None:
    _check_window(f"{place}.window", shift.window)
    _expect(is_on_earth(shift.start), f"{place}.start", "expected lat -90..90 and lon -180..180")
    if shift.end is not None:
        _expect(is_on_earth(shift.end), f"{place}.end", "expected lat -90..90 and lon -180..180")
    if shift.max_stops is not None:
        _expect(shift.max_stops >= 0, f"{place}.max_stops", "expected >= 0")


def _check_candidate(place: str, candidate: Candidate, shift_ids: set[str]) -> None:
    _expect(
        is_on_earth(candidate.point), f"{place}.point", "expected lat -90..90 and lon -180..180"
    )
    _expect(0 <= candidate.service_s <= DAY_S, f"{place}.service_s", f"expected 0..{DAY_S}")
    _expect(0 <= candidate.prize <= MAX_POINTS, f"{place}.prize", f"expected 0..{MAX_POINTS}")
    for i, window in enumerate(candidate.windows):
        _check_window(f"{place}.windows[{i}]", window)
    unknown = (candidate.shifts or frozenset()) - shift_ids
    _expect(not unknown, f"{place}.shifts", f"unknown shifts {sorted(unknown)}")
