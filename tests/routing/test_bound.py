"""No plan is ever worth more than the bound, however little time it had."""

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.__main__ import main
from routing.bound import Bound, bound_of, bounds_of
from routing.errors import InvalidProblem
from routing.io.problems import problem_to_json
from routing.measure import Measured, measure, split
from routing.objective import value_of
from routing.problem import Break, Candidate, Problem, Shift, Window
from routing.solver import SolverParams, solve
from routing.travel.times import UNREACHABLE, Matrix
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

TOWN = PaperTown()
TEN = 10 * HOUR


def bound_in_town(day: Problem, **limits: float) -> Bound:
    return bound_of(day, measure(day, TOWN), **({"iterations": 4} | limits))


def matrices_of(day: Problem, seconds: Sequence[Sequence[int]]) -> dict[str, Measured]:
    """Rides between the places of a day, candidates first, then the start and the end."""
    places = list(dict.fromkeys([c.point for c in day.candidates] + [day.shifts[0].start]))
    table = np.array(seconds, dtype=np.int32)[: len(places), : len(places)]
    matrix = Matrix(table, table.copy(), "given", np.zeros(len(places), dtype=np.int32))
    return {day.shifts[0].id: Measured(tuple(places), matrix)}


def value_of_order(
    day: Problem, order: Sequence[Candidate], measured: Measured, waits: Sequence[bool]
) -> tuple[int, Fraction] | None:
    """Return required visits and worth of an order, None if it can't be done; second by second.

    Whoever waits is visited in a preferred window; ``waits`` goes along the order.
    """
    if not order:
        return 0, Fraction(0)
    [worker] = day.shifts
    index = {point: i for i, point in enumerate(measured.points)}
    now_s, here, travel_s, outside = worker.window.start_s, worker.start, 0, 0
    for one, is_waiting in zip(order, waits, strict=True):
        ride_s = int(measured.matrix.seconds[index[here], index[one.point]])
        travel_s, now_s, here = travel_s + ride_s, now_s + ride_s, one.point
        preferred = [(w.start_s, w.end_s) for w in one.preferred]
        starts = [
            max(now_s, w.start_s, start_s)
            for w in one.windows
            for start_s, end_s in (preferred if is_waiting else [(0, w.end_s)])
            if max(now_s, w.start_s, start_s) <= min(w.end_s, end_s)
        ]
        if ride_s == UNREACHABLE or not starts:
            return None
        starts_s = min(starts)
        if preferred and not any(first <= starts_s <= last for first, last in preferred):
            outside += one.outside_price
        now_s = starts_s + one.service_s
    home_s = 0
    if worker.end is not None:
        home_s = int(measured.matrix.seconds[index[here], index[worker.end]])
    if home_s == UNREACHABLE or now_s + home_s > worker.window.end_s:
        return None
    cost = Fraction((travel_s + home_s) * day.travel_cost_per_hour, 3600)
    return sum(one.required for one in order), sum(one.prize for one in order) - outside - cost


def best_by_trying_all(day: Problem, measured: Measured) -> Fraction:
    """Return the worth of the best order: most required first, then most value."""
    most = day.shifts[0].max_stops
    counts = range(min(len(day.candidates), len(day.candidates) if most is None else most) + 1)
    values = [
        value_of_order(day, order, measured, waits)
        for count in counts
        for order in permutations(day.candidates, count)
        if len({one.group or one.id for one in order}) == count
        for waits in product(*((False, True) if one.preferred else (False,) for one in order))
    ]
    return max(value for value in values if value is not None)[1]


@st.composite
def days(draw: st.DrawFn) -> tuple[Problem, dict[str, Measured]]:
    """Days of up to five candidates: windows, tastes, gaps in the streets, rides of any length."""
    count = draw(st.integers(1, 5))
    minutes = st.integers(0, 240)
    spans = st.tuples(minutes, minutes).map(sorted)
    candidates = tuple(
        Candidate(
            id=f"c{i}",
            point=at(i),
            service_s=60 * draw(st.integers(0, 40)),
            prize=draw(st.integers(0, 300)),
            windows=tuple(
                Window(TEN + 60 * first, TEN + 60 * last)
                for first, last in draw(st.lists(spans, max_size=2))
            )
            or (Window(0, 24 * HOUR),),
            required=draw(st.sampled_from([False, False, False, True])),
            group=draw(st.sampled_from([None, None, None, "family"])),
            preferred=tuple(
                Window(TEN + 60 * first, TEN + 60 * last)
                for first, last in draw(st.lists(spans, max_size=1))
            ),
            outside_price=draw(st.sampled_from([0, 40, 200])),
        )
        for i in range(count)
    )
    worker = Shift(
        "ana",
        at(count),
        draw(st.sampled_from([at(count), None])),
        Window(TEN, TEN + 60 * draw(st.integers(0, 240))),
        max_stops=draw(st.sampled_from([None, None, 1, 2, 3])),
    )
    rides = st.one_of(st.integers(0, 3600), st.just(UNREACHABLE))
    row = st.lists(rides, min_size=count + 1, max_size=count + 1)
    seconds = draw(st.lists(row, min_size=count + 1, max_size=count + 1))
    for i in range(count + 1):
        seconds[i][i] = 0
    day = Problem((worker,), candidates, draw(st.sampled_from([0, 1, 100, 997])))
    return day, matrices_of(day, seconds)


