"""Which part of a problem needs which travel times, asked once and shared by all who need them.

Shifts that no candidate can connect are independent: one per collector when zones are used. Each
such part has its own matrix, so that 100 zones of 200 clients cost 100 small matrices, not one
of 20,000 x 20,000.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from routing.geo import Point
from routing.problem import Candidate, Problem, Shift
from routing.travel.times import Matrix, Profile, TravelTimes


class Measured(NamedTuple):
    """Travel between the points that one shift may touch.

    Attributes
    ----------
    points : tuple[Point, ...]
        Without repeats; row and column i of the matrix belong to point i.
    """

    points: tuple[Point, ...]
    matrix: Matrix


Matrices = Mapping[str, Measured]  # by shift id


def split(problem: Problem) -> list[Problem]:
    """Return the independent parts of the problem, in the order of their first shift.

    Candidates that nobody may visit, or never, and shifts that have nobody to visit are in no
    part.
    """
    joined = _Joined(shift.id for shift in problem.shifts)
    visitors = {}
    for candidate in problem.candidates:
        allowed = [shift.id for shift in allowed_shifts(problem, candidate)]
        if candidate.windows and allowed:
            visitors[candidate.id] = allowed
            joined.join(allowed)
    shifts: dict[str, list[Shift]] = {}
    for shift in problem.shifts:
        shifts.setdefault(joined.root(shift.id), []).append(shift)
    candidates: dict[str, list[Candidate]] = {}
    for candidate in problem.candidates:
        if candidate.id in visitors:
            allowed = visitors[candidate.id]
            candidates.setdefault(joined.root(allowed[0]), []).append(
                candidate
                if candidate.shifts is None
                else replace(candidate, shifts=frozenset(allowed))
            )
    return [
        Problem(tuple(members), tuple(candidates[root]), problem.travel_cost_per_hour)
        for root, members in shifts.items()
        if root in candidates
    ]


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


def allowed_shifts(problem: Problem, candidate: Candidate) -> list[Shift]:
    """Return the shifts that may visit the candidate."""
    return [shift for shift in problem.shifts if may_visit(shift, candidate)]


def may_visit(shift: Shift, candidate: Candidate) -> bool:
    """Tell whether the shift is allowed to visit the candidate, and visits anybody at all."""
    return shift.max_stops != 0 and (candidate.shifts is None or shift.id in candidate.shifts)


def measure(problem: Problem, travel: TravelTimes) -> dict[str, Measured]:
    """Ask for the travel times that the problem needs, part by part and profile by profile.

    The departure is the earliest start among the shifts that share a matrix. Shifts that have
    nobody to visit are left out.

    Raises
    ------
    TravelTimesUnavailable
        When the source can't answer.
    """
    measured: dict[str, Measured] = {}
    for part in split(problem):
        for profile in dict.fromkeys(shift.profile for shift in part.shifts):
            shared = _measure_profile(part, profile, travel)
            measured |= {shift.id: shared for shift in part.shifts if shift.profile == profile}
    return measured


def _measure_profile(part: Problem, profile: Profile, travel: TravelTimes) -> Measured:
    shifts = [shift for shift in part.shifts if shift.profile == profile]
    places = [candidate.point for candidate in part.candidates]
    places += [shift.start for shift in shifts]
    places += [shift.end for shift in shifts if shift.end is not None]
    points = tuple(dict.fromkeys(places))
    depart_s = min(shift.window.start_s for shift in shifts)
    return Measured(points, travel.matrix(points, profile, depart_s))
