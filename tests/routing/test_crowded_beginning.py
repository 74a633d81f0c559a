"""How a search of very many clients begins and ends: who is near whom, and full routes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.explain import part_of, plan_from
from routing.measure import Matrices, measure, split
from routing.problem import Problem
from routing.solver.kernels.near import find_near
from routing.solver.model import Model
from routing.solver.search import Search
from routing.verifier import verify
from tests.routing.situations import PaperTown, at, candidate, shift

CLIENTS, ROUTES = 1_500, 6  # more pairs than are filled together
LONGEST_S = 50
TOWN = PaperTown()


@pytest.fixture(scope="module")
def day() -> Problem:
    shifts = tuple(shift(f"s{i}", at(5 * i, 3 * i)) for i in range(ROUTES))
    clients = (
        candidate(str(i), at(7 * i % 43, 13 * i % 41), prize=100 + 37 * i % 400)
        for i in range(CLIENTS)
    )
    return Problem(shifts, tuple(clients))


@pytest.fixture(scope="module")
def matrices(day: Problem) -> Matrices:
    return measure(day, TOWN)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 10_000))
def test_near_are_those_to_whom_the_way_there_and_back_is_shortest(n: int, k: int, seed: int):
    dice = np.random.default_rng(seed)
    seconds = dice.integers(0, 2 * LONGEST_S, (n + 3, n + 3)).astype(np.int32)
    points = dice.permutation(n + 3)[:n].astype(np.int32)
    near = np.full((n, min(n, k)), -1, dtype=np.int32)
    counts = np.zeros(LONGEST_S, dtype=np.int32)

    find_near(seconds, seconds.T.copy(), points, near, np.empty(n, dtype=np.int32), counts)

    for i in range(n):
        ways = seconds[points[i], points] // 2 + seconds[points, points[i]] // 2
        ways = np.minimum(ways, LONGEST_S - 2)  # longer ones are all alike
        ways[i] = -1
        assert near[i].tolist() == np.argsort(ways, kind="stable")[: min(n, k)].tolist()
    assert not counts.any()  # as they were, for the next


def test_every_route_of_a_crowded_day_is_begun_full(day: Problem, matrices: Matrices):
    search = Search(Model(day, matrices), seed=1)

    search.fill()

    shortest = min(len(visits) for visits in search.best().values())
    assert shortest > 10


def test_nobody_who_fits_and_pays_is_left_out_of_a_crowded_day(day: Problem, matrices: Matrices):
    search = Search(Model(day, matrices), seed=1)
    search.take({"s0": ["0"]})
    search.settle()

    (part,) = split(day)
    plan = plan_from(day, matrices, [part_of(part, matrices, search.best())], seed=1, solver="x")
    assert verify(day, plan, matrices) == []
    assert len([stop for route in plan.routes for stop in route.stops]) > 10 * ROUTES


def test_candidates_who_are_alike_are_told_apart_by_what_matters():
    ana, beto = shift("ana", at(0)), replace(shift("beto", at(9)), skills=frozenset({"law"}))
    plain = candidate("plain", at(1))
    hers = replace(candidate("hers", at(2)), collectors=frozenset({"ana"}))
    not_hers = replace(candidate("not hers", at(3)), forbidden_collectors=frozenset({"ana"}))
    skilled = replace(candidate("skilled", at(4)), skills=frozenset({"law"}))
    day = Problem((ana, beto), (plain, hers, not_hers, skilled))

    model = Model(day, measure(day, TOWN))

    assert model.world.may.tolist() == [[1, 1, 0, 0], [1, 0, 1, 1]]
