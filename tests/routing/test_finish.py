"""The last touch by OR-Tools: better where a move helps, and only for rules that it knows."""

from dataclasses import replace
from random import Random

import pytest

from routing.explain import plan_of
from routing.geo import Point
from routing.measure import measure
from routing.problem import Break, Candidate, Measure, Prices, Problem, Shift, Window
from routing.solver.finish import finish, is_finishable
from routing.travel.haversine import Haversine

DAY = Window(9 * 3600, 17 * 3600)
HOME = Point(19.40, -99.10)


def candidate(number: int, **values: object) -> Candidate:
    point = Point(19.40 + number / 100, -99.10)
    return replace(Candidate(str(number), point, 600, 1000, (DAY,)), **values)


def day(*candidates: Candidate, **shift: object) -> Problem:
    return Problem((replace(Shift("ana", HOME, HOME, DAY), **shift),), candidates)


LINE = day(*(candidate(number) for number in range(1, 6)))


def finished(problem: Problem, order: list[str]) -> list[str]:
    found = finish(problem, measure(problem, Haversine()), {"ana": order}, 5.0, never)
    assert found is not None
    return found["ana"]


def never() -> bool:
    return False


def ridden_s(problem: Problem, order: list[str]) -> int:
    return plan_of(problem, measure(problem, Haversine()), {"ana": order}).routes[0].travel_s


def test_a_crossed_order_is_straightened() -> None:
    order = finished(LINE, ["1", "4", "2", "5", "3"])

    assert sorted(order) == ["1", "2", "3", "4", "5"]
    assert ridden_s(LINE, order) == ridden_s(LINE, ["1", "2", "3", "4", "5"])


def test_whoever_was_left_out_and_fits_is_visited() -> None:
    assert sorted(finished(LINE, ["1", "2", "5"])) == ["1", "2", "3", "4", "5"]


def test_a_dear_visit_takes_the_place_of_a_cheap_one() -> None:
    problem = day(candidate(1), candidate(2, prize=5000), max_stops=1)

    assert finished(problem, ["1"]) == ["2"]


def test_a_visit_that_costs_more_than_it_brings_is_left_out() -> None:
    problem = replace(LINE, travel_cost_per_hour=10**9)

    assert finished(problem, ["1", "2"]) == []


def test_a_required_visit_stays_whatever_it_costs() -> None:
    problem = replace(day(candidate(1, required=True), candidate(2)), travel_cost_per_hour=10**9)

    assert finished(problem, ["1", "2"]) == ["1"]


def test_cash_limits_hold() -> None:
    problem = day(candidate(1, cash=600), candidate(2, cash=600), cash_limit=1000)

    assert len(finished(problem, [])) == 1


def test_orders_that_do_not_fit_are_no_beginning() -> None:
    closed = day(candidate(1, windows=(Window(0, 60),)))

    assert finish(closed, measure(closed, Haversine()), {"ana": ["1"]}, 1.0, never) is None


@pytest.mark.parametrize(
    "problem",
    [
        day(candidate(1, group="family")),
        day(candidate(1, preferred=(DAY,))),
        day(candidate(1, is_deposit=True)),
        day(candidate(1, max_visits=2)),
        day(candidate(1, last_contact_day=-1, min_rest_days=1)),
        day(candidate(1, windows=(replace(DAY, day=0),))),
        day(candidate(1), candidate(2, after=frozenset({"1"}))),
        day(candidate(1), breaks=(Break(Window(46800, 50400), 1800),)),
        day(candidate(1), day=1),
        replace(LINE, prices=Prices(moved=1)),
        replace(LINE, prices=Prices(dropped=1)),
        replace(LINE, prices=Prices(unfairness=((Measure.HOURS, 1),))),
    ],
)
def test_a_rule_that_the_model_does_not_state_keeps_it_away(problem: Problem) -> None:
    assert not is_finishable(problem, measure(problem, Haversine()))


def test_a_plain_day_is_finishable() -> None:
    assert is_finishable(LINE, measure(LINE, Haversine()))


def test_a_descent_that_is_told_to_stop_gives_what_it_has() -> None:
    dice = Random(1)
    points = [Point(19.3 + dice.random() / 50, -99.2 + dice.random() / 50) for _ in range(120)]
    people = [
        Candidate(str(i), point, 0, 1000, (Window(0, 30 * 3600),)) for i, point in enumerate(points)
    ]
    crossed = day(*people, window=Window(0, 40 * 3600))
    matrices, orders = measure(crossed, Haversine()), {"ana": [one.id for one in people]}

    stopped = finish(crossed, matrices, orders, 60.0, lambda: True)
    whole = finish(crossed, matrices, orders, 60.0, never)

    assert whole is not None
    assert stopped is None or ridden_s(crossed, stopped["ana"]) > ridden_s(crossed, whole["ana"])
