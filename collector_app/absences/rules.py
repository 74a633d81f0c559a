"""Kinds of absence, and what can't be one."""

from datetime import date, timedelta
from enum import StrEnum

from collector_app.core.errors import InvalidInput, RuleBroken

LONGEST_DAYS = 366


class AbsenceKind(StrEnum):
    """Why a collector does not work."""

    VACATION = "vacation"
    SICKNESS = "sickness"
    TRAINING = "training"
    LEAVE = "leave"
    OTHER = "other"


class WrongAbsence(InvalidInput):
    """The days of an absence are in the wrong order, or too many."""

    code = "wrong_absence"


class AbsenceOverlaps(RuleBroken):
    """The collector is absent on some of these days already."""

    code = "absence_overlaps"


def check_days(from_on: date, to_on: date) -> None:
    """Refuse days, both inclusive, that can't be an absence.

    Raises
    ------
    WrongAbsence
        If it would end before it begins, or last longer than a year.
    """
    if not from_on <= to_on < from_on + timedelta(days=LONGEST_DAYS):
        expected = f"a day from {from_on} on, at most {LONGEST_DAYS} days"
        raise WrongAbsence("to_on", expected, most=LONGEST_DAYS)
