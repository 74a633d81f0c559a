"""The best routes of many solutions are put together: never a client twice, never a shift twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.measure import measure
from routing.problem import Measure, Prices, Problem, Shift
from routing.solver import SolverParams, solve
from routing.solver.kernels.records import Pool
from routing.solver.model import Model
from routing.solver.pool import has_room, pool_of
from routing.solver.recombine import _answer, recombine
from routing.solver.search import Budget, Search
from routing.verifier import verify
from tests.routing.situations import PaperTown, at, candidate, problem, shift

TOWN = PaperTown()
ANYTHING = -1e18
Route = tuple[int, Sequence[int]]  # shift, visits


def street(clients: int, shifts: int = 2) -> Problem:
    """Clients one block apart, each worth more than the last; all shifts live at the corner."""
    people = [candidate(f"{i}", at(1 + i), prize=1000 + i) for i in range(clients)]
    return problem(people, [shift(f"shift {r}") for r in range(shifts)], travel_cost_per_hour=300)


def modelled(day: Problem) -> Model:
    return Model(day, measure(day, TOWN))


def pool_with(model: Model, routes: Sequence[Route]) -> Pool:
    """A pool as if these routes had been met, their travel along the blocks there and back."""
    pool = pool_of(model)
    for place, (r, visits) in enumerate(routes):
        pool.keys[place], pool.routes[place], pool.counts[place] = place + 1, r, len(visits)
        pool.orders[place, : len(visits)] = visits
        at_points = [model.world.routes[r]["start"], *model.world.visits["point"][list(visits)]]
        legs = zip(at_points, [*at_points[1:], model.world.routes[r]["end"]], strict=True)
        pool.travel_s[place] = sum(int(model.world.rides_s[0, a, b]) for a, b in legs)
    return pool


def worth(model: Model, routes: Sequence[Route]) -> float:
    pool = pool_with(model, routes)
    prizes = sum(model.world.visits["first_value"][list(visits)].sum() for _, visits in routes)
    return float(prizes - model.world.price * pool.travel_s.sum())


def test_the_good_routes_of_two_solutions_make_a_better_third() -> None:
    model = modelled(street(6))
    good, poor, other_good, other_poor = (0, [0, 1, 2]), (1, [5]), (1, [3, 4, 5]), (0, [1])
    pool = pool_with(model, [good, poor, other_poor, other_good])

    assert recombine(model.world, pool, ANYTHING, None) == {0: [0, 1, 2], 1: [3, 4, 5]}


def test_no_client_is_visited_twice() -> None:
    model = modelled(street(4))
    pool = pool_with(model, [(0, [0, 1, 2]), (1, [2, 3]), (1, [3])])

    assert recombine(model.world, pool, ANYTHING, None) == {0: [0, 1, 2], 1: [3]}


def test_of_a_group_only_one_is_visited() -> None:
    day = street(3)
    people = tuple(replace(one, group="family") for one in day.candidates[:2])
    model = modelled(replace(day, candidates=(*people, day.candidates[2])))
    pool = pool_with(model, [(0, [0, 2]), (1, [1])])

    assert recombine(model.world, pool, ANYTHING, None) == {0: [0, 2]}


def test_a_route_is_made_by_another_shift_only_if_that_one_is_alike() -> None:
    day = street(4)
    far = replace(day, shifts=(day.shifts[0], shift("far", start=at(9))))
    routes = [(0, [0, 1]), (0, [2, 3])]

    alike, different = modelled(day), modelled(far)

    both = recombine(alike.world, pool_with(alike, routes), ANYTHING, None)
    assert both == {0: [0, 1], 1: [2, 3]}
    one = recombine(different.world, pool_with(different, routes), ANYTHING, None)
    assert one == {0: [0, 1]}  # worth less, but nearer


def test_nothing_is_returned_that_is_not_better_than_what_is_known() -> None:
    model = modelled(street(6))
    routes: list[Route] = [(0, [0, 1, 2]), (1, [3, 4, 5]), (1, [5])]
    best = worth(model, routes[:2])
    pool = pool_with(model, routes)

    assert recombine(model.world, pool, best, None) is None
    assert recombine(model.world, pool, best - 1, None) == {0: [0, 1, 2], 1: [3, 4, 5]}


def best_by_trying_all(model: Model, routes: Sequence[Route]) -> float:
    best = -np.inf
    for count in range(1, len(model.part.shifts) + 1):
        for chosen in combinations(routes, count):
            visits = [u for _, order in chosen for u in order]
            if len(set(visits)) == len(visits):
                best = max(best, worth(model, chosen))
    return float(best)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True),
        min_size=2,
        max_size=12,
        unique_by=lambda visits: tuple(sorted(visits)),
    ),
    st.integers(2, 3),
)
def test_the_choice_is_the_best_there_is(orders: list[list[int]], shifts: int) -> None:
    model = modelled(street(10, shifts))
    routes: list[Route] = [(i % shifts, order) for i, order in enumerate(orders)]
    best = best_by_trying_all(model, routes)
    pool = pool_with(model, routes)

    found = recombine(model.world, pool, best - 0.5, None)

    assert found is not None
    visits = [u for order in found.values() for u in order]
    assert len(visits) == len(set(visits))
    assert worth(model, list(found.items())) == pytest.approx(best)
    assert recombine(model.world, pool, best, None) is None


def without_room(day: Problem) -> Mapping[str, Problem]:
    first = day.candidates[0]
    return {
        "one shift": replace(day, shifts=day.shifts[:1]),
        "somebody before": replace(
            day, candidates=(*day.candidates[1:], replace(first, after=frozenset({"1"})))
        ),
        "dear travel": replace(day, travel_cost_per_hour=10_000),
        "fairness": replace(day, prices=Prices(unfairness=((Measure.HOURS, 1),))),
        "several visits": replace(
            day,
            shifts=(day.shifts[0], replace(day.shifts[1], day=1)),
            candidates=(*day.candidates[1:], replace(first, max_visits=2)),
        ),
    }


@pytest.mark.parametrize("why", list(without_room(street(3))))
def test_routes_that_hang_on_one_another_are_not_kept(why: str) -> None:
    assert has_room(pool_of(modelled(street(3))))
    assert not has_room(pool_of(modelled(without_room(street(3))[why])))


def square(*shifts: Shift) -> Problem:
    """45 clients, a block apart, the farther the dearer."""
    people = [
        candidate(f"{x}/{y}", at(x, y), prize=500 + 7 * x + y)
        for x, y in product(range(9), range(5))
    ]
    return problem(people, shifts, travel_cost_per_hour=100)


def test_a_search_keeps_routes_as_they_were_met() -> None:
    model = modelled(square(*(shift(f"shift {r}") for r in range(3))))
    pool = pool_of(model)
    search = Search(model, 1, pool)
    search.fill()
    search.run(Budget(1.0, 400, counts_cpu=False), lambda used: False)

    places = np.flatnonzero(pool.counts)
    met: list[Route] = [
        (int(pool.routes[p]), pool.orders[p, : pool.counts[p]].tolist()) for p in places
    ]
    assert len(met) > len(model.part.shifts)
    assert len({frozenset(visits) for _, visits in met}) == len(met)
    assert pool.travel_s[places].tolist() == pool_with(model, met).travel_s[: len(met)].tolist()
    best = [model.visits_of(visits).tolist() for visits in search.best().values()]
    assert {frozenset(visits) for visits in best} <= {frozenset(visits) for _, visits in met}


@pytest.mark.parametrize("seed", range(3))
def test_what_several_shifts_are_given_keeps_every_rule_and_is_the_same_each_time(
    seed: int,
) -> None:
    day = square(*(shift(f"shift {r}", start=at(2 * r)) for r in range(3)))

    plan, again = (solve(day, TOWN, SolverParams(iterations=300), seed) for _ in range(2))

    assert verify(day, plan, measure(day, TOWN)) == []
    assert plan == again


class Endless:
    """A solver that has found something and looks on until it is told to stop."""

    def __init__(self) -> None:
        self._told = Event()

    def solve(self, model: str) -> str:
        assert self._told.wait(60)
        return f"the best so far of {model}"

    def stop_search(self) -> None:
        self._told.set()


def test_a_choice_among_routes_that_takes_long_ends_when_it_is_told_to_stop() -> None:
    assert _answer(Endless(), "a day", lambda: True) == "the best so far of a day"


def test_a_caller_who_gives_up_ends_the_choice_among_routes_as_well() -> None:
    class Enough(Exception):
        pass

    def give_up() -> bool:
        raise Enough

    with pytest.raises(Enough):
        _answer(Endless(), "a day", give_up)
