"""Which hours of a day the law leaves open to visits, whoever the client is."""

from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays

from collector_app.compliance.rules.profile import (
    Channel,
    ContactRule,
    ForbiddenRule,
    HolidayRule,
    HoursRule,
    HourWindow,
    Profile,
)

DAY_S = 24 * 3600
WHOLE_DAY = (HourWindow(0, DAY_S),)


def visit_windows(profile: Profile, day: date) -> tuple[HourWindow, ...]:
    """Return when visits may happen on a day under every rule; empty means not at all.

    Knows hours, holidays and places where visits are forbidden; what was done to a client before
    is for `decide`.
    """
    windows: tuple[HourWindow, ...] = WHOLE_DAY
    for rule in profile.rules:
        if isinstance(rule, ContactRule) and Channel.VISIT in rule.channels:
            windows = meet(windows, rule_windows(rule, day))
    return windows


def rule_windows(rule: ContactRule, day: date) -> tuple[HourWindow, ...]:
    """Return what one rule leaves open of a day."""
    match rule:
        case HoursRule():
            return rule.windows[day.weekday()]
        case HolidayRule():
            return () if holiday_of(rule, day) else WHOLE_DAY
        case ForbiddenRule():
            return ()
        case _:
            return WHOLE_DAY


def meet(ours: Iterable[HourWindow], theirs: Iterable[HourWindow]) -> tuple[HourWindow, ...]:
    """Return what lies in both sets of windows, in order."""
    theirs = tuple(theirs)
    if theirs == WHOLE_DAY:  # most rules leave it open, and a cartera asks a hundred thousand times
        return tuple(sorted(ours))
    both = (
        HourWindow(max(a.start_s, b.start_s), min(a.end_s, b.end_s)) for a in ours for b in theirs
    )
    return tuple(sorted(window for window in both if window.start_s <= window.end_s))


def holiday_of(rule: HolidayRule, day: date) -> str | None:
    """Return the name of the day on which a rule rests: a public holiday, or one of its own."""
    own = day.isoformat() if day in rule.extra else None
    return holiday_name(rule.calendar, day) or own


def holiday_name(calendar: str, day: date) -> str | None:
    """Return the Spanish name of the public holiday, or None on other days.

    Source: the package `holidays`; for Mexico its public holidays are the rest days of article 74
    of the Ley Federal del Trabajo.
    """
    name: str | None = _holidays_of(calendar, day.year).get(day)
    return name


@cache
def _holidays_of(calendar: str, year: int) -> dict[date, str]:
    return dict(holidays.country_holidays(calendar, years=year, language="es").items())
