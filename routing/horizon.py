"""Rules that bind visits of different routes: groups, precedence, repeated visits."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from routing.problem import Candidate, Problem, Shift


class Place(NamedTuple):
    """Where a visit stands in the plan."""

    day: int
    shift_id: str
    position: int


class Horizon:
    """Who is visited when, over all routes.

    Parameters
    ----------
    orders : mapping of shift id to candidate ids
        In the order of their visits.
    """

    def __init__(self, problem: Problem, orders: Mapping[str, Sequence[str]]) -> None:
        """Note every visit."""
        self._candidates = {one.id: one for one in problem.candidates}
        self._visits: dict[str, list[Place]] = defaultdict(list)
        self._visited_of: dict[str, list[str]] = defaultdict(list)  # by group
        for shift in problem.shifts:
            for position, one in enumerate(orders.get(shift.id, ())):
                self._visits[one].append(Place(shift.day, shift.id, position))
                group = self._candidates[one].group
                if group is not None:
                    self._visited_of[group].append(one)
        for places in self._visits.values():
            places.sort()

    def is_visited(self, candidate_id: str) -> bool:
        """Tell whether anybody visits."""
        return candidate_id in self._visits

    def visits(self, candidate_id: str) -> list[Place]:
        """Return the visits of a candidate, the earliest day first."""
        return self._visits.get(candidate_id, [])

    def rank(self, candidate_id: str, shift_id: str) -> int:
        """Return how many visits of the candidate come before that of a shift."""
        shifts = [place.shift_id for place in self._visits[candidate_id]]
        return shifts.index(shift_id)

    def visited_of_group(self, candidate: Candidate) -> str | None:
        """Return whom of the group of this candidate somebody visits."""
        others = self._visited_of.get(candidate.group or "", [])
        return others[0] if candidate.group is not None and others else None

    def waits_for(self, candidate: Candidate) -> str | None:
        """Return somebody who has to be visited before and is not."""
        return next((one for one in sorted(candidate.after) if not self.is_visited(one)), None)

    def first_position(self, candidate: Candidate, shift: Shift) -> int | None:
        """Return from which position on a shift may visit, after all who come before.

        None when one of them is visited neither on an earlier day nor on this route.
        """
        first = 0
        for one in candidate.after:
            before = [place for place in self.visits(one) if place.day < shift.day]
            here = [place.position for place in self.visits(one) if place.shift_id == shift.id]
            if not before and not here:
                return None
            first = max(first, 0 if before else here[0] + 1)
        return first

    def is_waited_for(self, candidate_id: str) -> bool:
        """Tell whether somebody who is visited has to come after this candidate."""
        return any(candidate_id in self._candidates[one].after for one in self._visits)

    def faults(self) -> Iterator[str]:
        """Yield what the visits break, in words for who made the orders."""
        for one, places in self._visits.items():
            yield from self._faults_of(self._candidates[one], places)
        for group, visited in self._visited_of.items():
            if len(visited) > 1:
                yield f"expected one visit to the group {group!r}, got {visited}"

    def _faults_of(self, candidate: Candidate, places: Sequence[Place]) -> Iterator[str]:
        if len(places) > candidate.max_visits:
            most = candidate.max_visits
            yield f"expected at most {most} visits to {candidate.id!r}, got {len(places)}"
        rest = max(1, candidate.min_rest_days)
        for before, after in pairwise(places):
            if after.day - before.day < rest:
                yield f"expected {rest} days between visits to {candidate.id!r}"
        for place in places:
            late = [one for one in sorted(candidate.after) if not self._is_before(one, place)]
            if late:
                yield f"expected {late} to be visited before {candidate.id!r}"

    def _is_before(self, candidate_id: str, place: Place) -> bool:
        return any(
            one.day < place.day
            or (one.shift_id == place.shift_id and one.position < place.position)
            for one in self.visits(candidate_id)
        )
