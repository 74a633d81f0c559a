"""Kinds of complaints, how soon each must be answered, and which of them pause contact."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from collector_app.compliance.rules import BanKind, holiday_name
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.stages.rules import PauseCause


class ComplaintKind(StrEnum):
    """What a client complains of, or asks for by right."""

    ILL_TREATMENT = "ill_treatment"
    DISPUTED_DEBT = "disputed_debt"
    PRODUCT = "product"
    DO_NOT_CONTACT = "do_not_contact"
    DECEASED = "deceased"
    MINOR = "minor"
    VULNERABLE = "vulnerable"
    DATA_ACCESS = "data_access"
    DATA_CORRECTION = "data_correction"
    DATA_DELETION = "data_deletion"
    DATA_OBJECTION = "data_objection"
    OTHER = "other"


class ComplaintUnexplained(InvalidInput):
    """A complaint or its answer has no words."""

    code = "complaint_unexplained"


class ComplaintClosed(NotFound):
    """There is no such complaint that still waits for an answer."""

    code = "complaint_closed"


# While these are open nobody visits the client; what collectors are told of why.
BANS = {
    ComplaintKind.ILL_TREATMENT: BanKind.COMPLAINT,
    ComplaintKind.DISPUTED_DEBT: BanKind.DISPUTE,
    ComplaintKind.DO_NOT_CONTACT: BanKind.DO_NOT_CONTACT,
    ComplaintKind.DECEASED: BanKind.DECEASED,
    ComplaintKind.MINOR: BanKind.MINOR,
    ComplaintKind.VULNERABLE: BanKind.VULNERABLE,
    ComplaintKind.DATA_OBJECTION: BanKind.DATA_OBJECTION,
}
# While these are open collecting is paused, with the cause that tells what the pause does.
PAUSE_CAUSES = {
    ComplaintKind.ILL_TREATMENT: PauseCause.COMPLAINT,
    ComplaintKind.DISPUTED_DEBT: PauseCause.DISPUTE,
    ComplaintKind.DECEASED: PauseCause.DECEASED,
}
DATA_RIGHTS = frozenset(
    {
        ComplaintKind.DATA_ACCESS,
        ComplaintKind.DATA_CORRECTION,
        ComplaintKind.DATA_DELETION,
        ComplaintKind.DATA_OBJECTION,
    }
)
# LFPDPPP, articles 21 to 34: an answer within 20 working days.
DATA_RIGHTS_DAYS = 20
# Company policy; no article that was read sets a number of days for the others.
ILL_TREATMENT_DAYS = 2
OTHER_DAYS = 10


@dataclass(frozen=True, slots=True)
class ComplaintData:
    """What a client says; ``about`` is the collector it is about, if any."""

    client_id: int
    kind: ComplaintKind
    text: str
    about: int | None = None


def days_to_answer(kind: ComplaintKind) -> int:
    """Return within how many working days a complaint must be answered."""
    if kind in DATA_RIGHTS:
        return DATA_RIGHTS_DAYS
    return ILL_TREATMENT_DAYS if kind is ComplaintKind.ILL_TREATMENT else OTHER_DAYS


def answer_by(received_on: date, kind: ComplaintKind, calendar: str) -> date:
    """Return the last day to answer: working days after the day it came in.

    Parameters
    ----------
    calendar : str
        Country whose holidays are no working days (ISO 3166, two letters); empty for none.
    """
    day, left = received_on, days_to_answer(kind)
    while left:
        day += timedelta(days=1)
        is_free = day.weekday() >= 5 or (calendar and holiday_name(calendar, day) is not None)
        left -= not is_free
    return day


def complaint_folio(complaint_id: int) -> str:
    """Return the folio that the client is told."""
    return f"Q-{complaint_id:06d}"
