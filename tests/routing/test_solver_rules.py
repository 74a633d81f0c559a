"""Whatever rules a day has, the search keeps them all and values its plan as the problem does."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from routing.measure import Matrices, measure
from routing.objective import value_of
from routing.plan import Plan, Visit
from routing.problem import (
    Break,
    Candidate,
    Measure,
    Prices,
    Problem,
    Shift,
    Window,
)
from routing.solver import SolverParams, solve
from routing.solver.model import Model
from routing.solver.search import Budget, Search
from routing.verifier import verify
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

TOWN = PaperTown()
STEPS = SolverParams(iterations=60)


def some_windows(dice: Random) -> tuple[Window, ...]:
    spans = [sorted(dice.sample(range(8 * 60, 13 * 60), 2)) for _ in range(dice.randint(1, 3))]
    days = [None, None, None, 0, 1]
    return tuple(Window(60 * a, 60 * b, dice.choice(days)) for a, b in spans)


def some_shift(dice: Random, collector: int, day: int) -> Shift:
    opens = dice.randint(8 * 60, 9 * 60) * 60
    breaks = ()
    if dice.random() < 0.5:
        first = opens + dice.randint(30, 90) * 60
        breaks = (Break(Window(first, first + dice.choice([0, 1800])), 900),)
    if breaks and dice.random() < 0.4:
        second = breaks[0].window.end_s + 900 + 1800
        breaks = (*breaks, Break(Window(second, second + 1200), 600))
    return Shift(
        id=f"s{collector}-{day}",
        start=at(dice.randint(0, 9), dice.randint(0, 9)),
        end=dice.choice([at(0), at(5, 5), None]),
        window=Window(opens, opens + dice.randint(60, 240) * 60),
        max_stops=dice.choice([None, None, 3, 6]),
        day=day,
        collector=f"c{collector}",
        breaks=breaks,
        skills=frozenset(dice.sample(["a", "b"], dice.randint(0, 2))),
        cash_limit=dice.choice([None, None, 500]),
    )


def some_candidate(dice: Random, i: int, shifts: list[Shift]) -> Candidate:
    deposit = dice.random() < 0.08
    group = dice.choice([None] * 8 + ["g", "h"])
    return Candidate(
        id=str(i),
        point=at(dice.randint(0, 15), dice.randint(0, 15)),
        service_s=60 * dice.randint(0, 15),
        prize=0 if deposit else dice.randint(0, 900),
        windows=(Window(0, 24 * HOUR),) if deposit or dice.random() < 0.5 else some_windows(dice),
        required=dice.random() < 0.08,
        forbidden_collectors=frozenset({"c0"} if dice.random() < 0.1 else ()),
        skills=frozenset({"a"} if dice.random() < 0.1 else ()),
        preferred=some_windows(dice) if dice.random() < 0.3 else (),
        outside_price=dice.randint(0, 300),
        group=group,
        after=frozenset(str(j) for j in range(i) if dice.random() < 0.15 / (1 + i)),
        max_visits=1 if group else dice.choice([1, 1, 2, 3]),
        repeat_prize=0,
        last_contact_day=dice.choice([None, None, -1, -2]),
        min_rest_days=dice.choice([0, 1, 2]),
        max_rest_days=dice.choice([None, None, None, 2, 3]),
        cash=0 if deposit else dice.randint(0, 300),
        is_deposit=deposit,
        hardness=dice.randint(0, 3),
        published_shift=dice.choice([None, None, *(shift.id for shift in shifts)]),
    )


def some_problem(seed: int) -> Problem:
    """Every rule at once, drawn by lot."""
    dice = Random(seed)
    shifts = [
        some_shift(dice, c, d) for c in range(dice.randint(1, 2)) for d in range(dice.randint(1, 3))
    ]
    people = [some_candidate(dice, i, shifts) for i in range(dice.randint(1, 25))]
    people = [
        replace(
            one,
            repeat_prize=one.prize // 2,
            preferred=() if one.is_deposit else one.preferred,  # a bank has no taste
        )
        for one in people
    ]
    unfair = tuple((one, 50) for one in Measure if dice.random() < 0.3)
    return Problem(
        tuple(shifts),
        tuple(people),
        dice.choice([0, 600]),
        Prices(unfair, dice.choice([0, 100]), dice.choice([0, 100])),
    )


def by_hour(seed: int, matrices: Matrices) -> Matrices:
    """Rides that take longer or shorter by the hour, not by the shortest way."""
    dice = np.random.default_rng(seed)
    changed = {}
    for shift_id, measured in matrices.items():
        later = []
        for from_s in (9 * HOUR, 10 * HOUR + 1800):
            factor = dice.uniform(0.5, 2.0, measured.matrix.seconds.shape)
            seconds = (measured.matrix.seconds * factor).astype(np.int32)
            later.append((from_s, replace(measured.matrix, seconds=seconds)))
        changed[shift_id] = measured._replace(later=tuple(later))
    return changed


def orders_of(plan: Plan) -> dict[str, list[Visit]]:
    return {
        route.shift_id: [Visit(stop.candidate_id, stop.waits) for stop in route.stops]
        for route in plan.routes
    }


@pytest.mark.parametrize("seed", range(30))
def test_every_rule_at_once_is_kept(seed: int) -> None:
    day = some_problem(seed)
    matrices = measure(day, TOWN)
    if seed % 3 == 0:
        matrices = by_hour(seed, matrices)

    plan = solve(day, TOWN, STEPS, seed, matrices=matrices)

    assert verify(day, plan, matrices) == []


@pytest.mark.parametrize("seed", range(8))
def test_going_on_from_a_plan_never_makes_it_worse(seed: int) -> None:
    day = replace(some_problem(seed), prices=Prices())
    matrices = measure(day, TOWN)
    before = solve(day, TOWN, SolverParams(iterations=1), seed, matrices=matrices)

    after = solve(
        day, TOWN, SolverParams(iterations=20), seed + 1, matrices=matrices, start=orders_of(before)
    )

    assert verify(day, after, matrices) == []
    assert value_of(day, after).rank >= value_of(day, before).rank


SEEDS = range(4)
SOME = SolverParams(iterations=200)


def visited(plan: Plan) -> list[list[str]]:
    return [[stop.candidate_id for stop in route.stops] for route in plan.routes]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_costs_least_on_one_route_makes_way_for_who_can_only_come_there(seed: int) -> None:
    near_beto = [
        replace(candidate("anybody", at(11)), prize=30_000),
        replace(candidate("only beto", at(12)), collectors=frozenset({"beto"}), prize=800),
    ]
    shifts = [shift("ana"), shift("beto", start=at(10), max_stops=1)]
    day = problem(near_beto, shifts)

    assert visited(solve(day, TOWN, SOME, seed)) == [["anybody"], ["only beto"]]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_waited_for_comes_early_where_later_visits_gain_by_it(seed: int) -> None:
    shifts = [
        replace(shift("monday"), collector="ana"),
        replace(shift("tuesday", start=at(3)), collector="ana", day=1),
    ]
    people = [
        candidate("first", at(4), prize=300),
        replace(
            candidate("twice", at(2), prize=300),
            after=frozenset({"first"}),
            max_visits=2,
            repeat_prize=200,
        ),
    ]
    day = problem(people, shifts, travel_cost_per_hour=0)

    assert visited(solve(day, TOWN, SOME, seed)) == [["first", "twice"], ["twice"]]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("required", [False, True])
def test_who_brings_nothing_is_visited_for_those_who_wait_for_it(seed: int, required: bool) -> None:
    people = [
        replace(candidate("office", at(0, 3)), prize=0),
        replace(
            candidate("client", at(6)),
            prize=0 if required else 400,
            after=frozenset({"office"}),
            required=required,
        ),
    ]

    # 18 blocks at 10 points each.
    assert visited(solve(problem(people), TOWN, SOME, seed)) == [["office", "client"]]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_route_that_would_carry_too_much_cash_leaves_no_travel_behind(seed: int) -> None:
    shifts = [shift("ana", end=at(0)), replace(shift("beto", end=None), cash_limit=10)]
    people = [replace(candidate("rich", at(2)), prize=56, cash=15)]
    day = problem(people, shifts)
    search = Search(Model(day, measure(day, TOWN)), seed)

    search.run(Budget(1.0, 300, counts_cpu=False), lambda used: False)

    # 4 blocks there and back.
    assert search.rank == (0.0, (56 - 40) * 3600.0, -240.0)
    assert visited(solve(day, TOWN, SOME, seed)) == [["rich"], []]
