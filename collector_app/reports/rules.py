"""Which reports there are, which days they speak of, and when one is to be made."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from collector_app.core.errors import CollectorError, InvalidInput

WEEK_DAYS = 7
DAY_S = 24 * 3600
MOST_TRIES = 4
FIRST_PAUSE = timedelta(minutes=2)  # before a report that failed is tried again; then it doubles


class ReportKind(StrEnum):
    """What a report tells."""

    DAY_CLOSE = "day_close"
    ZONE_WEEK = "zone_week"
    PROMISE_AGENDA = "promise_agenda"


class ReportState(StrEnum):
    """How a report stands."""

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"


class FileKind(StrEnum):
    """As which file a report is taken home."""

    PDF = "pdf"
    XLSX = "xlsx"


class WrongSchedule(InvalidInput):
    """A schedule names a weekday and an hour."""

    code = "wrong_schedule"


class NotFailed(CollectorError):
    """Only a report that failed is made again."""

    code = "report_not_failed"
    status = 409


@dataclass(frozen=True, slots=True)
class Hours:
    """When a report is made: seven letters, Monday first, "1" where it is; seconds of the day."""

    weekdays: str
    at_s: int

    def checked(self) -> "Hours":
        """Return it.

        Raises
        ------
        WrongSchedule
            When no weekday is chosen, or the hour is none of a day.
        """
        if len(self.weekdays) != WEEK_DAYS or not set(self.weekdays) <= {"0", "1"}:
            raise WrongSchedule("weekdays", "seven letters, 0 or 1")
        if "1" not in self.weekdays:
            raise WrongSchedule("weekdays", "at least one day")
        if not 0 <= self.at_s < DAY_S:
            raise WrongSchedule("at_s", "an hour of the day")
        return self


def days_of(kind: ReportKind, day: date) -> tuple[date, date]:
    """Return the first and the last day of which a report of a day speaks."""
    if kind is ReportKind.ZONE_WEEK:
        return day - timedelta(days=WEEK_DAYS - 1), day
    if kind is ReportKind.PROMISE_AGENDA:
        return day, day + timedelta(days=WEEK_DAYS - 1)
    return day, day


def last_due_on(hours: Hours, since: datetime, now: datetime) -> date | None:
    """Return the last day on which a report should have been made by now, if any.

    A worker that was off makes up for the last one alone: a week of old reports helps nobody.

    Parameters
    ----------
    since, now : datetime, with the time zone of the company
        When it was scheduled, and the present.
    """
    for back in range(WEEK_DAYS):
        day = now.date() - timedelta(days=back)
        at = datetime.combine(day, datetime.min.time(), now.tzinfo) + timedelta(seconds=hours.at_s)
        if hours.weekdays[day.weekday()] == "1" and since < at <= now:
            return day
    return None


def next_try_at(failed_at: datetime, tries: int) -> datetime | None:
    """Return when a report that failed is tried again by itself; None when it was tried enough."""
    if tries >= MOST_TRIES:
        return None
    pause: timedelta = FIRST_PAUSE * 2 ** (tries - 1)
    return failed_at + pause
