"""Which part of a problem needs which travel times, asked once and shared by all who need them.

Shifts that no candidate, group or precedence can connect are independent: one per collector and
day when zones are used. Each such part has its own matrix, so that 100 zones of 200 clients cost
100 small matrices, not one of 20,000 x 20,000.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from routing.geo import Point
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.times import Matrix, Profile, TravelTimes


class Measured(NamedTuple):
    """Travel between the points that one shift may touch.

    Attributes
    ----------
    points : tuple[Point, ...]
        Without repeats; row and column i of each matrix belong to point i.
    matrix : Matrix
        Of departures from midnight on, until the first of ``later``.
    later : tuple of (from_s, Matrix)
        Of departures from that second on, until the next one; ascending.
    """

    points: tuple[Point, ...]
    matrix: Matrix
    later: tuple[tuple[int, Matrix], ...] = ()


Matrices = Mapping[str, Measured]  # by shift id


def may_visit(shift: Shift, candidate: Candidate) -> bool:
    """Tell whether the shift is allowed to visit the candidate, and visits anybody at all.

    Windows, days of rest and the clock are another matter.
    """
    collector = shift.works_for
    return (
        shift.max_stops != 0
        and (candidate.shifts is None or shift.id in candidate.shifts)
        and (candidate.collectors is None or collector in candidate.collectors)
        and collector not in candidate.forbidden_collectors
        and candidate.skills <= shift.skills
    )


def windows_on(candidate: Candidate, day: int) -> tuple[Window, ...]:
    """Return the hard windows that hold on a day."""
    return tuple(window for window in candidate.windows if window.day in {None, day})


def preferred_on(candidate: Candidate, day: int) -> tuple[Window, ...]:
    """Return the preferred windows that hold on a day."""
    return tuple(window for window in candidate.preferred if window.day in {None, day})


def is_rested(candidate: Candidate, day: int) -> bool:
    """Tell whether the last contact before the horizon lies long enough back."""
    last = candidate.last_contact_day
    return last is None or day - last >= candidate.min_rest_days


def allowed_shifts(problem: Problem, candidate: Candidate) -> list[Shift]:
    """Return the shifts that may visit the candidate, whatever the day."""
    return [shift for shift in problem.shifts if may_visit(shift, candidate)]


def visiting_shifts(problem: Problem, candidate: Candidate) -> list[Shift]:
    """Return the shifts that may visit, on days with a window and after enough rest."""
    return [
        shift
        for shift in allowed_shifts(problem, candidate)
        if windows_on(candidate, shift.day) and is_rested(candidate, shift.day)
    ]


def allowed_to(candidate: Candidate) -> object:
    """Return all that decides which shifts may visit a candidate, but for windows and ways."""
    rest_days = candidate.min_rest_days if candidate.last_contact_day is not None else 0
    who = (candidate.shifts, candidate.collectors, candidate.forbidden_collectors)
    return (*who, candidate.skills, candidate.last_contact_day, rest_days)


def required_until(problem: Problem, candidate: Candidate) -> int | None:
    """Return the last day on which a first visit counts as that of a required candidate.

    A candidate with ``required`` counts on every day of the horizon. One whose ``max_rest_days``
    run out within the horizon counts until they do; where nobody can come so early, until the
    first day on which somebody can. None: not required.
    """
    last, most = candidate.last_contact_day, candidate.max_rest_days
    if not candidate.required and (last is None or most is None):
        return None  # nearly everybody: before anything that looks at all shifts
    last_day = max((shift.day for shift in problem.shifts), default=0)
    if candidate.required or last is None or most is None:
        return last_day
    due = last + most
    if due > last_day:
        return None
    first = min((shift.day for shift in visiting_shifts(problem, candidate)), default=due)
    return max(due, first)


def split(problem: Problem) -> list[Problem]:
    """Return the independent parts of the problem, in the order of their first shift.

    Shifts hang together when one candidate, or those of one group, or those that wait for one
    another, may be visited by both; a price on unfairness joins all. Candidates that nobody may
    visit, or never, or that wait for such a one, and shifts that have nobody to visit are in no
    part (with a price on unfairness, all shifts are).

    In a part, ``shifts`` says who may visit, and ``required`` is set where ``max_rest_days``
    makes a candidate required on every day that it can be visited.
    """
    visitors = _visitors(problem)
    joined = _Joined(shift.id for shift in problem.shifts)
    for together in _belonging_together(problem, visitors):
        joined.join(together)
    shifts: dict[str, list[Shift]] = {}
    for shift in problem.shifts:
        shifts.setdefault(joined.root(shift.id), []).append(shift)
    candidates: dict[str, list[Candidate]] = {}
    for candidate in problem.candidates:
        if candidate.id in visitors:
            root = joined.root(visitors[candidate.id][0].id)
            own = _in_part(problem, candidate, visitors[candidate.id])
            candidates.setdefault(root, []).append(own)
    return [
        replace(problem, shifts=tuple(members), candidates=tuple(candidates[root]))
        for root, members in shifts.items()
        if root in candidates
    ]


def _visitors(problem: Problem) -> dict[str, list[Shift]]:
    """Return who can visit whom; those whom nobody can, or who wait for such a one, are missing."""
    of_kind: dict[object, list[Shift]] = {}  # of thousands of candidates most are alike
    visitors: dict[str, list[Shift]] = {}
    for one in problem.candidates:
        kind = (allowed_to(one), frozenset(window.day for window in one.windows))
        if kind not in of_kind:
            of_kind[kind] = visiting_shifts(problem, one)
        if of_kind[kind]:
            visitors[one.id] = of_kind[kind]
    waiting = [candidate for candidate in problem.candidates if candidate.after]
    stuck = True
    while stuck:
        stuck = False
        for candidate in waiting:
            if candidate.id in visitors and not candidate.after <= visitors.keys():
                del visitors[candidate.id]
                stuck = True
    return visitors


def _belonging_together(
    problem: Problem, visitors: Mapping[str, Sequence[Shift]]
) -> Iterable[list[str]]:
    """Yield ids of shifts that have to be planned together."""
    if problem.prices.unfairness:
        yield [shift.id for shift in problem.shifts]
    yield from ([shift.id for shift in shifts] for shifts in _distinct(visitors.values()))
    first_of: dict[str, Shift] = {}  # of each group
    for candidate in problem.candidates:
        shifts = visitors.get(candidate.id)
        if not shifts:
            continue
        if candidate.group is not None:
            yield [first_of.setdefault(candidate.group, shifts[0]).id, shifts[0].id]
        for other in sorted(candidate.after):
            yield [visitors[other][0].id, shifts[0].id]


def _distinct(lists: Iterable[Sequence[Shift]]) -> Iterable[Sequence[Shift]]:
    """Return each list once, however many share it."""
    return {id(one): one for one in lists}.values()


def _in_part(problem: Problem, candidate: Candidate, visitors: Sequence[Shift]) -> Candidate:
    """Return the candidate as its part knows it: no word of shifts, collectors, days elsewhere."""
    until = required_until(problem, candidate)
    if until is not None and until >= max(shift.day for shift in visitors):
        candidate = replace(candidate, required=True)
    if candidate.shifts is None and candidate.collectors is None:
        return candidate
    return replace(candidate, shifts=frozenset(one.id for one in visitors), collectors=None)


class _Joined:
    """Sets of shifts that share a candidate (union-find)."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {one: one for one in ids}

    def root(self, one: str) -> str:
        while self._parent[one] != one:
            self._parent[one] = self._parent[self._parent[one]]
            one = self._parent[one]
        return one

    def join(self, ids: Sequence[str]) -> None:
        for other in ids[1:]:
            self._parent[self.root(other)] = self.root(ids[0])


