"""The solver keeps every rule, finds the best on days small enough to try everything, and stops."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.errors import InvalidProblem, SolverFailed
from routing.geo import Point
from routing.measure import measure
from routing.plan import Plan, SkipReason
from routing.problem import Candidate, Problem, Shift, Window
from routing.solver import SolverParams, solve
from routing.solver.model import Model
from routing.solver.search import Search
from routing.travel.times import UNREACHABLE, Matrix, Profile
from routing.verifier import verify
from routing.verifier.days import Day, Rides
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

T8 = 8 * HOUR
FEW = SolverParams(iterations=30)
TOWN = PaperTown()


def checked(day: Problem, params: SolverParams = FEW, seed: int = 0, processes: int = 0) -> Plan:
    """Solve, and let the verifier agree before anything else is asserted."""
    plan = solve(day, TOWN, params, seed, processes=processes)
    assert verify(day, plan, measure(day, TOWN)) == []
    return plan


def visited(plan: Plan) -> list[list[str]]:
    return [[stop.candidate_id for stop in route.stops] for route in plan.routes]


def objective_in_hours(day: Problem, plan: Plan) -> int:
    travel_s = sum(route.travel_s for route in plan.routes)
    return plan.prize * 3600 - travel_s * day.travel_cost_per_hour


def crowd(count: int, shifts: frozenset[str] | None = None, prefix: str = "") -> list[Candidate]:
    """Clients all over 20 x 20 blocks, with prizes that have nothing to do with the place."""
    return [
        candidate(
            f"{prefix}{i}", at(7 * i % 20, 13 * i % 20), prize=100 + 37 * i % 400, shifts=shifts
        )
        for i in range(count)
    ]


def test_the_client_who_is_worth_more_is_visited_when_there_is_time_for_one() -> None:
    # 40 min there and 10 blocks each way: one visit takes an hour of the hour.
    people = [
        candidate("poor", at(10), prize=200, service_s=2400),
        candidate("rich", at(0, 10), prize=900, service_s=2400),
    ]

    plan = checked(problem(people, [shift(window=Window(T8, T8 + 3600))]))

    assert visited(plan) == [["rich"]]


def test_several_windows_are_alternatives() -> None:
    early_or_late = (Window(T8, T8 + 60), Window(11 * HOUR, 11 * HOUR + 600))
    people = [
        candidate("appointment", at(9), windows=(Window(T8 + 540, T8 + 600),), prize=5000),
        candidate("split", at(2), windows=early_or_late, prize=4000),
    ]

    plan = checked(problem(people))

    # Two blocks away, a minute is not enough for its first window.
    assert visited(plan) == [["appointment", "split"]]
    assert plan.routes[0].stops[1].starts_s == 11 * HOUR


def test_a_required_client_goes_before_any_prize() -> None:
    people = [
        candidate("required", at(30), prize=0, required=True),
        *crowd(10),
    ]
    # There and back fills the shift but for the visit and 4 minutes.
    day = problem(people, [shift(window=Window(T8, T8 + 3600 + 600 + 240))])

    plan = checked(day)

    assert "required" in visited(plan)[0]


def test_an_impossible_required_client_is_reported_and_the_others_are_visited() -> None:
    people = [
        candidate("required", at(1), windows=(Window(15 * HOUR, 16 * HOUR),), required=True),
        candidate("a", at(1)),
    ]

    plan = checked(problem(people))

    assert visited(plan) == [["a"]]
    assert plan.skipped[0].reason is SkipReason.OUTSIDE_SHIFT


@pytest.mark.parametrize(("prize", "visits"), [(80, []), (81, ["far"])])
def test_a_visit_is_made_only_if_it_brings_more_than_the_trip(
    prize: int, visits: list[str]
) -> None:
    # 4 blocks there and back, 480 s at 600 points an hour: 80 points.
    plan = checked(problem([candidate("far", at(4), prize=prize)]))

    assert visited(plan) == [visits]


def test_no_more_stops_than_allowed_are_made() -> None:
    plan = checked(problem(crowd(12), [shift(max_stops=3)]))

    assert len(plan.routes[0].stops) == 3


def test_an_open_end_saves_the_way_home() -> None:
    # 55 blocks: 55 min to ride and 5 to stay, which leaves no time to come back.
    far = candidate("far", at(55), prize=5000, service_s=300)
    hour = Window(T8, T8 + 3600)

    assert visited(checked(problem([far], [shift(window=hour, end=None)]))) == [["far"]]
    assert visited(checked(problem([far], [shift(window=hour)]))) == [[]]


def test_each_shift_visits_only_those_it_may() -> None:
    people = [
        candidate("for_beto", at(1), shifts=frozenset({"beto"})),
        candidate("for_ana", at(1), shifts=frozenset({"ana"})),
        candidate("for_both", at(1)),
    ]

    plan = checked(problem(people, [shift("ana"), shift("beto")]))

    ana, beto = visited(plan)
    assert "for_ana" in ana
    assert "for_beto" in beto
    assert "for_both" in ana + beto


def test_who_rides_faster_goes_farther() -> None:
    # 50 blocks away: an hour is enough to go there, but not back, on a motorcycle.
    people = [candidate("far", at(50), prize=9000, service_s=0)]
    hour = Window(T8, T8 + 3600)

    plan = checked(
        problem(
            people, [shift("ana", window=hour), shift("beto", window=hour, profile=Profile.CAR)]
        )
    )

    assert visited(plan) == [[], ["far"]]


def test_travel_times_that_differ_by_direction_are_respected() -> None:
    class OneWay(PaperTown):
        def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
            both = super().matrix(points, profile, depart_s)
            slower = np.array([[10 if a.lon > b.lon else 1 for b in points] for a in points])
            return replace(both, seconds=both.seconds * slower.astype(np.int32))

    day = problem([candidate("a", at(5)), candidate("b", at(10))])

    plan = solve(day, OneWay(), FEW)

    # 10 blocks east at 60 s and 10 back at 600 s.
    assert plan.routes[0].travel_s == 600 + 6000
    assert verify(day, plan, measure(day, OneWay())) == []


def test_a_day_without_clients_or_without_shifts_is_an_empty_plan() -> None:
    nobody = solve(problem([]), TOWN, FEW)
    no_shift = solve(Problem((), (candidate("a", at(1)),)), TOWN, FEW)

    assert (visited(nobody), nobody.skipped) == ([[]], ())
    assert no_shift.routes == ()
    assert [one.reason for one in no_shift.skipped] == [SkipReason.NO_SHIFT]


def best_objective(day: Problem) -> int:
    """Try every way to give candidates to shifts and every order; count what the verifier's clock
    allows."""
    measured = measure(day, TOWN)
    simulated = [Day(day, one, Rides(measured.get(one.id))) for one in day.shifts]
    best = 0
    for owners in product(range(-1, len(day.shifts)), repeat=len(day.candidates)):
        owned = [
            [c for c, o in zip(day.candidates, owners, strict=True) if o == v]
            for v in range(len(day.shifts))
        ]
        routes = [best_route(one, own) for one, own in zip(simulated, owned, strict=True)]
        prize = sum(c.prize for own in owned for c in own)
        rides_s = [ride_s for ride_s in routes if ride_s is not None]
        if len(rides_s) == len(routes):
            best = max(best, prize * 3600 - sum(rides_s) * day.travel_cost_per_hour)
    return best


def best_route(one: Day, own: list[Candidate]) -> int | None:
    """The shortest time on the road that visits them all, None where that can't be done."""
    if not own:
        return 0
    most = one.shift.max_stops
    if most is not None and len(own) > most:
        return None
    return min(
        (travel_s(one, order) for order in permutations(own) if one.fits(order)), default=None
    )


