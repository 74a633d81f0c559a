"""What a stop brings, in parts, and what it costs, in minutes and on the road."""

import pytest

from collector_app.planning.queries import StopRow
from collector_app.planning.rules import PlanPolicy
from collector_app.planning.worth import nearness_of, worth_cents, worth_of
from routing.scoring import PrizeCode

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
