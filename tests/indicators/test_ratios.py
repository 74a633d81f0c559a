"""The interval of a ratio of two sums: by hand, beside a bootstrap, and where there is none."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.indicators.rules import (
    CATALOGUE,
    PARTS,
    Indicator,
    Moments,
    figure,
    ratio_error,
    ratio_interval,
    spread_of,
)

AMOUNTS = st.integers(0, 10**9)


def error_of(pairs, *, is_share=False) -> float | None:
    found = ratio_error(Moments.of_pairs(pairs), is_share=is_share)
    return None if found is None else found / PARTS


def test_the_error_is_that_of_the_residuals_worked_out_by_hand():
    # Four clients, five visits, 400 pesos: 80 a visit. Residuals 140, -80, 20, -80.
    pairs = [(300, 2), (0, 1), (100, 1), (0, 1)]

    expected = sqrt(4 / 3 * (140**2 + 80**2 + 20**2 + 80**2)) / 5 / 80
    assert error_of(pairs) == pytest.approx(expected, rel=1e-8)


def test_the_interval_goes_by_students_t_of_one_case_less():
    low, high = ratio_interval(80, 4, PARTS // 10)

    assert (low, high) == (pytest.approx(80 - 3.18245 * 8), pytest.approx(80 + 3.18245 * 8))


def test_equal_cases_have_an_interval_without_width():
    assert error_of([(250, 2), (125, 1), (375, 3), (125, 1)]) == 0


@pytest.mark.parametrize(
    ("pairs", "is_share"),
    [
        ([], False),
        ([(300, 2)], False),  # one case says nothing of others
        ([(0, 2), (0, 1), (0, 1)], False),  # nothing came of any
        ([(5, 5), (7, 7), (2, 2)], True),  # all came of each
        ([(5, 0), (7, 0)], False),  # nothing to divide by
        ([(1, 1), (1, 1), (900, 1_000)], True),  # one case is nearly the whole
    ],
)
def test_there_is_none_where_the_cases_say_nothing_of_others(pairs, is_share):
    assert error_of(pairs, is_share=is_share) is None


def test_what_is_no_share_may_be_equal_in_all_cases():
    assert error_of([(5, 5), (7, 7), (6, 6)]) == 0


@pytest.mark.parametrize("seed", range(4))
def test_it_is_as_wide_as_a_bootstrap_says(seed):
    random = np.random.default_rng(seed)
    visits = random.integers(1, 6, 300)
    cents = np.where(random.random(300) < 0.4, random.lognormal(10, 0.7, 300) * visits, 0)
    drawn = random.integers(0, 300, (4_000, 300))
    again = cents[drawn].sum(axis=1) / visits[drawn].sum(axis=1)

    error = error_of(list(zip(cents.tolist(), visits.tolist(), strict=True)))

    ratio = cents.sum() / visits.sum()
    assert error is not None
    assert error * ratio == pytest.approx(again.std(), rel=0.05)
    low, high = ratio_interval(ratio, 300, round(error * PARTS))
    assert (low, high) == pytest.approx(np.quantile(again, (0.025, 0.975)), rel=0.03)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS).map(sorted), min_size=2, max_size=20))
def test_the_interval_of_a_share_holds_it_and_stays_a_share(pairs):
    indicator = Indicator.RISK_30
    kind, sums = CATALOGUE[indicator], Moments.of_pairs(pairs)
    counts = {kind.part: int(sums.part), kind.whole: int(sums.whole)}

    seen = figure(indicator, {**counts, **spread_of(indicator, sums)})

    if seen.value is not None and seen.low is not None and seen.high is not None:
        assert 0 <= seen.low <= seen.value <= seen.high <= 1


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=2, max_size=20), st.integers(2, 1_000))
def test_the_error_does_not_depend_on_the_unit_of_money(pairs, scale):
    scaled = [(part * scale, whole) for part, whole in pairs]
    one, other = error_of(pairs), error_of(scaled)

    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one == pytest.approx(other, rel=1e-5, abs=1e-5)


def test_debts_that_grew_may_take_what_was_collected_below_nothing():
    indicator = Indicator.EFFECTIVENESS
    kind = CATALOGUE[indicator]
    sums = Moments.of_pairs([(-20, 100), (10, 110), (5, 90), (-8, 100)])
    counts = {kind.part: int(sums.part), kind.whole: int(sums.whole)}

    seen = figure(indicator, {**counts, **spread_of(indicator, sums)})

    assert seen.value is not None
    assert seen.low is not None
    assert seen.high is not None
    assert seen.low < seen.value < 0 < seen.high


def test_a_ratio_of_few_cases_is_weak_however_much_money_it_is():
    indicator = Indicator.KEPT_AMOUNT_RATE
    kind = CATALOGUE[indicator]
    sums = Moments.of_pairs([(50_000, 100_000)] * 28 + [(20_000, 100_000)])
    counts = {kind.part: int(sums.part), kind.whole: int(sums.whole)}

    few = figure(indicator, {**counts, **spread_of(indicator, sums)})

    assert few.cases == 29
    assert few.is_weak
