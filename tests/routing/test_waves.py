"""Where travel is dear, far clients who pay only together are found; elsewhere nothing changes."""

from dataclasses import replace
from itertools import pairwise

import pytest

from routing.measure import measure
from routing.problem import Problem
from routing.solver import SolverParams, solve
from routing.solver.model import Model
from routing.solver.tuning import TUNING, tuning_of
from routing.solver.waves import is_dear, moment_at
from routing.verifier import verify
from tests.routing.situations import PaperTown, at, candidate, problem, shift

TOWN = PaperTown()


def far_village(prize: int) -> Problem:
    """Twelve clients 40 blocks away, a block apart; an hour of travel costs 60, a block 1."""
    people = tuple(candidate(f"far {i}", at(40 + i), prize=prize, service_s=60) for i in range(12))
    routes = tuple(shift(name, at(0)) for name in ("one", "two", "three"))
    return Problem(routes, people, travel_cost_per_hour=60)


def test_clients_none_of_whom_pays_for_the_ride_are_visited_when_all_together_do() -> None:
    # 102 blocks there and back cost 102; twelve times 20 are 240.
    day = far_village(prize=20)
    plan = solve(day, TOWN, SolverParams(iterations=200), seed=1)
    assert verify(day, plan, measure(day, TOWN)) == []
    assert sorted(len(route.stops) for route in plan.routes) == [0, 0, 12]


def test_a_village_that_does_not_pay_even_together_is_left_alone() -> None:
    # Twelve times 8 are 96, less than the 102 of the ride.
    plan = solve(far_village(prize=8), TOWN, SolverParams(iterations=200), seed=1)
    assert plan.prize == 0


def test_travel_is_dear_when_its_price_weighs_more_than_the_guide_of_the_search() -> None:
    dear = far_village(prize=20)
    cheap = Problem(dear.shifts, dear.candidates)
    assert is_dear(Model(dear, measure(dear, TOWN)).world)
    assert not is_dear(Model(cheap, measure(cheap, TOWN)).world)
    tuning = tuning_of(Model(cheap, measure(cheap, TOWN)).world)
    assert tuning._replace(shuns=TUNING.shuns) == TUNING


def test_routes_are_shunned_where_visits_are_few_or_bind_one_another() -> None:
    people = [candidate(str(i), at(i)) for i in range(20)]
    apart = problem(people, [shift("ana"), shift("beto")], travel_cost_per_hour=0)
    bound = replace(apart, candidates=(*people[:-1], replace(people[-1], after=frozenset({"0"}))))
    few = replace(apart, candidates=tuple(people[:12]))
    shuns = [tuning_of(Model(day, measure(day, TOWN)).world).shuns for day in (apart, bound, few)]
    assert shuns[0] == 0 < shuns[1] < shuns[2]


def test_each_wave_begins_with_cheap_travel_and_ends_cold_at_the_full_price() -> None:
    moments = [moment_at(i / 1000, TUNING, waves=4) for i in range(1000)]
    begins = [i for i, (a, b) in enumerate(pairwise(moments), start=1) if b.thrift < a.thrift]
    assert begins == [250, 500, 750]
    for begin in (0, *begins):
        assert moments[begin].thrift < 1
        assert moments[begin + 249].thrift == 1
        assert moments[begin + 249].heat == pytest.approx(TUNING.cold, rel=0.05)


def test_without_waves_travel_keeps_its_price_and_the_search_cools_once() -> None:
    moments = [moment_at(i / 10, TUNING, waves=0) for i in range(11)]
    assert {moment.thrift for moment in moments} == {1.0}
    assert moments[0].heat == TUNING.hot
    assert moments[-1].heat == pytest.approx(TUNING.cold)
    assert all(b.heat < a.heat for a, b in pairwise(moments))
