"""What a plan is worth, part by part, worked out in the head."""

from dataclasses import replace
from fractions import Fraction

import pytest

from routing.explain import plan_of
from routing.measure import measure
from routing.objective import Value, value_of
from routing.plan import Visit
from routing.problem import Candidate, Measure, Prices, Problem, Shift, Window
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

T8 = 8 * HOUR


def value(day: Problem, **orders: list[str | Visit]) -> Value:
    return value_of(day, plan_of(day, measure(day, PaperTown()), orders))


def pair() -> list[Shift]:
    return [shift("ana"), shift("beto")]


def client(id: str, **changes: object) -> Candidate:
    return replace(candidate(id, at(1), prize=100), **changes)  # type: ignore[arg-type] - checked by the problem


def test_prizes_less_travel_remain() -> None:
    # A block there and back: 120 s at 600 an hour.
    one = value(problem([client("a")]), ana=["a"])

    assert (one.prize, one.travel_cost, one.travel_s) == (100, 20, 120)
    assert (one.total, one.points, one.required) == (80, 80, 0)


def test_points_are_rounded_down_and_the_total_is_exact() -> None:
    one = value(problem([client("a")], travel_cost_per_hour=601), ana=["a"])

    assert one.total == 100 - Fraction(601 * 120, 3600)
    assert one.points == 79


@pytest.mark.parametrize(("waits", "outside"), [(False, 7), (True, 0)])
def test_a_start_outside_the_preferred_hours_costs_its_price(waits: bool, outside: int) -> None:
    late = client("a", preferred=(Window(T8 + HOUR, T8 + HOUR),), outside_price=7)

    assert value(problem([late]), ana=[Visit("a", waits)]).outside == outside


def test_preferred_hours_of_another_day_do_not_count() -> None:
    a = client("a", preferred=(Window(0, 24 * HOUR, 1),), outside_price=7)

    assert value(problem([a]), ana=["a"]).outside == 7


def test_a_second_visit_brings_the_prize_of_a_repeated_one() -> None:
    shifts = [replace(shift(f"ana{day}"), collector="ana", day=day) for day in (0, 1)]
    a = client("a", max_visits=2, repeat_prize=30)

    assert value(problem([a], shifts), ana0=["a"], ana1=["a"]).prize == 130
    assert value(problem([a], shifts), ana1=["a"]).prize == 100


def test_moving_or_dropping_what_was_published_costs() -> None:
    people = [client("moved", published_shift="ana"), client("kept", published_shift="beto")]
    people += [client("dropped", published_shift="ana"), client("new")]
    day = replace(problem(people, pair()), prices=Prices(moved=5, dropped=9))

    one = value(day, beto=["moved", "kept"])

    assert (one.moved, one.dropped) == (5, 9)
    assert one.total == 200 - 5 - 9 - 20


def test_unfairness_is_the_distance_of_the_most_from_the_mean() -> None:
    people = [client("a", prize=3000, hardness=2), client("b", prize=1000, hardness=1)]
    prices = Prices(((Measure.HOURS, 36), (Measure.RECOVERY, 10), (Measure.HARD_CASES, 4)))
    day = replace(problem(people, pair()), prices=prices)

    alone, shared = value(day, ana=["a", "b"]), value(day, ana=["a"], beto=["b"])

    # Ana works 1,320 s, has 4,000 points and 3 hard cases; Beto nothing: half of it each.
    assert alone.unfairness == {
        Measure.HOURS: Fraction(36 * 660, 3600),
        Measure.RECOVERY: 20,
        Measure.HARD_CASES: 6,
    }
    assert shared.unfairness == {Measure.HOURS: 0, Measure.RECOVERY: 10, Measure.HARD_CASES: 2}


def on_days(*days: int, **changes: object) -> Problem:
    shifts = [replace(shift(f"s{day}"), collector="ana", day=day) for day in days]
    return problem([client("a", last_contact_day=-3, max_rest_days=4, **changes)], shifts)


@pytest.mark.parametrize(
    ("day", "visit", "counts"),
    [
        (on_days(0, 1, 2), "s1", 1),  # on the last day that is soon enough
        (on_days(0, 1, 2), "s2", 0),  # a day too late, although somebody could come before
        (on_days(2, 3), "s2", 1),  # as early as anybody can come
        (on_days(2, 3), "s3", 0),
        (on_days(0), "s0", 0),  # the rest does not run out within the horizon
        (on_days(0, 1, required=True), "s1", 1),
    ],
)
def test_who_has_rested_too_long_counts_as_required_until_the_rest_is_over(
    day: Problem, visit: str, counts: int
) -> None:
    assert value(day, **{visit: ["a"]}).required == counts


def test_required_clients_outrank_any_points_and_points_any_travel() -> None:
    poor = value(problem([client("a", prize=0, required=True)]), ana=["a"])
    rich = value(problem([client("a", prize=10**9)]), ana=["a"])
    near = value(problem([client("a"), client("b", prize=0)], travel_cost_per_hour=0), ana=["a"])
    far = value(problem([client("a", point=at(9))], travel_cost_per_hour=0), ana=["a"])

    assert poor.rank > rich.rank
    assert near.total == far.total
    assert near.rank > far.rank
