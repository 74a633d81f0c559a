"""The forecast of cash: what it adds up, what widens it, and how often the truth lies inside."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.agenda.rules import (
    COVERAGE,
    CashHistory,
    Commitment,
    Said,
    forecast,
    history_of,
)
from collector_app.promises.rules import PromiseTerms, Receipt
from tests.agenda.invented_company import POLICY, TODAY, ZONE, Company

NO_HISTORY = CashHistory((), ())
COMPANIES = 60


def test_four_weeks_of_five_end_inside_the_interval():
    inside, sums_inside, weeks = 0, 0, 0
    for seed in range(COMPANIES):
        company = Company(seed)
        came = 0
        for week, cents in zip(company.forecast(), company.truth(), strict=True):
            came += cents
            weeks += 1
            inside += week.low_cents <= cents <= week.high_cents
            sums_inside += week.total_low_cents <= came <= week.total_high_cents

    assert inside / weeks == pytest.approx(COVERAGE, abs=0.05)
    assert sums_inside / weeks == pytest.approx(COVERAGE, abs=0.08)


def test_what_is_expected_is_neither_too_much_nor_too_little():
    expected = truth = 0
    for seed in range(COMPANIES):
        company = Company(seed)
        expected += sum(week.expected_cents for week in company.forecast())
        truth += sum(company.truth())

    assert expected == pytest.approx(truth, rel=0.04)


def test_a_promise_that_is_always_kept_comes_in_its_week():
    week = timedelta(days=7)
    sure = [Commitment(n, TODAY + week, 10_000, 1.0) for n in range(50)]

    found = forecast(TODAY, sure, NO_HISTORY, promises_over=100_000)

    assert [one.said_cents for one in found[:3]] == [0, 500_000, 0]
    assert found[1].kept_cents == pytest.approx(500_000, rel=0.01)
    assert found[0].kept_cents == 0


def test_a_promise_past_its_day_that_still_counts_is_expected_at_once():
    late = [Commitment(1, TODAY - timedelta(days=1), 10_000, 0.6)]

    assert forecast(TODAY, late, NO_HISTORY, promises_over=0)[0].said_cents == 10_000


def test_the_same_facts_give_the_same_forecast():
    some = [Commitment(n, TODAY, 10_000, 0.5) for n in range(30)]

    assert forecast(TODAY, some, NO_HISTORY, promises_over=9) == forecast(
        TODAY, some, NO_HISTORY, promises_over=9
    )


def test_few_promises_to_learn_from_make_the_interval_wide():
    some = [Commitment(n, TODAY, 10_000, 0.5) for n in range(500)]

    few, many = (forecast(TODAY, some, NO_HISTORY, promises_over=n)[0] for n in (0, 10_000))

    assert few.high_cents - few.low_cents > 2 * (many.high_cents - many.low_cents)


def test_later_instalments_of_an_agreement_hang_on_those_before_them():
    def said(*, is_agreement: bool) -> list[Commitment]:
        return [
            Commitment(
                client,
                TODAY + timedelta(days=7 * n),
                10_000,
                0.5,
                0.05,
                client if is_agreement else None,
            )
            for client in range(200)
            for n in range(4)
        ]

    one_by_one = forecast(TODAY, said(is_agreement=False), NO_HISTORY, promises_over=1_000)
    in_turn = forecast(TODAY, said(is_agreement=True), NO_HISTORY, promises_over=1_000)

    assert one_by_one[3].kept_cents == pytest.approx(1_000_000, rel=0.05)
    assert in_turn[3].kept_cents == pytest.approx(200 * 10_000 / 2**4, rel=0.2)


@pytest.mark.parametrize(("weeks", "is_foretold"), [(3, False), (4, True)])
def test_money_that_nobody_said_is_foretold_from_four_weeks_on(weeks, is_foretold):
    received = {TODAY - timedelta(days=7 * n + 7): 70_000 for n in range(weeks)}

    history = history_of(TODAY, received, [], ahead=13, zone=ZONE, policy=POLICY)
    found = forecast(TODAY, [], history, promises_over=0)

    assert all((one.unsaid_cents == 70_000) is is_foretold for one in found)


def test_money_of_a_promise_was_seen_from_as_far_as_the_promise_was_made_ahead():
    paid_on = TODAY - timedelta(days=7)  # the first day of the last week
    made_at = datetime(2026, 6, 1, 18, tzinfo=UTC)  # 28 days before it
    assert (paid_on - made_at.date()).days == 28
    terms = [PromiseTerms(1, 50_000, paid_on, made_at, False)]
    receipts = [Receipt(datetime.combine(paid_on, made_at.timetz()), paid_on, 50_000)]
    received = {paid_on: 80_000, paid_on - timedelta(days=70): 1}

    history = history_of(
        TODAY, received, [Said(terms, receipts)], ahead=6, zone=ZONE, policy=POLICY
    )

    last_week = [weeks[-1] for weeks in history.unsaid_cents]
    assert last_week == [30_000] * 4 + [80_000] * 2
    assert history.delays_days == (0,)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 10_000_000)), max_size=40))
def test_what_was_said_and_what_was_not_add_up_to_all_money(payments):
    received: dict[date, int] = defaultdict(int)
    receipts = []
    for days, cents in payments:
        on = TODAY - timedelta(days=days)
        received[on] += cents
        receipts.append(Receipt(datetime.combine(on, datetime.min.time(), UTC), on, cents))
    terms = [PromiseTerms(1, 10**9, TODAY, datetime(2020, 1, 1, tzinfo=UTC), False)]

    history = history_of(
        TODAY, received, [Said(terms, receipts)], ahead=2, zone=ZONE, policy=POLICY
    )

    assert all(cents == 0 for weeks in history.unsaid_cents for cents in weeks)
