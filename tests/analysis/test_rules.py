"""Roll rates, vintages, ratios and the simulator, worked out by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.analysis.charts import lines
from collector_app.analysis.rules import (
    PAID_UP,
    Levers,
    Receivables,
    Roll,
    Vintage,
    VintageCell,
    late_at,
    lever_gains,
    month_of,
    roll_matrix,
    vintages_of,
    weekly_cash,
)
from collector_app.portfolio.rules import AgingBucket

LEVERS = Levers(
    collectors=2,
    days_a_month=20,
    visits_a_day=25,
    contact_rate=0.4,
    pays_now_rate=0.1,
    payment_cents=50_000,
    promise_rate=0.5,
    kept_rate=0.6,
    promise_cents=80_000,
    promise_lag_weeks=2,
    day_cost_cents=60_000,
    km_a_visit=1.5,
    km_cost_cents=400,
)


def test_a_bucket_tells_what_rolled_on_what_came_back_and_what_was_paid():
    matrix = roll_matrix(
        [
            Roll(AgingBucket.D31_60, AgingBucket.D61_90, 4, 40_000),
            Roll(AgingBucket.D31_60, AgingBucket.D31_60, 1, 10_000),
            Roll(AgingBucket.D31_60, AgingBucket.D1_30, 2, 20_000),
            Roll(AgingBucket.D31_60, AgingBucket.CURRENT, 1, 5_000),
            Roll(AgingBucket.D31_60, None, 2, 25_000),
        ]
    )

    row = matrix[list(AgingBucket).index(AgingBucket.D31_60)]

    assert (row.clients, row.opening_cents, row.cured_clients) == (10, 100_000, 3)
    assert row.worsened == pytest.approx(0.4)
    assert row.improved == pytest.approx(0.2)
    assert row.cured == pytest.approx(0.3)
    assert row.shares[PAID_UP] == pytest.approx(0.25)


def test_what_was_never_overdue_is_not_called_cured():
    row = roll_matrix([Roll(AgingBucket.CURRENT, None, 3, 100)])[0]

    assert (row.cured, row.cured_clients) == (0.0, 0)


@given(
    st.lists(
        st.builds(
            Roll,
            st.sampled_from(AgingBucket),
            st.none() | st.sampled_from(AgingBucket),
            st.integers(1, 50),
            st.integers(1, 10**9),
        )
    )
)
def test_all_the_money_of_a_bucket_went_somewhere(rolls):
    for row in roll_matrix(rolls):
        assert sum(row.shares.values()) == pytest.approx(1 if row.opening_cents else 0)
        is_worse = row.worsened + row.shares[row.origin] + row.improved + row.cured
        if row.origin is not AgingBucket.CURRENT:
            assert is_worse == pytest.approx(1 if row.opening_cents else 0)
    assert sum(row.opening_cents for row in roll_matrix(rolls)) == sum(
        one.opening_cents for one in rolls
    )


def test_the_share_late_by_an_age_is_of_the_quarters_that_have_reached_it():
    found = [
        Vintage(2025, 1, 4, 300, (0.0, 0.1, 0.5)),
        Vintage(2025, 2, 1, 100, (0.0, 0.5)),
        Vintage(2025, 3, 1, 0, (0.0, 0.9)),  # without any money lent
    ]

    assert late_at(found, 1) == pytest.approx((0.1 * 300 + 0.5 * 100) / 400)
    assert late_at(found, 2) == 0.5
    assert late_at(found, 3) is None


def test_a_vintage_ends_at_the_age_of_its_youngest_credits():
    found = vintages_of(
        [
            VintageCell((2025, 1), None, 6, 600),
            VintageCell((2025, 1), 2, 3, 300),
            VintageCell((2025, 3), 4, 1, 100),
            VintageCell((2025, 7), 1, 1, 50),
        ],
        today=(2025, 8),
    )

    first, second = found
    assert (first.year, first.quarter, first.credits, first.lent_cents) == (2025, 1, 10, 1000)
    assert first.late_by_age == pytest.approx((0, 0, 0.3, 0.3, 0.4, 0.4))
    assert second.late_by_age == pytest.approx((0, 1))


def test_the_ratios_of_receivables():
    period = Receivables(
        days=30,
        opening_cents=100_000,
        invoiced_cents=60_000,
        closing_cents=80_000,
        closing_current_cents=40_000,
    )

    assert period.sales_outstanding_days == pytest.approx(40)
    assert period.effectiveness == pytest.approx(80_000 / 120_000)


def test_ratios_without_anything_to_divide_by_are_unknown():
    nothing = Receivables(30, 0, 0, 0, 0)

    assert nothing.sales_outstanding_days is None
    assert nothing.effectiveness is None


def test_a_month_follows_from_its_levers():
    month = month_of(LEVERS)

    assert (month.visits, month.contacts, month.promises) == (1000, 400, 200)
    assert month.kept == pytest.approx(120)
    assert month.now_cents == 40 * 50_000
    assert month.promised_cents == 120 * 80_000
    assert month.cost_cents == 40 * 60_000 + 1500 * 400
    assert month.cost_per_peso == pytest.approx(3_000_000 / 11_600_000)


def test_nothing_recovered_has_no_cost_per_peso():
    assert month_of(replace(LEVERS, contact_rate=0)).cost_per_peso is None


def test_promised_money_follows_its_lag():
    better = replace(LEVERS, kept_rate=0.9)

    before, after = weekly_cash(LEVERS, LEVERS), weekly_cash(better, LEVERS)

    assert after[:2] == before[:2]
    assert all(new > old for new, old in zip(after[2:], before[2:], strict=True))


def test_the_lever_that_yields_most_comes_first():
    gains = lever_gains(LEVERS)

    assert next(iter(gains)) == "contact_rate"
    assert gains["visits_a_day"] < gains["contact_rate"]  # more visits cost more kilometres
    assert list(gains.values()) == sorted(gains.values(), reverse=True)


def test_a_share_never_grows_past_one():
    assert lever_gains(replace(LEVERS, kept_rate=1.0))["kept_rate"] == 0


def test_lines_share_one_scale():
    assert lines([(0, 2), (4, 1)]) == ["0.0,100.0 300.0,50.0", "0.0,0.0 300.0,75.0"]
    assert lines([(1,), ()]) == ["", ""]
