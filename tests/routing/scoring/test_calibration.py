"""Forecasts are judged by their squared error, cut into what was wrong and what was known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.scoring.calibration import calibrate, wilson


def test_a_score_by_hand():
    found = calibrate([0.8, 0.8, 0.2, 0.2], [True, False, False, False])

    # (0.04 + 0.64 + 0.04 + 0.04) / 4; one in four came true.
    assert found.brier == pytest.approx(0.19)
    assert found.baseline == pytest.approx(0.1875)
    assert [(one.predicted, one.observed, one.count) for one in found.bins] == [
        (pytest.approx(0.2), 0.0, 2),
        (pytest.approx(0.8), 0.5, 2),
    ]
    # Off by 0.2 and by 0.3; apart from the mean by 0.25 each.
    assert found.reliability == pytest.approx((0.04 + 0.09) / 2)
    assert found.resolution == pytest.approx(0.0625)
    assert found.rest == pytest.approx(0)
    assert found.skill == pytest.approx(1 - 0.19 / 0.1875)


def test_perfect_forecasts_leave_no_error():
    found = calibrate([1.0, 0.0] * 20, [True, False] * 20)

    assert (found.brier, found.skill) == (0, 1)


def test_honest_forecasts_hold_and_boasting_ones_do_not():
    dice = np.random.default_rng(1)
    truth = dice.uniform(0.1, 0.9, 4000)
    came = (dice.random(4000) < truth).tolist()

    honest = calibrate(truth.tolist(), came)
    boasting = calibrate(np.minimum(1, truth + 0.15).tolist(), came)

    assert sum(one.holds for one in honest.bins) >= 8
    assert sum(one.holds for one in boasting.bins) <= 2
    assert honest.brier < boasting.brier
    assert honest.skill > 0.15


def test_equal_forecasts_share_a_bin():
    found = calibrate([0.45] * 50 + [0.6], [True] * 51)

    assert [one.count for one in found.bins] == [50, 1]


@pytest.mark.parametrize(("count", "is_enough"), [(29, False), (30, True)])
def test_few_forecasts_say_nothing(count, is_enough):
    assert calibrate([0.5] * count, [True] * count).is_enough == is_enough


def test_without_forecasts_there_is_nothing_to_judge():
    assert calibrate([], []) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200))
def test_the_parts_add_up_to_the_score(pairs):
    found = calibrate([share for share, _ in pairs], [came for _, came in pairs])

    total = found.reliability - found.resolution + found.baseline + found.rest
    assert total == pytest.approx(found.brier)
    assert sum(one.count for one in found.bins) == len(pairs)
    assert all(one.low <= one.observed <= one.high + 1e-12 for one in found.bins)


def test_wilson_by_the_book():
    # Agresti and Coull's example: 0 of 10 gives 0 to 0.278; 5 of 10 gives 0.237 to 0.763.
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-3)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)
    assert wilson(0, 0) == (0, 1)
