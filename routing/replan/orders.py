"""Orders of visits on timetables that know only those who are visited: a fraction of the work."""

from collections.abc import Sequence

from routing.measure import Matrices
from routing.plan import Orders, Visit
from routing.problem import Problem
from routing.timetable import Timetable, Visits

Kept = dict[str, list[Visit]]  # by shift id


class Tables:
    """The timetables of a part, made anew when orders bring somebody they do not know."""

    def __init__(self, part: Problem, matrices: Matrices) -> None:
        """Begin with nobody."""
        self._part, self._matrices = part, matrices
        self._known: set[str] = set()
        self._tables: list[Timetable] = []

    def of(self, *several: Orders) -> list[Timetable]:
        """Return the timetables, in the order of the shifts, for whoever is in these orders."""
        visited = {_id(one) for orders in several for order in orders.values() for one in order}
        if not self._tables or not visited <= self._known:
            self._known |= visited
            visits = Visits([one for one in self._part.candidates if one.id in self._known])
            self._tables = [
                Timetable(shift, visits, self._matrices[shift.id]) for shift in self._part.shifts
            ]
        return self._tables


def numbered(table: Timetable, order: Sequence[Visit]) -> tuple[list[int], set[int]]:
    """Return an order in the numbers of a timetable, and who of it waits."""
    numbers = [table.visits.number[one.candidate_id] for one in order]
    return numbers, {n for n, one in zip(numbers, order, strict=True) if one.waits}


def ids_of(order: Sequence[Visit | str]) -> list[str]:
    """Return the candidates of an order."""
    return [_id(one) for one in order]


def _id(one: Visit | str) -> str:
    return one if isinstance(one, str) else one.candidate_id


def fitting(table: Timetable, order: Sequence[Visit]) -> list[Visit]:
    """Return an order without the visits that do not fit after those before them."""
    numbers, waits = numbered(table, order)
    whole = list(order)
    if is_in_turn(table, whole) and _fits(table, numbers, waits):
        return whole
    kept: list[Visit] = []
    for one in order:
        longer = [*kept, one]
        if is_in_turn(table, longer) and _fits(table, *numbered(table, longer)):
            kept = longer
    return kept


def _fits(table: Timetable, numbers: Sequence[int], waits: set[int]) -> bool:
    return (
        all(table.allowed[number] for number in numbers)
        and (not numbers or table.has_room(numbers[1:]))
        and table.fits(numbers, waits)
    )


def is_in_turn(table: Timetable, order: Sequence[Visit]) -> bool:
    """Tell whether everybody comes after those they wait for, on this route."""
    seen: set[str] = set()
    for one in order:
        candidate = table.visits.candidates[table.visits.number[one.candidate_id]]
        if not candidate.after <= seen:
            return False
        seen.add(candidate.id)
    return True