def travel_s(one: Day, order: Sequence[Candidate]) -> int:
    return sum(one.detour_s(order[:i], i, order[i]) or 0 for i in range(len(order)))


MINUTES = st.integers(0, 60)
WINDOWS = st.lists(
    st.tuples(MINUTES, MINUTES).map(lambda pair: Window(T8 + 60 * min(pair), T8 + 60 * max(pair))),
    max_size=3,
).map(tuple)


@st.composite
def days(draw: st.DrawFn, most: int = 5) -> Problem:
    """Up to two shifts of an hour; windows, owners, ends, profiles and requirements at random."""
    shifts: list[Shift] = [
        shift(
            id,
            start=at(draw(st.integers(0, 5))),
            end=draw(st.sampled_from([at(0), at(5, 5), None])),
            window=Window(T8, T8 + 60 * draw(MINUTES)),
            profile=draw(st.sampled_from([Profile.MOTORCYCLE, Profile.CAR])),
            max_stops=draw(st.sampled_from([None, None, 0, 1, 2])),
        )
        for id in draw(st.sampled_from([["ana"], ["ana", "beto"]]))
    ]
    people = [
        candidate(
            str(i),
            at(draw(st.integers(0, 9)), draw(st.integers(0, 9))),
            prize=draw(st.integers(0, 400)),
            windows=draw(WINDOWS),
            service_s=60 * draw(st.integers(0, 20)),
            required=draw(st.integers(0, 9)) == 0,
            shifts=draw(st.sampled_from([None, frozenset({shifts[-1].id}), frozenset()])),
        )
        for i in range(draw(st.integers(0, most)))
    ]
    return problem(people, shifts, travel_cost_per_hour=draw(st.sampled_from([0, 600, 6000])))


def test_visits_given_after_more_than_a_route_has_room_for_are_taken_if_they_fit() -> None:
    too_far = [candidate(f"far {i}", at(500 + i), service_s=HOUR) for i in range(20)]
    near = [candidate(f"near {i}", at(1 + i), service_s=HOUR) for i in range(3)]
    day = problem([*too_far, *near])
    search = Search(Model(day, measure(day, PaperTown())), seed=1)
    search.take({"ana": [one.id for one in day.candidates]})
    assert [visit.candidate_id for visit in search.best()["ana"]] == ["near 0", "near 1", "near 2"]


