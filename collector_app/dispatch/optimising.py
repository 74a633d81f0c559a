"""A search for better routes that leaves alone what people decided on the board."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from collector_app.dispatch.retiming import Sequences, Standing, may_visit, problem_of
from collector_app.dispatch.rules import BoardState
from collector_app.planning.problem_builder import candidate_id, shift_id
from collector_app.planning.queries import SkippedRow
from collector_app.planning.rules import StreetsUnavailable
from routing.errors import TravelTimesUnavailable
from routing.explain import plan_of
from routing.measure import measure
from routing.problem import Candidate, Prices, Problem
from routing.replan import Late, Pinned, replan
from routing.solver import ShouldStop, SolverParams
from routing.travel.times import TravelTimes


@dataclass(frozen=True, slots=True)
class BoardSearch:
    """How long to search, and who may end it before; the best found until then counts."""

    params: SolverParams
    should_stop: ShouldStop | None = None


# Steps, not seconds: the same board gives the same answer, on a busy machine too.
WHILE_PEOPLE_WAIT = BoardSearch(SolverParams(iterations=600))


def better_sequences(
    state: BoardState,
    waiting: Sequence[SkippedRow],
    worth: Mapping[int, int],
    standing: Standing,
    travel: TravelTimes,
    search: BoardSearch = WHILE_PEOPLE_WAIT,
) -> dict[int, tuple[int, ...]]:
    """Return who visits whom in which order, of the collectors for whom that changed.

    Pinned stops keep their place; locked ones, and those placed by hand, their collector. All
    others may change their place, give way, or make room for clients who wait for their collector.

    Parameters
    ----------
    waiting : sequence of SkippedRow
        Clients left out who may come in; those removed by hand are not among them.
    worth : mapping of client id to cents
        What a visit counts in the search; others count what they are expected to bring.

    Raises
    ------
    StopForbidden
        If a stop may not be made any more: it has to be taken off first.
    StreetsUnavailable
        If the travel times can't be had.
    """
    before = {who: route.clients for who, route in state.routes.items()}
    problem = _problem(before, waiting, worth, state, standing)
    orders = {shift_id(who): [candidate_id(one) for one in order] for who, order in before.items()}
    try:
        matrices = measure(problem, travel)
        plan = plan_of(problem, matrices, orders, solver="board")
        found = replan(
            problem,
            plan,
            (*_everybody(problem), *_pins(state)),
            0,
            matrices=matrices,
            travel=travel,
            params=search.params,
            should_stop=search.should_stop,
            explain=False,
            follows_plan=False,
        )
    except TravelTimesUnavailable as error:
        raise StreetsUnavailable(str(error), source=travel.name) from error
    after = {
        int(route.shift_id): tuple(int(stop.candidate_id) for stop in route.stops)
        for route in found.plan.routes
    }
    return {who: order for who, order in after.items() if order != before[who]}


def _problem(
    before: Sequences,
    waiting: Iterable[SkippedRow],
    worth: Mapping[int, int],
    state: BoardState,
    standing: Standing,
) -> Problem:
    base = problem_of(before, standing)
    kept = state.marks.held | state.marks.placed
    stops = tuple(
        replace(
            one,
            prize=worth.get(int(one.id), one.prize),
            required=int(one.id) in kept or _is_expected(int(one.id), standing),
        )
        for one in base.candidates
    )
    coming = _coming_in(waiting, before, worth, standing)
    # Nobody has seen these routes yet: a change is worth as little as a tie can be broken by.
    return replace(base, candidates=(*stops, *coming), prices=Prices(moved=1, dropped=1))


def _is_expected(client_id: int, standing: Standing) -> bool:
    row = standing.row(client_id)
    return row is not None and bool(row.appointments)


def _coming_in(
    waiting: Iterable[SkippedRow],
    before: Sequences,
    worth: Mapping[int, int],
    standing: Standing,
) -> Iterable[Candidate]:
    for one in waiting:
        if one.collector_id is None or one.collector_id not in before:
            continue
        made = may_visit(one.client_id, one.collector_id, standing)
        if isinstance(made, Candidate):
            prize = worth.get(one.client_id, standing.prizes.get(one.client_id, 0))
            yield replace(made, prize=prize)


def _everybody(problem: Problem) -> Iterable[Late]:
    """Name every collector, free from the beginning: only who is named is searched for."""
    return (Late(shift.id, shift.window.start_s) for shift in problem.shifts)


def _pins(state: BoardState) -> Iterable[Pinned]:
    marks = state.marks
    for route in state.routes.values():
        for position, client_id in enumerate(route.clients):
            if client_id in marks.pinned:
                yield Pinned(candidate_id(client_id), position=position)
            elif client_id in marks.locked | marks.placed:
                yield Pinned(candidate_id(client_id))
