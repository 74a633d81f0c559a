"""What holds for one client beside the law: hours they asked for, rules lifted for them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from collector_app.compliance.rules.creditors import CreditorLaw
from collector_app.compliance.rules.profile import HoursRule, HourWindow
from collector_app.compliance.rules.sources import Confidence, Source
from collector_app.core.errors import InvalidInput, RuleBroken
from collector_app.portfolio.rules import VisitedPlace

WISH_PREFIX = "client_wish"
LONGEST_OVERRIDE_DAYS = 90  # an exception is looked at again once a quarter; company policy


class BanKind(StrEnum):
    """Why nobody may contact a client, as much as a collector needs to know of it."""

    DECEASED = "deceased"
    DO_NOT_CONTACT = "do_not_contact"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    MINOR = "minor"
    VULNERABLE = "vulnerable"
    DATA_OBJECTION = "data_objection"
    DISASTER = "disaster"
    HARDSHIP = "hardship"
    OTHER = "other"


class BadHours(InvalidInput):
    """The hours that a client asked for end before they begin, or hold on no weekday."""

    code = "bad_hours"


class NotLiftable(RuleBroken):
    """Nobody may lift this rule, or not on this ground."""

    code = "rule_not_liftable"


class OwnRequest(RuleBroken):
    """Whoever asks for an exception can't be the one who grants it."""

    code = "own_request"


class NoExpiry(InvalidInput):
    """An exception needs a last day, not too far away."""

    code = "override_without_expiry"


@dataclass(frozen=True, slots=True)
class ClientTerms:
    """What decides about a client on a day beside the rules of all.

    ``place`` is where they are visited, where its kind is known; ``zone`` is the clock that they
    live on, where it is another than the company's; ``creditors`` is the law of those to whom they
    owe, where these have one of their own.
    """

    wishes: tuple[HoursRule, ...] = ()
    overridden: frozenset[str] = frozenset()
    zone: ZoneInfo | None = None
    place: VisitedPlace | None = None
    creditors: CreditorLaw | None = None


NO_TERMS = ClientTerms()


def wish_rule(wish_id: int, weekdays: str, starts_s: int, ends_s: int) -> HoursRule:
    """Return the rule that a client's wish stands for.

    Parameters
    ----------
    weekdays : str
        Seven letters, Monday first; "1" where the hours hold. Other days are forbidden.
    starts_s, ends_s : int, seconds since local midnight
        Both inclusive.

    Raises
    ------
    BadHours
        When they leave nothing open.
    """
    if not 0 <= starts_s < ends_s <= 24 * 3600:
        raise BadHours("ends_at", "an hour after the first")
    if len(weekdays) != 7 or set(weekdays) - set("01") or "1" not in weekdays:
        raise BadHours("weekdays", "at least one day of the week")
    window = HourWindow(starts_s, ends_s)
    source = Source("petición del cliente", "Horario que pidió.", "su petición", Confidence.HIGH)
    windows = tuple((window,) if day == "1" else () for day in weekdays)
    return HoursRule(f"{WISH_PREFIX}.{wish_id}", source, windows)


def had_begun(from_on: date, decided_at: datetime, at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether what holds from a day on held at an instant of that day already.

    Who decides something for today decides it from now on: what was done that morning was neither
    against it nor within it. What is decided for other days holds for the whole of its first.
    """
    day = at.astimezone(zone).date()
    is_of_that_day = day == from_on == decided_at.astimezone(zone).date()
    return not is_of_that_day or decided_at <= at