@settings(max_examples=60, deadline=None)
@given(days(most=12), st.integers(0, 3))
def test_whatever_the_day_every_rule_is_kept(day: Problem, seed: int) -> None:
    checked(day, SolverParams(iterations=5), seed)


class AnyTown(PaperTown):
    """Rides drawn by lot: one-way, not by the shortest way, some of them impossible."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._dice = np.random.default_rng(seed)

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        paper = super().matrix(points, profile, depart_s)
        seconds = self._dice.integers(0, 900, paper.seconds.shape, dtype=np.int32)
        seconds[self._dice.random(seconds.shape) < 0.2] = UNREACHABLE
        np.fill_diagonal(seconds, 0)
        return replace(paper, seconds=seconds)


@settings(max_examples=60, deadline=None)
@given(days(most=12), st.integers(0, 10**6))
def test_whatever_the_rides_every_rule_is_kept(day: Problem, town: int) -> None:
    matrices = measure(day, AnyTown(town))

    plan = solve(day, TOWN, SolverParams(iterations=5), matrices=matrices)

    assert verify(day, plan, matrices) == []


@settings(max_examples=40, deadline=None)
@given(days())
def test_small_days_are_solved_to_the_best(day: Problem) -> None:
    free = Problem(
        day.shifts,
        tuple(
            candidate(c.id, c.point, c.prize, c.windows, c.service_s, False, None)
            for c in day.candidates
            if c.windows
        ),
        day.travel_cost_per_hour,
    )

    plan = checked(free, SolverParams(iterations=400))

    assert objective_in_hours(free, plan) == best_objective(free)


def test_the_same_seed_gives_the_same_plan_in_this_process_and_in_children() -> None:
    day = problem(
        crowd(30, frozenset({"ana"}), "a") + crowd(25, frozenset({"beto"}), "b"),
        [shift("ana"), shift("beto")],
    )

    here = checked(day, FEW, 7)
    again = checked(day, FEW, 7)
    in_children = checked(day, FEW, 7, processes=2)

    assert here == again == in_children


def test_a_wall_limit_is_kept() -> None:
    day = problem(crowd(60))
    began = time.monotonic()

    checked(day, SolverParams(seconds=0.5))

    assert 0.4 < time.monotonic() - began < 5  # a busy machine may add a little


def test_progress_rises_to_one_and_ends_with_the_prize_of_the_plan() -> None:
    told: list[tuple[float, int]] = []

    plan = solve(
        problem(crowd(40)),
        TOWN,
        SolverParams(seconds=1),
        on_progress=lambda share, prize: told.append((share, prize)),
    )

    shares = [share for share, _ in told]
    assert len(told) > 2
    assert shares == sorted(shares)
    assert told[-1] == (1.0, plan.prize)


class Enough(Exception):
    """A caller who has waited long enough."""


@pytest.mark.parametrize(("processes", "seconds"), [(0, 5), (1, 60)])
def test_a_caller_who_gives_up_ends_the_search(processes: int, seconds: float) -> None:
    def give_up(share: float, prize: int) -> None:
        raise Enough

    began = time.monotonic()

    with pytest.raises(Enough):
        solve(
            problem(crowd(40)),
            TOWN,
            SolverParams(seconds=seconds),
            on_progress=give_up,
            processes=processes,
        )

    # A child has to start first.
    assert time.monotonic() - began < seconds * 0.6


def test_a_child_that_fails_is_told_with_its_trace() -> None:
    day = problem([candidate("a", at(1))])
    broken = {"ana": measure(day, TOWN)["ana"]._replace(points=())}

    with pytest.raises(SolverFailed, match="KeyError"):
        solve(day, TOWN, FEW, processes=1, matrices=broken)


# It starts processes while it is read, as nothing keeps that for the one who calls it: each child
# reads it again, and dies before it has read its task, which is larger than a pipe holds.
WITHOUT_A_GUARD = """
from routing.solver import SolverParams, solve
from tests.routing.situations import PaperTown, problem
from tests.routing.test_solver import crowd

solve(problem(crowd(1500)), PaperTown(), SolverParams(iterations=1), processes=1)
"""


def test_a_child_that_dies_at_its_start_is_told_and_nobody_waits_for_it(tmp_path: Path) -> None:
    script = tmp_path / "plan.py"
    script.write_text(WITHOUT_A_GUARD)

    ended = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 1
    assert "SolverFailed: a solving process died with exit code 1" in ended.stderr


@pytest.mark.parametrize(
    ("seconds", "iterations", "place"),
    [
        (0, None, "params.seconds"),
        (float("nan"), None, "params.seconds"),
        (1, 0, "params.iterations"),
    ],
)
def test_limits_out_of_range_are_refused(
    seconds: float, iterations: int | None, place: str
) -> None:
    with pytest.raises(InvalidProblem) as refusal:
        SolverParams(seconds, iterations)

    assert refusal.value.place == place


def test_prizes_of_a_trillion_do_not_overflow() -> None:
    people = [candidate(str(i), at(i), prize=10**12, required=i == 0) for i in range(5)]

    plan = checked(problem(people, travel_cost_per_hour=10**12))

    assert plan.prize == 5 * 10**12
