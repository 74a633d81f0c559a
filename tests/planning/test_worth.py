"""What a stop brings, in parts, and what it costs, in minutes and on the road."""

import pytest

from collector_app.planning.queries import StopRow
from collector_app.planning.rules import PlanPolicy
from collector_app.planning.worth import (
    cents_at,
    nearness_of,
    reasons_at,
    worth_cents,
    worth_of,
)
from routing.scoring import PrizeCode, day_part

POLICY = PlanPolicy(travel_cost_cents_per_hour=150_00, neutral_prize_cents=99_00)


def stop(*reasons, prize_cents: int = 300_00, detour_s: int = 240) -> StopRow:
    """A visit of eight minutes that begins five minutes after the collector is there."""
    return StopRow(1, 1, 7, 36_000, 36_300, 36_780, 600, 2_500, detour_s, prize_cents, [*reasons])


def scored(**parts: int) -> dict[str, object]:
    return {"code": "chances", "worth_cents": sum(parts.values()), "parts": parts}


def test_the_parts_of_a_prize_add_up_to_what_the_search_weighed():
    worth = worth_of(stop(scored(overdue=300_00, long_silence=20_00, exploration=5_00)), POLICY)

    assert worth.parts == (
        (PrizeCode.OVERDUE, 300_00),
        (PrizeCode.LONG_SILENCE, 20_00),
        (PrizeCode.EXPLORATION, 5_00),
    )
    assert worth.total_cents == sum(cents for _code, cents in worth.parts)


def test_a_stop_costs_its_detour_its_waiting_and_its_visit():
    worth = worth_of(stop(detour_s=240), POLICY)

    assert (worth.detour_s, worth.waits_s, worth.visit_s) == (240, 300, 480)
    assert worth.takes_s == 1_020


def test_the_way_there_costs_what_its_time_on_the_road_does():
    assert worth_of(stop(detour_s=240), POLICY).detour_cents == 10_00  # 4 min of 150 an hour


def test_a_client_without_a_score_counts_as_the_plan_counted_them():
    off = {"code": "scoring_off", "by": "Delia", "why": "lo pidió", "worth_cents": 123_00}

    worth = worth_of(stop(off), POLICY)

    assert worth.parts == ((PrizeCode.NEUTRAL, 123_00),)


def test_plans_that_did_not_keep_that_count_the_neutral_prize_of_the_house():
    off = {"code": "scoring_off", "by": "Delia", "why": "lo pidió"}

    assert worth_cents(stop(off), POLICY) == 99_00


def test_a_plan_that_kept_no_parts_shows_its_prize_alone():
    worth = worth_of(stop({"code": "debt", "overdue_cents": 1, "days": 2}), POLICY)

    assert worth.parts == ()
    assert worth.total_cents == 300_00


def test_a_plan_is_as_near_to_the_best_as_its_routes_together():
    bounds = {
        "7": {"upper_cents": 100_000, "made_cents": 99_000, "relaxed": []},
        "8": {"upper_cents": 300_000, "made_cents": 300_000, "relaxed": []},
    }

    nearness = nearness_of({"bounds": bounds})

    assert nearness.by_collector == pytest.approx({7: 1.0, 8: 0.0})
    assert nearness.whole == pytest.approx(0.25)


@pytest.mark.parametrize("parameters", [{}, {"bounds": {}}])
def test_of_a_plan_without_bounds_nothing_is_said(parameters):
    assert nearness_of(parameters) is None


# Met at ten in four of ten visits, at eighteen in eight: the parts of the day are the library's.
MORNING_S, EVENING_S = 10 * 3600, 18 * 3600
BY_PART = {day_part(MORNING_S).value: 0.4, day_part(EVENING_S).value: 0.8}


def of_an_hour(**facts) -> dict[str, object]:
    told = scored(overdue=300_00, exploration=10_00)
    return {**told, "contact": 0.4, "by_part": BY_PART, **facts}


def test_a_stop_brings_more_at_the_hour_at_which_the_client_is_met():
    planned = stop(of_an_hour(), {"code": "expected", "prize_cents": 300_00})

    assert cents_at(planned, EVENING_S) == 600_00
    chances, expected = reasons_at(planned, EVENING_S)
    assert expected["prize_cents"] == 600_00
    assert (chances["contact"], chances["worth_cents"]) == (0.8, 620_00)
    assert chances["parts"] == {"overdue": 600_00, "exploration": 20_00}


def test_within_its_part_of_the_day_a_stop_brings_what_it_was_planned_with():
    planned = stop(of_an_hour())

    assert cents_at(planned, planned.starts_s + 60) == 300_00
    assert reasons_at(planned, planned.starts_s + 60) == list(planned.reasons)


@pytest.mark.parametrize("reason", [scored(overdue=300_00), of_an_hour(by_part={})])
def test_a_stop_whose_hour_does_not_matter_brings_the_same_at_any(reason):
    assert cents_at(stop(reason), EVENING_S) == 300_00
    assert reasons_at(stop(reason), EVENING_S) == [reason]