@settings(max_examples=25, deadline=None)
@given(days())
def test_the_best_of_a_small_day_is_never_above_the_bound_and_mostly_on_it(
    drawn: tuple[Problem, dict[str, Measured]],
) -> None:
    day, matrices = drawn

    result = bound_of(day, matrices, iterations=2)

    best = best_by_trying_all(day, matrices["ana"])
    assert result.upper_bound >= best
    if result.is_best and not result.relaxed:
        assert result.found == best // 1


@settings(max_examples=10, deadline=None)
@given(days(), st.integers(1, 3))
def test_prices_and_short_memories_never_bring_the_bound_below_the_best(
    drawn: tuple[Problem, dict[str, Measured]], rounds: int
) -> None:
    day, matrices = drawn

    with pytest.MonkeyPatch.context() as patch:  # as on a day too large to remember everything
        patch.setattr("routing.bound.search._FEW", 0)
        patch.setattr("routing.bound.search._NEAREST", 1)
        patch.setattr("routing.bound.proof._SEARCH_STEPS", 1)
        result = bound_of(day, matrices, iterations=rounds)

    assert result.upper_bound >= best_by_trying_all(day, matrices["ana"])


def crowd(count: int) -> Problem:
    """A morning with far more clients than fit, prizes having nothing to do with the place."""
    return problem(
        [
            candidate(f"c{i}", at(7 * i % 20, 13 * i % 20), prize=100 + 37 * i % 400)
            for i in range(count)
        ]
    )


def two_towns() -> Problem:
    """Two collectors, each with clients that the other may not visit."""
    near = [candidate(f"a{i}", at(i), prize=100 * i, shifts=frozenset({"ana"})) for i in range(4)]
    far = [candidate(f"e{i}", at(0, i), prize=150, shifts=frozenset({"eva"})) for i in range(4)]
    return problem([*near, *far], [shift("ana"), shift("eva")])


def test_the_routes_of_a_day_are_bounded_one_by_one() -> None:
    day = two_towns()
    matrices = measure(day, TOWN)
    plan = solve(day, TOWN, SolverParams(iterations=300), matrices=matrices)
    told: list[float] = []

    bounds = bounds_of(day, plan, matrices, seconds=5, processes=2, on_share=told.append)

    assert bounds.keys() == {"ana", "eva"}
    for part in split(day):
        [worker] = part.shifts
        best = best_by_trying_all(part, matrices[worker.id])
        assert bounds[worker.id].upper_bound >= best
    assert sum(one.objective or 0 for one in bounds.values()) == value_of(day, plan).total
    assert told[-1] == 1.0


def test_collectors_who_share_clients_have_no_bound_of_their_own() -> None:
    day = problem([candidate("a", at(1)), candidate("b", at(2))], [shift("ana"), shift("eva")])
    matrices = measure(day, TOWN)
    plan = solve(day, TOWN, SolverParams(iterations=50), matrices=matrices)

    assert bounds_of(day, plan, matrices, seconds=1, processes=1) == {}


def test_who_gives_up_waiting_for_bounds_gets_their_own_error_back() -> None:
    day = two_towns()
    matrices = measure(day, TOWN)
    plan = solve(day, TOWN, SolverParams(iterations=50), matrices=matrices)

    def give_up(_share: float) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        bounds_of(day, plan, matrices, seconds=30, processes=1, on_share=give_up)


