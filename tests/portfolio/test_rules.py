"""Arrears and their buckets."""

from datetime import date

import pytest

from collector_app.portfolio.rules import AgingBucket, bucket, days_past_due

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("due_on", "days"),
    [
        (date(2026, 3, 10), 0),
        (date(2026, 3, 9), 1),
        (date(2026, 3, 11), 0),
        (date(2026, 1, 28), 41),
    ],
)
def test_days_are_counted_from_the_day_after_the_due_date(due_on, days):
    assert days_past_due(due_on, TODAY) == days


@pytest.mark.parametrize(
    ("days", "one"),
    [
        (0, AgingBucket.CURRENT),
        (1, AgingBucket.D1_30),
        (30, AgingBucket.D1_30),
        (31, AgingBucket.D31_60),
        (60, AgingBucket.D31_60),
        (61, AgingBucket.D61_90),
        (90, AgingBucket.D61_90),
        (91, AgingBucket.D90_PLUS),
    ],
)
def test_a_bucket_ends_with_its_last_day(days, one):
    assert bucket(days) is one
