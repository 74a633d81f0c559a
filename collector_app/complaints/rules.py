"""Kinds of complaints, how soon each must be answered, and which of them pause contact."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from collector_app.compliance.rules import (
    AnswerRule,
    BanKind,
    Confidence,
    Matter,
    Profile,
    Source,
    answer_rules,
    holiday_name,
)
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
# The longest that the company takes, whatever the law: of ill treatment two working days and of
# others ten by its own policy, as no law that was read asks for less.
POLICY = Source("regla de la casa", "Plazo propio para responder", "", Confidence.HIGH)
POLICY_DATA = Source("LFPDPPP arts. 21 a 34", "Se responde en 20 días hábiles", "", Confidence.HIGH)
DATA_RIGHTS_DAYS = 20
ILL_TREATMENT_DAYS = 2
OTHER_DAYS = 10


@dataclass(frozen=True, slots=True)
class ComplaintData:
    """What a client says; ``about`` is the collector it is about, if any."""

    client_id: int
    kind: ComplaintKind
    text: str
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to answer, and by which article; its source names the creditors, if any."""

    day: date
    source: Source


def deadline(received_on: date, kind: ComplaintKind, law: Profile) -> Deadline:
    """Return the soonest of what the laws of a client and the company's policy ask for.

    Parameters
    ----------
    law : Profile
        That of the house, and of the creditors of the client beside it.
    """
    matter = Matter(kind) if kind in DATA_RIGHTS else Matter.COMPLAINT
    ends = [
        Deadline(last_day(received_on, rule), rule.source) for rule in answer_rules(law, matter)
    ]
    policy = _policy(kind, law.country)
    ends.append(Deadline(last_day(received_on, policy), policy.source))
    return min(ends, key=lambda one: one.day)


def last_day(received_on: date, rule: AnswerRule) -> date:
    """Return the last day of a rule: so many days that count after the day it came in."""
    if not rule.is_working:
        return received_on + timedelta(days=rule.days)
    day, left = received_on, rule.days
    while left:
        day += timedelta(days=1)
        is_free = day.weekday() >= 5 or (
            bool(rule.calendar) and holiday_name(rule.calendar, day) is not None
        )
        left -= not is_free
    return day


def _policy(kind: ComplaintKind, calendar: str) -> AnswerRule:
    """Return the company's own limit: working days where the house is."""
    if kind in DATA_RIGHTS:
        days, source = DATA_RIGHTS_DAYS, POLICY_DATA
    else:
        days = ILL_TREATMENT_DAYS if kind is ComplaintKind.ILL_TREATMENT else OTHER_DAYS
        source = POLICY
    return AnswerRule("policy", source, frozenset(Matter), days, is_working=True, calendar=calendar)


def complaint_folio(complaint_id: int) -> str:
    """Return the folio that the client is told."""
    return f"Q-{complaint_id:06d}"
