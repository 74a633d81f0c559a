"""The only place that asks what time it is."""

import calendar
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_DAY = date(2000, 1, 1)  # no debt here is older; before it, a year is a slip of the finger

_read: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - swapped by `frozen`


def now() -> datetime:
    """Return the present instant, UTC."""
    return _read()


def today(zone: ZoneInfo) -> date:
    """Return the present date in a time zone."""
    return now().astimezone(zone).date()


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local day, as UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def local_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant of a local day and the first of the next, as UTC."""
    return local_midnight(day, zone), local_midnight(day + timedelta(days=1), zone)


def at_second(day: date, second_s: int, zone: ZoneInfo) -> datetime:
    """Return the instant that a local clock shows `second_s` after midnight, as UTC.

    Wall-clock arithmetic: on a day when the clocks change, 9:00 stays 9:00.
    """
    naive = datetime.combine(day, time.min) + timedelta(seconds=second_s)
    return naive.replace(tzinfo=zone).astimezone(UTC)


def second_of_day(instant: datetime, zone: ZoneInfo) -> int:
    """Return what a local clock shows at an instant, seconds after midnight."""
    local = instant.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second


def months_after(day: date, months: int) -> date:
    """Return the same day so many months after (negative: before), or the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Stop the clock at an instant, for tests and for the history of the demo."""
    global _read  # noqa: PLW0603 - one clock for the process is the point of this module
    before = _read
    _read = lambda: instant  # noqa: E731
    try:
        yield
    finally:
        _read = before
