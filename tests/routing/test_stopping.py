"""Who asks a search to stop gets the best so far at once: nothing long is begun after that."""

from collections.abc import Callable

from routing.explain import part_of
from routing.measure import measure
from routing.problem import Problem
from routing.solver import SolverParams, solve
from routing.solver.model import Model
from routing.solver.parameters import now_and_then
from routing.solver.recombine import recombine
from routing.solver.search import Search
from routing.verifier import verify
from tests.routing.situations import PaperTown, at, problem, shift
from tests.routing.test_recombine import ANYTHING, modelled, pool_with, street
from tests.routing.test_solver import crowd

TOWN = PaperTown()


def crowded(shifts: int = 3) -> Problem:
    return problem(crowd(90), [shift(f"shift {r}", start=at(3 * r)) for r in range(shifts)])


class Patience:
    """Says to stop when it is asked for the n-th time, and from then on."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked >= self.times


def test_whoever_stops_the_search_is_told_why_each_is_left_out_and_not_what_would_help() -> None:
    day = crowded()

    stopped = solve(day, TOWN, SolverParams(iterations=10_000_000), should_stop=lambda: True)
    whole = solve(day, TOWN, SolverParams(iterations=50))

    assert verify(day, stopped, measure(day, TOWN)) == []
    assert len(stopped.skipped) > 10
    assert all(one.change is None for one in stopped.skipped)
    assert all(one.change is not None for one in whole.skipped)


def test_what_would_help_is_not_looked_for_on_one_more_shift_after_a_stop() -> None:
    day = crowded(6)
    matrices = measure(day, TOWN)
    search = Search(Model(day, matrices), seed=1)
    search.fill()
    never, third = Patience(1_000_000), Patience(3)

    whole = part_of(day, matrices, search.best(), should_stop=never)
    stopped = part_of(day, matrices, search.best(), should_stop=third)

    assert never.asked > 2 * len(day.shifts)
    assert third.asked == 3
    assert stopped.routes == whole.routes
    assert [(one.candidate_id, one.reason) for one in stopped.skipped.values()] == [
        (one.candidate_id, one.reason) for one in whole.skipped.values()
    ]
    assert {one.change for one in stopped.skipped.values()} == {None}


def test_routes_of_many_solutions_are_priced_no_further_after_a_stop() -> None:
    model = modelled(street(6))
    pool = pool_with(model, [(0, [0, 1, 2]), (0, [0, 1, 3]), (1, [3, 4, 5]), (1, [2, 4, 5])])
    second = Patience(2)

    assert recombine(model.world, pool, ANYTHING, None) is not None
    assert recombine(model.world, pool, ANYTHING, None, second) is None
    assert second.asked == 2


def test_who_may_be_asked_at_every_move_is_asked_now_and_then_and_never_after_a_yes() -> None:
    no, yes = Patience(1_000_000), Patience(1)

    def ask_often(ask: Callable[[], bool]) -> bool:
        return [ask() for _ in range(1000)][-1]

    assert not ask_often(now_and_then(no))
    assert ask_often(now_and_then(yes))
    assert 1 <= no.asked < 1000
    assert yes.asked == 1
