"""Turns orders of visits into a plan that can be explained: clocks, detours, reasons, figures."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from routing.errors import InvalidProblem
from routing.measure import Matrices, split
from routing.plan import Plan, Route, Skipped, SkipReason
from routing.problem import Candidate, Problem, Shift
from routing.timetable import NO_WAY_S, Ints, Timetable, timetables

Orders = Mapping[str, Sequence[str]]  # by shift id: the candidates in the order of their visits

SECONDS_PER_HOUR = 3600


def plan_of(
    problem: Problem, matrices: Matrices, orders: Orders, *, seed: int = 0, solver: str = "by hand"
) -> Plan:
    """Return the plan that makes exactly these visits, each as early as it can.

    For the solver, and for people who move stops by hand.

    Parameters
    ----------
    orders : mapping of shift id to candidate ids
        A shift that is missing visits nobody.

    Raises
    ------
    InvalidProblem
        If an order can't be kept, or names somebody whom that shift can't visit.
    """
    routes: dict[str, Route] = {}
    skipped: dict[str, Skipped] = {}
    for part in split(problem):
        tables = timetables(part, matrices)
        numbered = [_numbers(table, orders.get(table.shift.id, ())) for table in tables]
        for table, order in zip(tables, numbered, strict=True):
            routes[table.shift.id] = table.route(order)
        for one in _skipped_of_part(part, tables, numbered):
            skipped[one.candidate_id] = one
    _refuse_strangers(orders, routes)
    visited = {stop.candidate_id for route in routes.values() for stop in route.stops}
    sources = [measured.matrix for measured in matrices.values()]
    return Plan(
        routes=tuple(routes.get(shift.id) or _day_off(shift) for shift in problem.shifts),
        skipped=tuple(
            skipped.get(candidate.id) or _never(candidate)
            for candidate in problem.candidates
            if candidate.id not in visited
        ),
        prize=sum(stop.prize for route in routes.values() for stop in route.stops),
        travel_source=", ".join(sorted({matrix.source for matrix in sources})),
        is_estimate=any(matrix.is_estimate for matrix in sources),
        seed=seed,
        solver=solver,
    )


def travel_cost(detour_s: int, cost_per_hour: int) -> int:
    """Return the price of a detour in whole points, rounded down.

    Rounded down, ``prize <= travel_cost`` says exactly that the trip does not pay.
    """
    return detour_s * cost_per_hour // SECONDS_PER_HOUR


def _numbers(table: Timetable, order: Sequence[str]) -> list[int]:
    place = f"orders[{table.shift.id!r}]"
    numbers = []
    for position, one in enumerate(order):
        number = table.visits.number.get(one)
        if number is None or not table.allowed[number]:
            expected = f"expected a candidate that this shift may visit, got {one!r}"
            raise InvalidProblem(f"{place}[{position}]", expected)
        numbers.append(number)
    if len(set(numbers)) < len(numbers):
        raise InvalidProblem(place, "expected each candidate once")
    if not table.has_room(numbers[1:]) or table.clock(numbers) is None:
        raise InvalidProblem(place, "expected visits that fit into the shift and their windows")
    return numbers


def _refuse_strangers(orders: Orders, routes: Mapping[str, Route]) -> None:
    for shift_id, order in orders.items():
        if order and shift_id not in routes:
            raise InvalidProblem(
                f"orders[{shift_id!r}]", "expected a shift that can visit somebody"
            )
    visited = [stop.candidate_id for route in routes.values() for stop in route.stops]
    if len(set(visited)) < len(visited):
        raise InvalidProblem("orders", "expected each candidate in one route only")


def _day_off(shift: Shift) -> Route:
    return Route(shift.id, (), shift.window.start_s, shift.window.start_s, 0, 0)


def _never(candidate: Candidate) -> Skipped:
    """Explain a candidate that is in no part: no window or nobody who may visit."""
    reason = SkipReason.NO_SHIFT if candidate.windows else SkipReason.NO_LEGAL_WINDOW
    return Skipped(candidate.id, reason, {"prize": candidate.prize})


Facts = dict[str, int | str]


class Cheapest(NamedTuple):
    """The cheapest place for a candidate in the routes as they are.

    When it fits nowhere, `fits` is False and the detour is the cheapest regardless of the clock.
    """

    shift_id: str
    detour_s: int
    fits: bool


def cheapest_insertions(
    tables: Sequence[Timetable], orders: Sequence[Sequence[int]], pool: Ints
) -> list[Cheapest | None]:
    """Return the cheapest place of each candidate of the pool, None where no way leads."""
    fitting_s = np.full((len(tables), len(pool)), NO_WAY_S)
    any_s = np.full((len(tables), len(pool)), NO_WAY_S)
    for v, (table, order) in enumerate(zip(tables, orders, strict=True)):
        insertions = table.insertions(order, pool)
        passable = table.allowed[pool] & insertions.has_way
        fitting_s[v] = np.where(insertions.fits, insertions.detour_s, NO_WAY_S).min(axis=0)
        any_s[v] = np.where(passable, insertions.detour_s, NO_WAY_S).min(axis=0)
    found: list[Cheapest | None] = []
    for j in range(len(pool)):
        fits = bool(fitting_s[:, j].min() < NO_WAY_S)
        detours_s = (fitting_s if fits else any_s)[:, j]
        v, detour_s = int(detours_s.argmin()), int(detours_s.min())
        has_way = detour_s < NO_WAY_S
        found.append(Cheapest(tables[v].shift.id, detour_s, fits) if has_way else None)
    return found


def _skipped_of_part(
    part: Problem, tables: Sequence[Timetable], orders: Sequence[Sequence[int]]
) -> list[Skipped]:
    visited = {number for order in orders for number in order}
    pool = np.array([i for i in range(len(part.candidates)) if i not in visited], dtype=np.int64)
    cheapest = cheapest_insertions(tables, orders, pool)
    return [_skipped(part, tables, number, cheapest[j]) for j, number in enumerate(pool.tolist())]


def _skipped(
    part: Problem, tables: Sequence[Timetable], number: int, cheapest: Cheapest | None
) -> Skipped:
    candidate = part.candidates[number]
    facts: Facts = {"prize": candidate.prize}
    if not any(table.reachable[number] for table in tables):
        return Skipped(candidate.id, SkipReason.UNREACHABLE, facts)
    if not any(table.visitable[number] for table in tables):
        return Skipped(candidate.id, SkipReason.OUTSIDE_SHIFT, facts)
    if cheapest is None:
        return Skipped(candidate.id, SkipReason.NO_TIME_LEFT, facts)
    cost = travel_cost(cheapest.detour_s, part.travel_cost_per_hour)
    facts |= {"detour_s": cheapest.detour_s, "detour_cost": cost, "shift": cheapest.shift_id}
    if candidate.prize <= cost and not candidate.required:
        return Skipped(candidate.id, SkipReason.NOT_WORTH_THE_TRIP, facts)
    return Skipped(candidate.id, SkipReason.NO_TIME_LEFT, facts)
