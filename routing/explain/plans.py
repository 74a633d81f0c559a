"""From orders of visits to a plan: who makes which visit when, and at what price."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from routing.errors import InvalidProblem
from routing.explain.reasons import left_out, never
from routing.explain.state import State
from routing.explain.worth import travel_cost
from routing.measure import Matrices, split
from routing.objective import moved_price, outside_price, prize_of
from routing.plan import Orders, Plan, PlannedStop, Route, Skipped, Visit
from routing.problem import Problem, Shift
from routing.timetable import Timetable, timetables


class PlannedPart(NamedTuple):
    """What a plan says of one independent part of a problem; crosses process borders.

    Attributes
    ----------
    routes : dict of shift id to route
    skipped : dict of candidate id to why nobody visits them
    """

    routes: dict[str, Route]
    skipped: dict[str, Skipped]


def plan_of(
    problem: Problem,
    matrices: Matrices,
    orders: Orders,
    *,
    seed: int = 0,
    solver: str = "by hand",
    swaps_too: bool = True,
) -> Plan:
    """Return the plan that makes exactly these visits, each as early as it can.

    For the solver, and for people who move stops by hand.

    Parameters
    ----------
    orders : mapping of shift id to visits
        Candidate ids, or `Visit` where one is to wait for a preferred window. A shift that is
        missing visits nobody.
    swaps_too : bool
        Also look for whoever might give way to a candidate left out, which takes most of the time.

    Raises
    ------
    InvalidProblem
        If an order can't be kept, or names somebody whom that shift can't visit.
    """
    parts = [part_of(part, matrices, orders, swaps_too=swaps_too) for part in split(problem)]
    _refuse_strangers(orders, {shift for part in parts for shift in part.routes})
    return plan_from(problem, matrices, parts, seed=seed, solver=solver)


def part_of(
    part: Problem,
    matrices: Matrices,
    orders: Orders,
    *,
    swaps_too: bool = True,
    should_stop: Callable[[], bool] | None = None,
) -> PlannedPart:
    """Return what a plan says of one of the parts that `routing.measure.split` makes.

    Once `should_stop` says so it says why each candidate is left out, and not what would help.

    Raises
    ------
    InvalidProblem
        As `plan_of`, of the shifts of this part.
    """
    state = _state(part, timetables(part, matrices), orders)
    routes = {
        table.shift.id: _priced(state, table, table.route(order, waits))
        for table, order, waits in zip(state.tables, state.orders, state.waits, strict=True)
    }
    reasons = left_out(state, swaps_too=swaps_too, should_stop=should_stop)
    skipped = {one.candidate_id: one for one in reasons}
    return PlannedPart(routes, skipped)


def plan_from(
    problem: Problem,
    matrices: Matrices,
    parts: Iterable[PlannedPart],
    *,
    seed: int = 0,
    solver: str = "by hand",
) -> Plan:
    """Put a plan together from all parts of its problem."""
    routes: dict[str, Route] = {}
    skipped: dict[str, Skipped] = {}
    for part in parts:
        routes |= part.routes
        skipped |= part.skipped
    visited = {stop.candidate_id for route in routes.values() for stop in route.stops}
    sources = [measured.matrix for measured in matrices.values()]
    return Plan(
        routes=tuple(routes.get(shift.id) or _day_off(shift) for shift in problem.shifts),
        skipped=tuple(
            skipped.get(candidate.id) or never(problem, candidate)
            for candidate in problem.candidates
            if candidate.id not in visited
        ),
        prize=sum(stop.prize for route in routes.values() for stop in route.stops),
        travel_source=", ".join(sorted({matrix.source for matrix in sources})),
        is_estimate=any(matrix.is_estimate for matrix in sources),
        seed=seed,
        solver=solver,
    )


def _state(part: Problem, tables: Sequence[Timetable], orders: Orders) -> State:
    visits = [_visits(orders.get(table.shift.id, ())) for table in tables]
    state = State(
        part,
        tables,
        [_numbers(table, own) for table, own in zip(tables, visits, strict=True)],
        [
            frozenset(table.visits.number[one.candidate_id] for one in own if one.waits)
            for table, own in zip(tables, visits, strict=True)
        ],
    )
    fault = next(state.horizon.faults(), None)
    if fault is not None:
        raise InvalidProblem("orders", fault)
    return state


def _visits(order: Sequence[Visit | str]) -> list[Visit]:
    return [Visit(one) if isinstance(one, str) else one for one in order]


def _numbers(table: Timetable, visits: Sequence[Visit]) -> list[int]:
    place = f"orders[{table.shift.id!r}]"
    numbers = []
    for position, one in enumerate(visits):
        number = table.visits.number.get(one.candidate_id)
        if number is None or not table.allowed[number]:
            expected = f"expected a candidate that this shift may visit, got {one.candidate_id!r}"
            raise InvalidProblem(f"{place}[{position}]", expected)
        numbers.append(number)
    if len(set(numbers)) < len(numbers):
        raise InvalidProblem(place, "expected each candidate once")
    waits = {number for number, one in zip(numbers, visits, strict=True) if one.waits}
    if not table.has_room(numbers[1:]) or table.clock(numbers, waits) is None:
        raise InvalidProblem(place, "expected visits that fit into the shift and their windows")
    return numbers


def _refuse_strangers(orders: Orders, shifts: Set[str]) -> None:
    for shift_id, order in orders.items():
        if order and shift_id not in shifts:
            raise InvalidProblem(
                f"orders[{shift_id!r}]", "expected a shift that can visit somebody"
            )


def _priced(state: State, table: Timetable, route: Route) -> Route:
    """Return the route with what each of its stops brings and costs."""
    stops = tuple(_priced_stop(state, table, stop) for stop in route.stops)
    return replace(route, stops=stops)


def _priced_stop(state: State, table: Timetable, stop: PlannedStop) -> PlannedStop:
    candidate = table.visits.candidates[table.visits.number[stop.candidate_id]]
    rank = state.horizon.rank(candidate.id, table.shift.id)
    return replace(
        stop,
        prize=prize_of(candidate, rank),
        detour_cost=travel_cost(stop.detour_s, state.part.travel_cost_per_hour),
        outside_price=outside_price(candidate, table.shift, stop.starts_s),
        moved_price=moved_price(state.part, candidate, table.shift),
    )


def _day_off(shift: Shift) -> Route:
    return Route(shift.id, (), shift.window.start_s, shift.window.start_s, 0, 0)
