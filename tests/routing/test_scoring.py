"""Prizes are worked out by hand once, move only in the right direction, and add up."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import InvalidProblem
from routing.scoring import Prize, PrizeCode, PrizeWeights, VisitFacts, prize

# Round numbers that can be followed in the head.
ROUND = PrizeWeights(
    contact_share=0.5,
    repeated_miss_factor=0.5,
    appointment_contact_share=1.0,
    pays_now_share=0.25,
    promises_share=0.5,
    keeps_share=0.5,
    broken_promise_factor=0.5,
    amount_share=0.5,
    half_life_days=100,
    due_promise_share=0.75,
    late_promise_factor=0.5,
    silence_gain=1.0,
    silence_days=10,
)
SEEN_TODAY = VisitFacts(overdue_cents=160_000, days_since_contact=0)


def codes(found: Prize) -> dict[PrizeCode, int]:
    return {part.code: part.cents for part in found.parts}


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        # Half are met; a quarter pays and half x half promises and keeps: half of half the debt.
        ({}, 20_000),
        ({"days_past_due": 100}, 10_000),
        # Of the promises, a quarter is kept instead of half: 3/8 instead of 4/8.
        ({"broken_promises": 1}, 15_000),
        ({"attempts_without_contact": 1}, 10_000),
        ({"has_appointment": True}, 40_000),
        ({"has_appointment": True, "attempts_without_contact": 3}, 40_000),
        ({"days_since_contact": 5}, 30_000),
        ({"days_since_contact": 10}, 40_000),
        ({"days_since_contact": 11}, 40_000),
        ({"days_since_contact": None}, 40_000),
        # 3/4 of the promised half, and the rest like any debt: half of (60,000 + 20,000).
        ({"promise_due_cents": 80_000}, 40_000),
        ({"promise_due_cents": 80_000, "promise_days_late": 1}, 25_000),
        # A promise of more than the debt counts as the debt: half of 3/4 of 160,000.
        ({"promise_due_cents": 900_000}, 60_000),
        ({"overdue_cents": 0}, 0),
    ],
)
def test_prizes_by_hand(changes: dict[str, int], total: int) -> None:
    assert prize(replace(SEEN_TODAY, **changes), ROUND).total == total


def test_the_parts_say_what_each_fact_adds() -> None:
    facts = VisitFacts(
        overdue_cents=160_000,
        days_past_due=100,
        days_since_contact=5,
        promise_due_cents=80_000,
        promise_days_late=0,
        has_appointment=True,
    )

    found = prize(facts, ROUND)

    # Debt: 10,000. Promise: half of (60,000 + 10,000). Appointment doubles, silence adds half.
    assert codes(found) == {
        PrizeCode.OVERDUE: 10_000,
        PrizeCode.PROMISE_DUE: 25_000,
        PrizeCode.APPOINTMENT: 35_000,
        PrizeCode.LONG_SILENCE: 35_000,
    }
    assert [dict(part.facts) for part in found.parts] == [
        {"overdue_cents": 160_000, "days_past_due": 100},
        {"promise_cents": 80_000, "days_late": 0},
        {},
        {"days": 5},
    ]


def test_facts_that_add_nothing_are_no_parts() -> None:
    assert codes(prize(SEEN_TODAY, ROUND)) == {PrizeCode.OVERDUE: 20_000}
    assert prize(replace(SEEN_TODAY, overdue_cents=0), ROUND).parts == ()


SHARES = st.floats(0, 1)
WEIGHTS = st.builds(
    PrizeWeights,
    **{
        one.name: st.floats(0.1, 1000) if one.name.endswith("_days") else SHARES
        for one in fields(PrizeWeights)
    },
)
COUNTS = st.integers(0, 400)
CENTS = st.integers(0, 10**9)
FACTS = st.builds(
    VisitFacts,
    overdue_cents=CENTS,
    days_past_due=COUNTS,
    days_since_contact=st.none() | COUNTS,
    attempts_without_contact=st.integers(0, 20),
    broken_promises=st.integers(0, 20),
    promise_due_cents=st.just(0) | CENTS,
    promise_days_late=st.integers(0, 60),
    has_appointment=st.booleans(),
)


@given(FACTS, WEIGHTS)
def test_parts_add_up_to_the_total_whatever_the_weights(
    facts: VisitFacts, weights: PrizeWeights
) -> None:
    found = prize(facts, weights)

    assert sum(part.cents for part in found.parts) == found.total
    assert all(part.cents > 0 for part in found.parts)


@given(FACTS, WEIGHTS)
def test_a_prize_is_at_most_the_urgency_times_the_debt(
    facts: VisitFacts, weights: PrizeWeights
) -> None:
    assert 0 <= prize(facts, weights).total <= facts.overdue_cents * (1 + weights.silence_gain)


@pytest.mark.parametrize("fact", ["overdue_cents", "promise_due_cents", "days_since_contact"])
@given(facts=FACTS, weights=WEIGHTS, more=st.integers(0, 10**8))
def test_more_of_it_never_lowers_a_prize(
    fact: str, facts: VisitFacts, weights: PrizeWeights, more: int
) -> None:
    raised = replace(facts, **{fact: (getattr(facts, fact) or 0) + more})
    known = facts if getattr(facts, fact) is not None else replace(facts, **{fact: 0})

    # A cent for the rounding of the sum of two products.
    assert prize(raised, weights).total >= prize(known, weights).total - 1


@pytest.mark.parametrize(
    "fact",
    ["days_past_due", "attempts_without_contact", "broken_promises", "promise_days_late"],
)
@given(facts=FACTS, weights=WEIGHTS, more=st.integers(0, 100))
def test_more_of_it_never_raises_a_prize(
    fact: str, facts: VisitFacts, weights: PrizeWeights, more: int
) -> None:
    raised = replace(facts, **{fact: getattr(facts, fact) + more})

    assert prize(raised, weights).total <= prize(facts, weights).total


@given(FACTS, WEIGHTS)
def test_an_appointment_or_never_having_been_seen_never_lowers_a_prize(
    facts: VisitFacts, weights: PrizeWeights
) -> None:
    expected = prize(replace(facts, has_appointment=True), weights).total
    unexpected = prize(replace(facts, has_appointment=False), weights).total
    never_seen = prize(replace(facts, days_since_contact=None), weights).total

    assert expected >= unexpected
    assert never_seen >= prize(facts, weights).total


@pytest.mark.parametrize(
    ("weight", "value"),
    [
        ("contact_share", 1.01),
        ("keeps_share", -0.01),
        ("keeps_share", float("nan")),
        ("half_life_days", 0),
        ("silence_gain", -1),
        ("silence_days", float("inf")),
    ],
)
def test_a_weight_out_of_range_is_refused_by_name(weight: str, value: float) -> None:
    with pytest.raises(InvalidProblem) as refusal:
        PrizeWeights(**{weight: value})

    assert refusal.value.place == f"weights.{weight}"


def test_a_negative_fact_is_refused_by_name() -> None:
    with pytest.raises(InvalidProblem) as refusal:
        VisitFacts(overdue_cents=-1)

    assert refusal.value.place == "facts.overdue_cents"