def test_a_crowded_day_is_bounded_near_what_the_solver_finds() -> None:
    day = crowd(30)
    plan = solve(day, TOWN, SolverParams(iterations=30))

    result = bound_of(day, measure(day, TOWN), plan, iterations=4)

    assert result.objective is not None
    assert result.objective <= result.upper_bound
    assert result.found <= result.upper_bound < sum(one.prize for one in day.candidates)
    assert result.gap_percent is not None
    assert 0 <= result.gap_percent < 2


def test_the_bound_falls_with_the_rounds_and_is_the_same_each_time() -> None:
    day = crowd(25)

    bounds = [bound_in_town(day, iterations=rounds).upper_bound for rounds in (1, 3, 3)]

    assert bounds[0] >= bounds[1] == bounds[2]


def test_without_any_time_the_bound_is_weak_but_holds() -> None:
    day = crowd(20)

    result = bound_in_town(day, iterations=None, seconds=1e-9)

    assert result.upper_bound >= bound_in_town(day).found


def test_who_listens_may_end_the_search() -> None:
    day = crowd(20)

    def stop(share: float, upper: float, found: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bound_of(day, measure(day, TOWN), on_progress=stop)


def test_required_visits_that_do_not_all_fit_count_as_optional() -> None:
    people = [candidate(f"c{x}", at(x), service_s=3 * HOUR, required=True) for x in (1, 2)]

    result = bound_in_town(problem(people))

    assert result.relaxed == ("required",)
    assert result.upper_bound >= 1000 - 20


def test_a_required_visit_that_costs_far_more_than_it_brings_is_bounded_at_once() -> None:
    rich = candidate("rich", at(1), prize=100)
    dear = candidate("dear", at(2), prize=1, required=True)
    day = replace(problem([rich, dear]), travel_cost_per_hour=1000)
    far_s = 3000
    matrices = matrices_of(day, [[0, far_s, 60], [far_s, 0, far_s], [60, far_s, 0]])

    result = bound_of(day, matrices, seconds=30)

    assert result.upper_bound >= best_by_trying_all(day, matrices["ana"])
    assert result.upper_bound < 0
    assert result.is_best
    assert result.seconds < 10


def test_rules_that_are_left_out_are_named() -> None:
    rest = Break(Window(TEN, TEN), 600)
    worker = Shift("ana", at(0), at(0), Window(8 * HOUR, 12 * HOUR), breaks=(rest,))
    day = problem([candidate("c", at(1))], [worker])

    assert bound_in_town(day).relaxed == ("breaks",)


def test_a_day_without_candidates_is_worth_nothing() -> None:
    result = bound_in_town(problem([]))

    assert (result.upper_bound, result.is_best) == (0, True)


@pytest.mark.parametrize("count", [0, 2])
def test_a_day_of_no_or_several_shifts_is_refused(count: int) -> None:
    day = Problem(tuple(shift(str(i)) for i in range(count)), (candidate("c", at(1)),))

    with pytest.raises(InvalidProblem, match="shifts: expected one shift"):
        bound_in_town(day)


@pytest.mark.parametrize("limits", [{"seconds": 0}, {"seconds": float("nan")}, {"iterations": 0}])
def test_limits_that_make_no_sense_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(InvalidProblem, match="expected"):
        bound_in_town(crowd(3), **limits)


def test_the_command_tells_how_far_a_plan_is_from_the_best(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    day.write_text(problem_to_json(crowd(8), {"provider": "haversine"}))
    main(["solve", str(day), "-o", str(plan), "--iterations", "50", "--processes", "0"])

    code = main(["bound", str(day), "--plan", str(plan), "--iterations", "2"])

    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert code == 0
    assert result["objective"] <= result["upper_bound"]
    assert "% below the best possible" in printed.err


def test_who_rests_or_waits_for_somebody_who_never_comes_is_in_no_way_of_the_bound() -> None:
    nobody = replace(candidate("nobody", at(9)), windows=())
    people = [
        candidate("a", at(1), prize=300),
        replace(candidate("resting", at(4)), last_contact_day=-1, min_rest_days=2),
        nobody,
        replace(candidate("waiting", at(5)), after=frozenset({"nobody"})),
    ]

    bound = bound_in_town(problem(people))

    # 2 blocks for a.
    assert (bound.upper_bound, bound.is_best) == (280, True)


def test_who_has_rested_just_long_enough_counts_and_no_rule_is_left_out_for_it() -> None:
    rested = replace(candidate("rested", at(4)), prize=300, last_contact_day=-2, min_rest_days=2)

    bound = bound_in_town(problem([rested]))

    assert (bound.upper_bound, bound.is_best, bound.relaxed) == (220, True, ())
