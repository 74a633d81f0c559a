"""A stop is put on a full route all the same: whoever is expected to bring least makes room."""

from collections.abc import Collection, Sequence
from math import inf

from collector_app.dispatch.retiming import Standing, fault_of, measured, problem_of, ride_s
from collector_app.dispatch.rules import PlaceStop
from collector_app.planning.problem_builder import candidate_id, shift_id
from routing.errors import InvalidProblem
from routing.explain import plan_of
from routing.measure import Measured
from routing.problem import Problem
from routing.travel.times import TravelTimes


def with_room(
    order: PlaceStop,
    others: Sequence[int],
    staying: Collection[int],
    standing: Standing,
    travel: TravelTimes,
) -> tuple[int, ...]:
    """Return the route with a visit at its place, and without as many others as its day asks for.

    Parameters
    ----------
    others : sequence of client ids
        Whom the collector visits now, in order, without the client who is placed.
    staying : collection of client ids
        Who may not leave. Clients with an appointment stay as well.

    Raises
    ------
    StopForbidden
        If somebody may not be visited that day.
    StopDoesNotFit
        If it does not fit even when everybody who may leave does.
    StreetsUnavailable
        If the travel times can't be had.
    """
    client_id, collector_id = order.client_id, order.collector_id
    problem = problem_of({collector_id: (*others, client_id)}, standing)
    rides = measured(problem, travel)

    def fits(clients: Sequence[int]) -> bool:
        asked = {shift_id(collector_id): [candidate_id(one) for one in clients]}
        try:
            plan_of(problem, rides, asked)
        except InvalidProblem:
            return False
        return True

    at = order.position - 1 if order.position else _nearest(problem, rides[shift_id(collector_id)])
    whole = (*others[:at], client_id, *others[at:])
    free = [one for one in others if one not in staying and not _is_expected(one, standing)]
    free.sort(key=lambda one: standing.prizes.get(one, 0))
    leaving: set[int] = set()
    while not fits(kept := _without(whole, leaving)):
        left = [one for one in free if one not in leaving]
        if not left:
            wanted = {shift_id(collector_id): [candidate_id(one) for one in kept]}
            raise fault_of(problem, rides, wanted, standing)
        enough = (one for one in left if fits(_without(whole, leaving | {one})))
        leaving.add(next(enough, left[0]))
    for one in reversed(free):  # whoever left in vain comes back, the one who brings most first
        if one in leaving and fits(_without(whole, leaving - {one})):
            leaving.remove(one)
    return _without(whole, leaving)


def _nearest(problem: Problem, rides: Measured) -> int:
    """Return before which of the others, counted from 0, the last candidate adds least road."""
    (shift,) = problem.shifts
    *others, new = [one.point for one in problem.candidates]
    way = [shift.start, *others, *([] if shift.end is None else [shift.end])]

    def adds_s(at: int) -> float:
        here, there = way[at], way[at + 1] if at + 1 < len(way) else None
        before = ride_s(rides, here, new)
        if before is None or there is None:
            return inf if before is None else before
        after, saved = ride_s(rides, new, there), ride_s(rides, here, there)
        return inf if after is None or saved is None else before + after - saved

    return min(range(len(others) + 1), key=adds_s)


def _is_expected(client_id: int, standing: Standing) -> bool:
    row = standing.row(client_id)
    return row is not None and bool(row.appointments)


def _without(clients: Sequence[int], leaving: Collection[int]) -> tuple[int, ...]:
    return tuple(one for one in clients if one not in leaving)
