"""Each further rule by itself: a day that keeps it just so, and the same day one step beyond."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from routing.explain import plan_of
from routing.measure import measure
from routing.plan import Plan, PlannedStop, TakenBreak, Visit
from routing.problem import Break, Candidate, Prices, Problem, Shift, Window
from routing.verifier import Rule, verify
from tests.routing.rich_days import RushHour
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

T8 = 8 * HOUR
TOWN = PaperTown()
LUNCH = Break(Window(T8 + 1800, T8 + 2400), 600)
# What a plan made for another problem says of those left out is not what is asked here.
OF_REASONS = {Rule.REASON, Rule.FACTS, Rule.LEFT_OUT}


def rules(day: Problem, plan: Plan) -> set[Rule]:
    found = verify(day, plan, measure(day, TOWN))
    return {one.rule for one in found} - OF_REASONS


def people(*ids: str, **changes: Any) -> list[Candidate]:
    return [replace(candidate(id, at(1)), **changes) for id in ids]


def by_hand(day: Problem, **orders: list[str | Visit]) -> Plan:
    return plan_of(day, measure(day, TOWN), orders)


def two_days() -> list[Shift]:
    return [replace(shift(f"ana{day}"), collector="ana", day=day) for day in (0, 1)]


FREE = problem(people("a", "b"), two_days())
BOTH_TODAY = by_hand(FREE, ana0=["a", "b"])
ONE_A_DAY = by_hand(FREE, ana0=["a"], ana1=["b"])


def edited(day: Problem, id: str, **changes: Any) -> Problem:
    whole = [replace(one, **changes) if one.id == id else one for one in day.candidates]
    return replace(day, candidates=tuple(whole))


def edited_shifts(day: Problem, **changes: Any) -> Problem:
    return replace(day, shifts=tuple(replace(one, **changes) for one in day.shifts))


def limited(limit: int) -> Problem:
    day = problem(people("a", "b", cash=10), two_days())
    return edited_shifts(day, cash_limit=limit)


JUST_SO_AND_BEYOND: dict[str, tuple[Plan, Problem, Problem, Rule]] = {
    "window of the day": (
        ONE_A_DAY,
        edited(FREE, "b", windows=(Window(T8, T8 + HOUR, day=1),)),
        edited(FREE, "b", windows=(Window(T8, T8 + HOUR, day=0),)),
        Rule.WINDOW,
    ),
    "skills": (
        ONE_A_DAY,
        edited_shifts(edited(FREE, "a", skills=frozenset({"firm"})), skills=frozenset({"firm"})),
        edited(FREE, "a", skills=frozenset({"firm"})),
        Rule.NOT_ALLOWED,
    ),
    "forbidden collector": (
        ONE_A_DAY,
        edited(FREE, "a", forbidden_collectors=frozenset({"beto"})),
        edited(FREE, "a", forbidden_collectors=frozenset({"ana"})),
        Rule.NOT_ALLOWED,
    ),
    "allowed collectors": (
        ONE_A_DAY,
        edited(FREE, "a", collectors=frozenset({"ana"})),
        edited(FREE, "a", collectors=frozenset()),
        Rule.NOT_ALLOWED,
    ),
    "cash": (BOTH_TODAY, limited(20), limited(19), Rule.CASH),
    "group": (
        ONE_A_DAY,
        edited(FREE, "a", group="family"),
        edited(edited(FREE, "a", group="family"), "b", group="family"),
        Rule.GROUP,
    ),
    "turn on the same route": (
        BOTH_TODAY,
        edited(FREE, "b", after=frozenset({"a"})),
        edited(FREE, "a", after=frozenset({"b"})),
        Rule.TURN,
    ),
    "turn on another day": (
        ONE_A_DAY,
        edited(FREE, "b", after=frozenset({"a"})),
        edited(FREE, "a", after=frozenset({"b"})),
        Rule.TURN,
    ),
    "rest since the last contact": (
        ONE_A_DAY,
        edited(FREE, "b", last_contact_day=-1, min_rest_days=2),
        edited(FREE, "b", last_contact_day=-1, min_rest_days=3),
        Rule.REST,
    ),
}


@pytest.mark.parametrize(
    ("plan", "just_so", "beyond", "rule"), JUST_SO_AND_BEYOND.values(), ids=JUST_SO_AND_BEYOND
)
def test_a_rule_is_kept_just_so_and_broken_one_step_beyond(
    plan: Plan, just_so: Problem, beyond: Problem, rule: Rule
) -> None:
    assert rules(just_so, plan) == set()
    assert rules(beyond, plan) == {rule}


def test_a_deposit_empties_the_pockets() -> None:
    bank = replace(candidate("bank", at(1), prize=1000), is_deposit=True)
    day = problem([*people("a", "b", cash=10), bank], [replace(shift(), cash_limit=10)])

    plan = by_hand(day, ana=["a", "bank", "b"])

    assert rules(day, plan) == set()
    assert rules(edited(day, "bank", is_deposit=False), plan) == {Rule.CASH}


def twice(**changes: Any) -> Problem:
    return problem(people("a", prize=100, repeat_prize=40, max_visits=2, **changes), two_days())


def test_a_second_visit_needs_leave_rest_and_its_own_prize() -> None:
    plan = by_hand(twice(), ana0=["a"], ana1=["a"])

    assert [route.stops[0].prize for route in plan.routes] == [100, 40]
    assert rules(twice(), plan) == set()
    assert rules(twice(min_rest_days=2), plan) == {Rule.REST}
    assert rules(edited(twice(), "a", max_visits=1), plan) == {Rule.REPEATED}
    assert rules(edited(twice(), "a", repeat_prize=41), plan) == {Rule.PRIZE}


def test_prices_of_a_stop_are_checked() -> None:
    preferred = (Window(T8 + HOUR, T8 + 2 * HOUR),)
    day = problem(people("a", preferred=preferred, outside_price=7, published_shift="eva"))
    day = replace(day, prices=Prices(moved=5))

    early, waiting = by_hand(day, ana=["a"]), by_hand(day, ana=[Visit("a", waits=True)])

    assert (early.routes[0].stops[0].outside_price, early.routes[0].stops[0].moved_price) == (7, 5)
    assert waiting.routes[0].stops[0].outside_price == 0
    assert waiting.routes[0].stops[0].starts_s == T8 + HOUR
    assert rules(day, early) == rules(day, waiting) == set()
    assert rules(edited(day, "a", outside_price=8), early) == {Rule.PRICE}
    assert rules(replace(day, prices=Prices(moved=6)), waiting) == {Rule.PRICE}
    late = (Window(T8 + 2 * HOUR, T8 + 3 * HOUR),)
    assert Rule.WINDOW in rules(edited(day, "a", preferred=late), waiting)


def with_stop(plan: Plan, position: int, **changes: Any) -> Plan:
    (route,) = plan.routes
    stops = list(route.stops)
    stops[position] = replace(stops[position], **changes)
    return replace(plan, routes=(replace(route, stops=tuple(stops)),))


@pytest.fixture
def lunch_day() -> Problem:
    """Two visits of 25 min, a block apart from home: lunch falls between them."""
    day = problem(people("a", "b", service_s=1500))
    return edited_shifts(day, breaks=(LUNCH,))


def test_lunch_is_taken_between_two_visits(lunch_day: Problem) -> None:
    plan = by_hand(lunch_day, ana=["a", "b"])

    a, b = plan.routes[0].stops
    # 8:01 to 8:26 at a, next door; lunch at 8:30, and on at 8:40.
    assert (a.breaks, b.breaks) == ((), (TakenBreak(T8 + 1800, 600),))
    assert (b.starts_s, plan.routes[0].breaks_at_end) == (T8 + 2400, ())
    assert rules(lunch_day, plan) == set()


LUNCH_BREACHES: dict[str, Callable[[PlannedStop], tuple[TakenBreak, ...]]] = {
    "left out": lambda b: (),
    "too short": lambda b: (TakenBreak(T8 + 1800, 599),),
    "too early": lambda b: (TakenBreak(T8 + 1799, 600),),
    "during the visit": lambda b: (TakenBreak(b.starts_s, 600),),
    "twice": lambda b: (TakenBreak(T8 + 1800, 600), TakenBreak(T8 + 2400, 0)),
}


@pytest.mark.parametrize("breach", LUNCH_BREACHES.values(), ids=LUNCH_BREACHES)
def test_a_lunch_that_is_none_is_named(
    lunch_day: Problem, breach: Callable[[PlannedStop], tuple[TakenBreak, ...]]
) -> None:
    plan = by_hand(lunch_day, ana=["a", "b"])

    broken = with_stop(plan, 1, breaks=breach(plan.routes[0].stops[1]))

    assert rules(lunch_day, broken) == {Rule.BREAK}


def test_who_is_home_before_lunch_needs_none_and_a_second_later_does() -> None:
    # 8:01 to 8:26 at a, home at 8:27: 1,620 s.
    day = problem(people("a", service_s=1500))
    plan = by_hand(day, ana=["a"])
    on_time = Break(Window(T8 + 1620, T8 + 2400), 600)
    before = Break(Window(T8 + 1619, T8 + 2400), 600)

    assert rules(edited_shifts(day, breaks=(on_time,)), plan) == set()
    assert rules(edited_shifts(day, breaks=(before,)), plan) == {Rule.BREAK}


def test_a_ride_is_as_long_as_its_hour_makes_it() -> None:
    town = RushHour()
    day = problem([candidate("a", at(5), service_s=1200), candidate("b", at(10))])
    matrices = measure(day, town, by_hour=True)

    plan = plan_of(day, matrices, {"ana": ["a", "b"]})

    # 5 blocks at 60 s; at 8:25 a block takes 180 s; waiting for 8:40 would be later.
    a, b = plan.routes[0].stops
    assert [(one.travel_s, one.arrives_s) for one in (a, b)] == [
        (300, T8 + 300),
        (900, T8 + 2400),
    ]
    assert verify(day, plan, matrices) == []
    slow = with_stop(plan, 1, travel_s=300, arrives_s=T8 + 1800)
    assert Rule.RIDE in {one.rule for one in verify(day, slow, matrices)}


def test_leaving_later_is_chosen_where_it_arrives_earlier() -> None:
    town = RushHour()
    day = problem([candidate("a", at(0), service_s=2100), candidate("b", at(10))])
    matrices = measure(day, town, by_hour=True)

    plan = plan_of(day, matrices, {"ana": ["a", "b"]})

    # Ready at 8:35: now 10 blocks take 30 min, from 8:40 on 5.
    b = plan.routes[0].stops[1]
    assert (b.arrives_s - b.travel_s, b.arrives_s) == (T8 + 2400, T8 + 2700)
    assert verify(day, plan, matrices) == []