def measure(problem: Problem, travel: TravelTimes, *, by_hour: bool = False) -> dict[str, Measured]:
    """Ask for the travel times that the problem needs, part by part and profile by profile.

    Shifts that have nobody to visit are left out.

    Parameters
    ----------
    by_hour : bool
        Asks one matrix for each stretch of the day in which the source answers differently and a
        shift works. Otherwise the departure is the earliest start among the shifts that share a
        matrix, and the answer holds all day.

    Raises
    ------
    TravelTimesUnavailable
        When the source can't answer.
    """
    measured: dict[str, Measured] = {}
    for part in split(problem):
        for profile in dict.fromkeys(shift.profile for shift in part.shifts):
            shared = _measure_profile(part, profile, travel, by_hour)
            measured |= {shift.id: shared for shift in part.shifts if shift.profile == profile}
    return measured


def _measure_profile(
    part: Problem, profile: Profile, travel: TravelTimes, by_hour: bool
) -> Measured:
    shifts = [shift for shift in part.shifts if shift.profile == profile]
    places = [candidate.point for candidate in part.candidates]
    places += [shift.start for shift in shifts]
    places += [shift.end for shift in shifts if shift.end is not None]
    points = tuple(dict.fromkeys(places))
    from_s = min(shift.window.start_s for shift in shifts)
    until_s = max(shift.window.end_s for shift in shifts)
    slots = travel.slot_starts_s if by_hour else ()
    later = tuple(
        (slot_s, travel.matrix(points, profile, slot_s))
        for slot_s in slots
        if from_s < slot_s < until_s
    )
    return Measured(points, travel.matrix(points, profile, from_s), later)
