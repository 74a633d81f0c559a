"""When reports are due, and of which days they speak."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.reports.rules import (
    MOST_TRIES,
    Hours,
    ReportKind,
    WrongSchedule,
    days_of,
    last_due_on,
    next_try_at,
)

MEXICO = ZoneInfo("America/Mexico_City")
EIGHT_PM = 20 * 3600
WORKDAYS = Hours("1111100", EIGHT_PM)
LONG_AGO = datetime(2026, 1, 1, tzinfo=MEXICO)


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=MEXICO)  # the tenth is a Tuesday


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at(10, 19, 59), 9),  # not yet today's
        (at(10, 20), 10),
        (at(11, 3), 10),  # the worker was off in the evening
        (at(14, 23), 13),  # Saturday: Friday's
        (at(15, 23), 13),
    ],
)
def test_a_report_is_due_from_its_hour_on_until_the_next(now, due):
    assert last_due_on(WORKDAYS, LONG_AGO, now) == date(2026, 3, due)


def test_what_was_due_before_it_was_scheduled_is_not_made():
    assert last_due_on(WORKDAYS, at(10, 20, 30), at(10, 21)) is None
    assert last_due_on(WORKDAYS, at(10, 20, 30), at(11, 20)) == date(2026, 3, 11)


def test_each_kind_speaks_of_its_days():
    day = date(2026, 3, 10)

    assert days_of(ReportKind.DAY_CLOSE, day) == (day, day)
    assert days_of(ReportKind.ZONE_WEEK, day) == (date(2026, 3, 4), day)
    assert days_of(ReportKind.PROMISE_AGENDA, day) == (day, date(2026, 3, 16))


@pytest.mark.parametrize(
    "hours", [Hours("0000000", 0), Hours("11", 0), Hours("1111112", 0), Hours("1111111", 86_400)]
)
def test_a_schedule_names_days_and_an_hour(hours):
    with pytest.raises(WrongSchedule):
        hours.checked()


def test_pauses_between_tries_double_until_it_was_tried_enough():
    failed = at(10, 8)

    assert next_try_at(failed, 1) - failed == timedelta(minutes=2)
    assert next_try_at(failed, 3) - failed == timedelta(minutes=8)
    assert next_try_at(failed, MOST_TRIES) is None
