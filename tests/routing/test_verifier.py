"""A good plan passes; the same plan broken in one way is told apart by that breach."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from routing.measure import measure
from routing.plan import Plan, PlannedStop, Route, Skipped, SkipReason
from routing.problem import Problem, Window
from routing.travel.times import Profile
from routing.verifier import Rule, verify
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

ISLAND = at(9, 9)
TOWN = PaperTown(islands=[ISLAND])
T8 = 8 * HOUR


@pytest.fixture
def day() -> Problem:
    """Ana on a motorcycle and Beto in a car; one client for each reason to be left out.

    Ana's morning ends at 9:00, so that a and b fill it.
    """
    return problem(
        [
            candidate("a", at(2), prize=500),
            candidate("b", at(5), prize=700, windows=(Window(0, 60), Window(T8 + 1500, T8 + 1800))),
            candidate("c", at(0, 4), prize=300, shifts=frozenset({"beto"})),
            candidate("nowindow", at(1), windows=()),
            candidate("late", at(1), windows=(Window(15 * HOUR, 16 * HOUR),)),
            candidate("island", ISLAND),
            candidate("nobody", at(1), shifts=frozenset()),
            candidate("cheap", at(3), prize=0),
            candidate("notime", at(4), service_s=2400, shifts=frozenset({"ana"})),
        ],
        [
            shift("ana", window=Window(T8, T8 + 3600)),
            shift("beto", start=at(0, 2), end=None, profile=Profile.CAR, max_stops=1),
        ],
    )


@pytest.fixture
def plan() -> Plan:
    """Ana: 2 blocks to a, 10 min there, 3 blocks to b, waits for its second window, 5 home."""
    a = PlannedStop("a", T8 + 120, T8 + 120, T8 + 720, 120, 200, 500, detour_s=0)
    # Without b she rides 2 + 2 blocks instead of 10: 360 s saved.
    b = PlannedStop(
        "b", T8 + 900, T8 + 1500, T8 + 2100, 180, 300, 700, detour_s=360, detour_cost=60
    )
    # Beto rides 2 blocks by car (30 s each) and his day ends there.
    c = PlannedStop("c", T8 + 60, T8 + 60, T8 + 660, 60, 200, 300, detour_s=60, detour_cost=10)
    routes = (
        Route("ana", (a, b), T8, T8 + 2400, 600, 1000),
        Route("beto", (c,), T8, T8 + 660, 60, 200),
    )
    skipped = (
        Skipped("nowindow", SkipReason.NO_LEGAL_WINDOW),
        Skipped("late", SkipReason.OUTSIDE_SHIFT),
        Skipped("island", SkipReason.UNREACHABLE),
        Skipped("nobody", SkipReason.NO_SHIFT),
        # On Ana's way from a to b: no detour, but nothing to gain either.
        Skipped(
            "cheap",
            SkipReason.NOT_WORTH_THE_TRIP,
            {"prize": 0, "detour_s": 0, "detour_cost": 0, "shift": "ana"},
        ),
        # 40 min there: after b she would be home at 9:15, before b she would miss its window.
        Skipped("notime", SkipReason.NO_TIME_LEFT, {"prize": 1000, "detour_s": 0}),
    )
    return Plan(routes, skipped, 1500, "paper", True, 0, "by hand")


def rules(day: Problem, plan: Plan) -> set[Rule]:
    return {violation.rule for violation in verify(day, plan, measure(day, TOWN))}


def test_a_good_plan_has_no_violation(day: Problem, plan: Plan) -> None:
    assert verify(day, plan, measure(day, TOWN)) == []


def with_stop(plan: Plan, route: int, stop: int, **changes: Any) -> Plan:
    stops = list(plan.routes[route].stops)
    stops[stop] = replace(stops[stop], **changes)
    return with_route(plan, route, stops=tuple(stops))


def with_route(plan: Plan, route: int, **changes: Any) -> Plan:
    routes = list(plan.routes)
    routes[route] = replace(routes[route], **changes)
    return replace(plan, routes=tuple(routes))


def with_skipped(plan: Plan, position: int, **changes: Any) -> Plan:
    skipped = list(plan.skipped)
    skipped[position] = replace(skipped[position], **changes)
    return replace(plan, skipped=tuple(skipped))


def with_fact(plan: Plan, position: int, fact: str, value: int | str) -> Plan:
    return with_skipped(plan, position, facts={**plan.skipped[position].facts, fact: value})


BREACHES: dict[str, tuple[Callable[[Plan], Plan], Rule]] = {
    "a route is missing": (lambda p: replace(p, routes=p.routes[:1]), Rule.ROUTES),
    "routes are swapped": (lambda p: replace(p, routes=p.routes[::-1]), Rule.ROUTES),
    "a shift is invented": (lambda p: with_route(p, 1, shift_id="eva"), Rule.ROUTES),
    "an id is invented": (lambda p: with_stop(p, 0, 0, candidate_id="x"), Rule.UNKNOWN),
    "a skipped id is invented": (lambda p: with_skipped(p, 0, candidate_id="x"), Rule.UNKNOWN),
    "a client is visited twice": (lambda p: with_stop(p, 0, 1, candidate_id="a"), Rule.REPEATED),
    "visited and skipped": (lambda p: with_skipped(p, 5, candidate_id="a"), Rule.REPEATED),
    "a client is forgotten": (lambda p: replace(p, skipped=p.skipped[1:]), Rule.FORGOTTEN),
    "starts before its window": (
        lambda p: with_stop(p, 0, 1, starts_s=T8 + 1499, leaves_s=T8 + 2099),
        Rule.WINDOW,
    ),
    "starts after its window": (
        lambda p: with_stop(p, 0, 1, starts_s=T8 + 1801, leaves_s=T8 + 2401),
        Rule.WINDOW,
    ),
    "starts between its windows": (lambda p: with_stop(p, 0, 1, starts_s=T8 + 900), Rule.WINDOW),
    "stays one second too short": (
        lambda p: with_stop(p, 0, 1, leaves_s=T8 + 2099),
        Rule.SERVICE,
    ),
    "starts before it arrives": (
        lambda p: with_stop(p, 0, 0, starts_s=T8 + 119, leaves_s=T8 + 719),
        Rule.CLOCK,
    ),
    "arrives too early": (lambda p: with_stop(p, 0, 1, arrives_s=T8 + 899), Rule.CLOCK),
    "rides faster than the streets": (lambda p: with_stop(p, 0, 1, travel_s=179), Rule.RIDE),
    "rides a shorter way": (lambda p: with_stop(p, 0, 1, travel_m=299), Rule.RIDE),
    "returns too early": (lambda p: with_route(p, 0, returns_s=T8 + 2399), Rule.CLOCK),
    "leaves before the shift": (lambda p: with_route(p, 0, leaves_s=T8 - 1), Rule.SHIFT),
    "detour of a stop is wrong": (lambda p: with_stop(p, 0, 1, detour_s=359), Rule.DETOUR),
    "prize of a stop is wrong": (lambda p: with_stop(p, 0, 1, prize=701), Rule.PRIZE),
    "travel time of a route is wrong": (lambda p: with_route(p, 0, travel_s=601), Rule.TOTAL),
    "metres of a route are wrong": (lambda p: with_route(p, 1, travel_m=199), Rule.TOTAL),
    "the prize is wrong": (lambda p: replace(p, prize=1501), Rule.TOTAL),
    "no window, other reason": (
        lambda p: with_skipped(p, 0, reason=SkipReason.NO_TIME_LEFT),
        Rule.REASON,
    ),
    "late, other reason": (
        lambda p: with_skipped(p, 1, reason=SkipReason.NO_TIME_LEFT),
        Rule.REASON,
    ),
    "island, other reason": (lambda p: with_skipped(p, 2, reason=SkipReason.NO_SHIFT), Rule.REASON),
    "nobody, other reason": (
        lambda p: with_skipped(p, 3, reason=SkipReason.OUTSIDE_SHIFT),
        Rule.REASON,
    ),
    "cheap, other reason": (
        lambda p: with_skipped(p, 4, reason=SkipReason.NO_TIME_LEFT),
        Rule.REASON,
    ),
    "no time, other reason": (
        lambda p: with_skipped(p, 5, reason=SkipReason.NOT_WORTH_THE_TRIP),
        Rule.REASON,
    ),
    "detour cost of a stop is wrong": (lambda p: with_stop(p, 0, 1, detour_cost=61), Rule.PRICE),
    "fact prize": (lambda p: with_fact(p, 5, "prize", 999), Rule.FACTS),
    "fact detour": (lambda p: with_fact(p, 5, "detour_s", 60), Rule.FACTS),
    "fact cost": (lambda p: with_fact(p, 4, "detour_cost", 1), Rule.FACTS),
    "fact shift": (lambda p: with_fact(p, 5, "shift", "beto"), Rule.FACTS),
}


@pytest.mark.parametrize(("break_it", "rule"), BREACHES.values(), ids=BREACHES)
def test_each_breach_is_named(
    day: Problem, plan: Plan, break_it: Callable[[Plan], Plan], rule: Rule
) -> None:
    assert rule in rules(day, break_it(plan))


def test_returning_after_the_shift_is_named_and_on_the_second_is_not(
    day: Problem, plan: Plan
) -> None:
    ana, beto = day.shifts
    on_time = replace(ana, window=Window(T8, T8 + 2400))
    too_short = replace(ana, window=Window(T8, T8 + 2399))

    assert Rule.SHIFT not in rules(replace(day, shifts=(on_time, beto)), plan)
    assert Rule.SHIFT in rules(replace(day, shifts=(too_short, beto)), plan)


def test_more_stops_than_allowed_are_named_and_exactly_as_many_are_not(
    day: Problem, plan: Plan
) -> None:
    ana, beto = day.shifts

    assert Rule.TOO_MANY_STOPS not in rules(
        replace(day, shifts=(replace(ana, max_stops=2), beto)), plan
    )
    assert Rule.TOO_MANY_STOPS in rules(
        replace(day, shifts=(replace(ana, max_stops=1), beto)), plan
    )


def test_a_shift_that_may_not_visit_is_named(day: Problem, plan: Plan) -> None:
    a, *others = day.candidates

    day = replace(day, candidates=(replace(a, shifts=frozenset({"beto"})), *others))

    assert Rule.NOT_ALLOWED in rules(day, plan)


def test_a_visit_where_no_way_leads_is_named(day: Problem, plan: Plan) -> None:
    matrices = measure(day, PaperTown(islands=[at(5)]))

    found = {violation.rule for violation in verify(day, plan, matrices)}

    assert Rule.NO_WAY in found


def test_a_visit_without_any_travel_time_is_named(day: Problem, plan: Plan) -> None:
    found = {violation.rule for violation in verify(day, plan, {})}

    assert Rule.NO_WAY in found


def test_a_client_that_fits_and_pays_may_not_be_left_out(day: Problem, plan: Plan) -> None:
    # Three blocks lie on the way home from b; 1 point is worth no detour.
    *others, cheap, notime = day.candidates
    day = replace(day, candidates=(*others, replace(cheap, prize=1), notime))

    assert Rule.LEFT_OUT in rules(day, plan)


def test_a_required_client_may_not_be_left_out_for_an_optional_one(
    day: Problem, plan: Plan
) -> None:
    *others, notime = day.candidates
    day = replace(day, candidates=(*others, replace(notime, required=True)))

    assert Rule.LEFT_OUT in rules(day, plan)


def test_a_required_client_may_be_left_out_for_another_required_one(
    day: Problem, plan: Plan
) -> None:
    a, b, *others, notime = day.candidates
    required = (replace(a, required=True), replace(b, required=True))
    day = replace(day, candidates=(*required, *others, replace(notime, required=True)))

    assert rules(day, plan) == set()


def test_a_violation_reads_as_place_rule_and_figures(day: Problem, plan: Plan) -> None:
    broken = with_stop(plan, 0, 1, starts_s=T8 + 1801, leaves_s=T8 + 2401)

    lines = [str(one) for one in verify(day, broken, measure(day, TOWN))]

    assert (
        "routes[0].stops[1].starts_s: outside_window: "
        "starts at 30601, windows are 0..60, 30300..30600"
    ) in lines


def test_reasons_can_be_left_unchecked_and_nothing_else_is(day: Problem, plan: Plan) -> None:
    wrong = replace(plan, skipped=(*plan.skipped[1:], Skipped("nowindow", SkipReason.NO_SHIFT)))
    late = replace(wrong, routes=(replace(plan.routes[0], returns_s=T8 + 5), *plan.routes[1:]))

    def rules_of(made: Plan) -> set[Rule]:
        found = verify(day, made, measure(day, TOWN), reasons_too=False)
        return {one.rule for one in found}

    assert verify(day, wrong, measure(day, TOWN))
    assert rules_of(wrong) == set()
    assert rules_of(late) != set()
