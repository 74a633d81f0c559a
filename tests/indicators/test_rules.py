"""The arithmetic of indicators: quotients, intervals, periods, targets."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.indicators.rules import (
    CATALOGUE,
    BadPeriod,
    BadTarget,
    Count,
    Indicator,
    Period,
    RowKind,
    checked_period,
    figure,
    garwood,
    is_met,
    stored_target,
    target_of,
    usual_period,
    wilson,
)

TODAY = date(2026, 3, 10)


def test_every_indicator_is_in_the_catalogue():
    assert set(CATALOGUE) == set(Indicator)


def test_a_figure_is_its_part_over_its_whole():
    seen = figure(Indicator.CONTACT_RATE, Counter({Count.CONTACTS: 30, Count.VISITS: 40}))

    assert (seen.part, seen.whole, seen.value) == (30, 40, 0.75)
    assert not seen.is_weak


def test_without_a_denominator_there_is_no_figure():
    seen = figure(Indicator.KEPT_RATE, {})

    assert seen.value is None
    assert seen.low is None


def test_a_small_sample_is_told_to_be_weak():
    assert figure(Indicator.KEPT_RATE, {Count.KEPT: 2, Count.DUE: 29}).is_weak
    assert not figure(Indicator.KEPT_RATE, {Count.KEPT: 2, Count.DUE: 30}).is_weak


@pytest.mark.parametrize("indicator", [Indicator.SALES_OUTSTANDING, Indicator.COST_PER_VISIT])
def test_what_is_no_sample_has_no_interval_and_is_not_weak(indicator):
    kind = CATALOGUE[indicator]

    seen = figure(indicator, {kind.part: 50, kind.whole: 100})

    assert (seen.low, seen.cases, seen.is_weak) == (None, None, False)


def test_every_other_indicator_says_what_its_cases_are():
    without = {one for one in Indicator if CATALOGUE[one].sample is None}

    assert without == {
        Indicator.SALES_OUTSTANDING,
        Indicator.COST_PER_VISIT,
        Indicator.COST_PER_PESO,
    }


def test_the_interval_is_that_of_wilson():
    # 1 of 10: 0.0179 to 0.4041, as in tables of the score interval.
    low, high = wilson(1, 10)

    assert low == pytest.approx(0.0179, abs=1e-4)
    assert high == pytest.approx(0.4041, abs=1e-4)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_a_share(case):
    successes, trials = case
    low, high = wilson(successes, trials)

    assert 0.0 <= low <= successes / trials + 1e-9
    assert successes / trials - 1e-9 <= high <= 1.0


def test_the_usual_period_is_four_whole_weeks_until_today():
    assert usual_period(TODAY) == Period(date(2026, 2, 11), TODAY)
    assert usual_period(TODAY).days == 28


def test_the_period_before_ends_the_day_before():
    assert Period(date(2026, 3, 1), date(2026, 3, 7)).before == Period(
        date(2026, 2, 22), date(2026, 2, 28)
    )


def test_a_year_is_the_longest_period():
    first = TODAY - timedelta(days=365)

    assert checked_period(first, TODAY, TODAY).days == 366
    with pytest.raises(BadPeriod):
        checked_period(first - timedelta(days=1), TODAY, TODAY)


@pytest.mark.parametrize(
    ("from_on", "to_on", "field"),
    [
        (TODAY, TODAY - timedelta(days=1), "to_on"),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=2), "from_on"),
    ],
)
def test_a_period_that_cannot_be_is_refused_by_its_field(from_on, to_on, field):
    with pytest.raises(BadPeriod) as caught:
        checked_period(from_on, to_on, TODAY)

    assert caught.value.field == field


@pytest.mark.parametrize(
    ("indicator", "target"),
    [
        (Indicator.CONTACT_RATE, 0.6251),
        (Indicator.RECOVERED_PER_VISIT, 15_050),
        (Indicator.TIME_PER_VISIT, 600),
        (Indicator.COMPLAINTS_PER_1000, 0.5),
        (Indicator.DAYS_TO_CONTACT, 1.25),
        (Indicator.SALES_OUTSTANDING, 45.5),
    ],
)
def test_a_target_comes_back_as_it_was_set(indicator, target):
    assert target_of(indicator, *stored_target(indicator, target)) == target


def test_a_target_of_before_divisors_is_read_as_it_was_stored():
    assert target_of(Indicator.CONTACT_RATE, 6_251, None) == 0.6251
    assert target_of(Indicator.VISITS_PER_DAY, 12, None) == 12


@pytest.mark.parametrize("target", [0, -1, 1.01, float("nan")])
def test_a_target_that_cannot_be_is_refused(target):
    with pytest.raises(BadTarget):
        stored_target(Indicator.CONTACT_RATE, target)


@pytest.mark.parametrize("target", [0.004, 2e9])
def test_a_target_that_would_be_stored_as_none_or_not_at_all_is_refused(target):
    with pytest.raises(BadTarget):
        stored_target(Indicator.VISITS_PER_DAY, target)


def test_more_is_better_for_contacts_and_less_for_broken_promises():
    assert is_met(CATALOGUE[Indicator.CONTACT_RATE], 0.5, 0.5)
    assert not is_met(CATALOGUE[Indicator.CONTACT_RATE], 0.49, 0.5)
    assert is_met(CATALOGUE[Indicator.BROKEN_RATE], 0.5, 0.5)
    assert not is_met(CATALOGUE[Indicator.BROKEN_RATE], 0.51, 0.5)


def test_what_describes_the_cartera_is_told_apart():
    of_today = {one for one in Indicator if CATALOGUE[one].is_of_today}

    assert {CATALOGUE[one].rows for one in of_today} == {RowKind.CLIENTS}


@pytest.mark.parametrize(
    ("events", "low", "high"),
    # As in tables of exact limits of Poisson's mean.
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627)],
)
def test_the_interval_of_rare_events_is_the_exact_one(events, low, high):
    assert garwood(events) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_a_rate_is_told_per_thousand_with_its_interval():
    seen = figure(Indicator.COMPLAINTS_PER_1000, {Count.COMPLAINTS: 1, Count.CONTACTS: 500})

    assert seen.value == 2.0
    assert (seen.low, seen.high) == (
        pytest.approx(0.0506, abs=1e-3),
        pytest.approx(11.14, abs=0.01),
    )


def test_money_per_hour_is_not_money_per_second():
    tally = {Count.RECOVERED_CENTS: 90_000, Count.FIELD_S: 2 * 3600}

    assert figure(Indicator.RECOVERED_PER_HOUR, tally).value == 45_000
