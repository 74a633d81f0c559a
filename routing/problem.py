"""What is to be planned, stated once: who works when, who may be visited when, what it is worth.

Units: seconds since local midnight of the shift's day, windows inclusive at both ends, days
counted from 0, prizes, prices and cash in integer points (the application uses centavos).
Everything beyond shifts, candidates, windows and prizes is off by default.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from routing.errors import InvalidProblem
from routing.geo import Point, is_on_earth
from routing.travel.times import Profile

DAY_S = 24 * 3600
LATEST_S = 2 * DAY_S  # a shift that begins today may end after midnight
MAX_DAYS = 5
MAX_POINTS = 10**12  # keeps prizes times seconds exact in double precision


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of one day, seconds since local midnight, both ends inclusive.

    ``day`` limits it to one day of the horizon; None means every day.
    """

    start_s: int
    end_s: int
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A rest that the collector takes once a day, at a stop: never riding, never inside a visit.

    It *starts* inside ``window``: one moment for a fixed break, a span for a floating one. It
    is taken where the collector is: before leaving for the next place or on arriving there,
    before the visit starts or the day ends. A day that is over by ``window.start_s`` needs none.
    """

    window: Window
    duration_s: int


@dataclass(frozen=True, slots=True)
class ServiceClass:
    """How long a visit takes when it ends in a certain way; ``share`` weighs it among others."""

    outcome: str
    share: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A client who may be visited.

    Attributes
    ----------
    id : str
        Unique among the candidates of the problem.
    point : Point
        Where the visit takes place.
    service_s : int, seconds >= 0
        Expected length of the visit, when ``services`` does not tell it by outcome.
    prize : int, points 0..MAX_POINTS
        What the first visit of the horizon is worth.
    windows : tuple[Window, ...]
        When a visit may *start*; several are alternatives. Empty means that no legal moment
        exists: the candidate is always skipped, with that reason.
    required : bool
        Visit before any optional one, whatever it costs.
    shifts, collectors : frozenset[str] or None
        Shifts, and collectors, that may visit; None means any.
    forbidden_collectors : frozenset[str]
        Collectors that may not.
    skills : frozenset[str]
        All of them are needed to visit.
    services : tuple[ServiceClass, ...]
        Length by outcome; planned with the mean weighed by share, rounded up.
    preferred : tuple[Window, ...]
        A visit that starts in none of them costs ``outside_price``; empty means no preference.
    group : str or None
        At most one visit is made to all the candidates of a group together.
    after : frozenset[str]
        Candidates that must have been visited before: earlier on the same route, or on an
        earlier day of the horizon. A visit to one of them on another route of that day is not
        enough.
    max_visits : int 1..MAX_DAYS
        Over the horizon, one a day at most.
    repeat_prize : int, points 0..prize
        What each later visit is worth.
    last_contact_day : int < 0 or None
        Day of the last contact before the horizon (-1 is the day before day 0).
    min_rest_days : int >= 0
        A visit on day d needs the contact before it on day d - min_rest_days or earlier.
    max_rest_days : int or None
        When the last contact lies so many days back within the horizon, the candidate is
        required, on that day or earlier where it can be.
    cash : int, points >= 0
        Expected to be carried on from here.
    is_deposit : bool
        All cash is handed in here; the visit itself is made only where it lets more be collected.
    hardness : int >= 0
        Share of the hard cases that this visit is, for fairness.
    published_shift : str or None
        Whose route the candidate is on in the plan already published.
    """

    id: str
    point: Point
    service_s: int
    prize: int
    windows: tuple[Window, ...]
    required: bool = False
    shifts: frozenset[str] | None = None
    collectors: frozenset[str] | None = None
    forbidden_collectors: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    services: tuple[ServiceClass, ...] = ()
    preferred: tuple[Window, ...] = ()
    outside_price: int = 0
    group: str | None = None
    after: frozenset[str] = frozenset()
    max_visits: int = 1
    repeat_prize: int = 0
    last_contact_day: int | None = None
    min_rest_days: int = 0
    max_rest_days: int | None = None
    cash: int = 0
    is_deposit: bool = False
    hardness: int = 0
    published_shift: str | None = None

    @property
    def stay_s(self) -> int:
        """Return the length to plan with, seconds."""
        if not self.services:
            return self.service_s
        shares = sum(one.share for one in self.services)
        return -(-sum(one.share * one.seconds for one in self.services) // shares)


@dataclass(frozen=True, slots=True)
class Shift:
    """One working day of one collector.

    Attributes
    ----------
    window : Window
        Leaves the start not before ``start_s`` and is at the end not after ``end_s``.
    end : Point or None
        Where the day ends; None means wherever the last visit is.
    max_stops : int or None
        Most visits of the day; None means no bound.
    day : int 0..MAX_DAYS-1
        Which day of the horizon.
    collector : str or None
        Who works; None means that the shift's id names the collector.
    breaks : tuple[Break, ...]
        In the order of the day; each is taken.
    skills : frozenset[str]
    cash_limit : int or None, points
        Most cash carried at any moment after a visit, unless it is a deposit.
    """

    id: str
    start: Point
    end: Point | None
    window: Window
    profile: Profile = Profile.MOTORCYCLE
    max_stops: int | None = None
    day: int = 0
    collector: str | None = None
    breaks: tuple[Break, ...] = ()
    skills: frozenset[str] = frozenset()
    cash_limit: int | None = None

    @property
    def works_for(self) -> str:
        """Return the name of the collector."""
        return self.collector or self.id


class Measure(StrEnum):
    """What may be shared out fairly among collectors, over the horizon."""

    HOURS = "hours"  # from leaving to returning, seconds; priced by the hour
    RECOVERY = "recovery"  # prizes, points; priced per point of 1,000
    HARD_CASES = "hard_cases"  # hardness; priced by the unit


# What one step of the price stands for, in the units of the measure.
MEASURE_UNITS = {Measure.HOURS: 3600, Measure.RECOVERY: 1000, Measure.HARD_CASES: 1}


@dataclass(frozen=True, slots=True)
class Prices:
    """What it costs to be unfair or unsteady, points; all of it is taken off the objective.

    Attributes
    ----------
    unfairness : mapping of measure to points
        Per unit that the collector with most of it has above the mean of all collectors.
    moved : int
        For each published candidate that another shift visits.
    dropped : int
        For each published candidate that nobody visits.
    """

    unfairness: tuple[tuple[Measure, int], ...] = ()
    moved: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Shifts, candidates and prices.

    Attributes
    ----------
    travel_cost_per_hour : int, points 0..MAX_POINTS
        A visit is worth making only if its prize exceeds the travel it adds at this price.
    """

    shifts: tuple[Shift, ...]
    candidates: tuple[Candidate, ...]
    travel_cost_per_hour: int = 0
    prices: Prices = field(default_factory=Prices)

    def __post_init__(self) -> None:
        """Check every field.

        Raises
        ------
        InvalidProblem
            With the place of the first fault.
        """
        _check_unique("shifts", [shift.id for shift in self.shifts])
        _check_unique("candidates", [candidate.id for candidate in self.candidates])
        _check_points("travel_cost_per_hour", self.travel_cost_per_hour)
        _check_prices(self.prices)
        for i, shift in enumerate(self.shifts):
            _check_shift(f"shifts[{i}]", shift)
        _check_days(self.shifts)
        names = _names(self.shifts, {candidate.id for candidate in self.candidates})
        for i, candidate in enumerate(self.candidates):
            _check_candidate(f"candidates[{i}]", candidate, names)
        _check_order(self.candidates)


def check_added(
    place: str, candidate: Candidate, shifts: Iterable[Shift], candidates: set[str]
) -> None:
    """Refuse a candidate that a problem with these shifts and candidates could not have.

    Raises
    ------
    InvalidProblem
        With the place of the first fault.
    """
    _check_candidate(place, candidate, _names(shifts, candidates))


@dataclass(frozen=True, slots=True)
class _Names:
    shifts: set[str]
    collectors: set[str]
    candidates: set[str]


def _names(shifts: Iterable[Shift], candidates: set[str]) -> _Names:
    shifts = list(shifts)
    ids, collectors = {one.id for one in shifts}, {one.works_for for one in shifts}
    return _Names(ids, collectors, candidates)


def _expect(holds: bool, place: str, expected: str) -> None:
    if not holds:
        raise InvalidProblem(place, expected)


def _check_unique(place: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for i, one in enumerate(ids):
        _expect(one not in seen, f"{place}[{i}].id", f"expected a unique id, {one!r} is repeated")
        seen.add(one)


def _check_points(place: str, value: int) -> None:
    _expect(0 <= value <= MAX_POINTS, place, f"expected 0..{MAX_POINTS}")


def _check_prices(prices: Prices) -> None:
    _check_points("prices.moved", prices.moved)
    _check_points("prices.dropped", prices.dropped)
    seen: set[Measure] = set()
    for measure, price in prices.unfairness:
        place = f"prices.unfairness.{measure}"
        _expect(measure not in seen, place, "expected each measure once")
        _check_points(place, price)
        seen.add(measure)


def check_window(place: str, window: Window) -> None:
    """Refuse a window that ends before it begins, or that lies in no day."""
    _expect(
        0 <= window.start_s <= window.end_s <= LATEST_S,
        place,
        f"expected 0 <= start_s <= end_s <= {LATEST_S}, got {window.start_s}..{window.end_s}",
    )
    day_holds = window.day is None or 0 <= window.day < MAX_DAYS
    _expect(day_holds, f"{place}.day", f"expected 0..{MAX_DAYS - 1}")


def check_point(place: str, point: Point) -> None:
    """Refuse a point that is not on earth."""
    _expect(is_on_earth(point), place, "expected lat -90..90 and lon -180..180")


def _check_shift(place: str, shift: Shift) -> None:
    check_window(f"{place}.window", shift.window)
    _expect(shift.window.day is None, f"{place}.window.day", "expected none: the shift has a day")
    check_point(f"{place}.start", shift.start)
    if shift.end is not None:
        check_point(f"{place}.end", shift.end)
    if shift.max_stops is not None:
        _expect(shift.max_stops >= 0, f"{place}.max_stops", "expected >= 0")
    _expect(0 <= shift.day < MAX_DAYS, f"{place}.day", f"expected 0..{MAX_DAYS - 1}")
    if shift.cash_limit is not None:
        _check_points(f"{place}.cash_limit", shift.cash_limit)
    _check_breaks(place, shift)


def _check_breaks(place: str, shift: Shift) -> None:
    over_s = 0
    for i, one in enumerate(shift.breaks):
        where = f"{place}.breaks[{i}]"
        check_window(f"{where}.window", one.window)
        _expect(one.window.day is None, f"{where}.window.day", "expected none")
        _expect(0 < one.duration_s <= DAY_S, f"{where}.duration_s", f"expected 1..{DAY_S}")
        meets = one.window.end_s >= shift.window.start_s
        _expect(meets, f"{where}.window", "expected end_s at or after the start of the shift")
        in_order = one.window.start_s >= over_s
        expected = f"expected start_s at or after {over_s}, when the break before can be over"
        _expect(in_order, f"{where}.window", expected)
        over_s = one.window.start_s + one.duration_s


def _check_days(shifts: Iterable[Shift]) -> None:
    seen: set[tuple[str, int]] = set()
    for i, shift in enumerate(shifts):
        key = (shift.works_for, shift.day)
        expected = f"expected one shift a day for {shift.works_for!r}"
        _expect(key not in seen, f"shifts[{i}].day", expected)
        seen.add(key)


def _check_candidate(place: str, candidate: Candidate, names: _Names) -> None:
    check_point(f"{place}.point", candidate.point)
    _expect(0 <= candidate.service_s <= DAY_S, f"{place}.service_s", f"expected 0..{DAY_S}")
    for name in ("prize", "outside_price", "repeat_prize", "cash", "hardness"):
        _check_points(f"{place}.{name}", getattr(candidate, name))
    for field_name in ("windows", "preferred"):
        for i, window in enumerate(getattr(candidate, field_name)):
            check_window(f"{place}.{field_name}[{i}]", window)
    for i, service in enumerate(candidate.services):
        where = f"{place}.services[{i}]"
        _expect(0 < service.share <= 1000, f"{where}.share", "expected 1..1000")
        _expect(0 <= service.seconds <= DAY_S, f"{where}.seconds", f"expected 0..{DAY_S}")
    _check_names(place, candidate, names)
    _check_visits(place, candidate)


def _check_names(place: str, candidate: Candidate, names: _Names) -> None:
    for field_name, named, known in (
        ("shifts", candidate.shifts, names.shifts),
        ("collectors", candidate.collectors, names.collectors),
        ("after", candidate.after, names.candidates),
    ):
        unknown = (named or frozenset()) - known
        _expect(not unknown, f"{place}.{field_name}", f"unknown {field_name} {sorted(unknown)}")
    waits_for_itself = candidate.id in candidate.after
    _expect(not waits_for_itself, f"{place}.after", "expected others, got the candidate itself")


def _check_visits(place: str, candidate: Candidate) -> None:
    visits, last, most = candidate.max_visits, candidate.last_contact_day, candidate.max_rest_days
    _expect(1 <= visits <= MAX_DAYS, f"{place}.max_visits", f"expected 1..{MAX_DAYS}")
    is_alone = visits == 1 or candidate.group is None
    _expect(is_alone, f"{place}.max_visits", "expected 1 in a group")
    fits = candidate.repeat_prize <= candidate.prize
    _expect(fits, f"{place}.repeat_prize", f"expected at most the prize, {candidate.prize}")
    _expect(last is None or last < 0, f"{place}.last_contact_day", "expected below 0, or null")
    _expect(candidate.min_rest_days >= 0, f"{place}.min_rest_days", "expected >= 0")
    holds = most is None or most >= max(1, candidate.min_rest_days)
    _expect(holds, f"{place}.max_rest_days", "expected at least min_rest_days and 1, or null")


def _check_order(candidates: tuple[Candidate, ...]) -> None:
    """Refuse candidates that wait for one another in a circle."""
    waits = {candidate.id: candidate.after for candidate in candidates}
    done: set[str] = set()
    for i, candidate in enumerate(candidates):
        if candidate.after:
            circle = next(_circles(candidate.id, waits, done), None)
            _expect(circle is None, f"candidates[{i}].after", f"expected no circle, got {circle}")


def _circles(root: str, waits: dict[str, frozenset[str]], done: set[str]) -> Iterator[list[str]]:
    path: list[str] = []
    stack: list[tuple[str, bool]] = [(root, False)]
    while stack:
        one, is_left = stack.pop()
        if is_left:
            done.add(path.pop())
        elif one in path:
            yield [*path[path.index(one) :], one]
            return
        elif one not in done:
            path.append(one)
            stack.append((one, True))
            stack += [(other, False) for other in sorted(waits[one])]
