"""What a compliance profile is made of: rules that forbid, each with where it comes from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Confidence(StrEnum):
    """How sure we are that a rule says what we think it says."""

    HIGH = "high"  # the text of the law was read
    MEDIUM = "medium"  # secondary sources that agree
    LOW = "low"  # secondary sources that differ, or one alone


class Counted(StrEnum):
    """What a cap counts."""

    ATTEMPTS = "attempts"  # every visit that was tried, whoever opened
    CONTACTS = "contacts"  # visits in which the debt was talked about


class Period(StrEnum):
    """Over which days a cap counts."""

    ROLLING_DAYS = "rolling_days"  # the day itself and the ones before it
    ISO_WEEK = "iso_week"  # Monday to Sunday


class HourWindow(NamedTuple):
    """A span of one local day, seconds since midnight, both ends inclusive."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: article, what it says (Spanish), where it was read."""

    article: str
    text: str
    read_in: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Visits happen only inside these windows; index 0 is Monday, an empty day is forbidden."""

    id: str
    source: Source
    windows: tuple[tuple[HourWindow, ...], ...]


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """No visits on the public holidays of a country (ISO 3166 code of two letters)."""

    id: str
    source: Source
    calendar: str


@dataclass(frozen=True, slots=True)
class CapRule:
    """At most `most` attempts or contacts in a period; `days` is for rolling periods only."""

    id: str
    source: Source
    counts: Counted
    most: int
    period: Period
    days: int = 0


@dataclass(frozen=True, slots=True)
class QuietRule:
    """No visit within that many hours after a contact."""

    id: str
    source: Source
    hours: int


@dataclass(frozen=True, slots=True)
class ForbiddenRule:
    """No visits at all."""

    id: str
    source: Source


@dataclass(frozen=True, slots=True)
class ConductRule:
    """How to behave; forbids no hour, is shown to people."""

    id: str
    source: Source


Rule = HoursRule | HolidayRule | CapRule | QuietRule | ForbiddenRule | ConductRule


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of rules; each can only forbid, so more rules never allow more.

    Attributes
    ----------
    id : str
        Names of what it was combined from, joined by "+".
    version : str
        Changes when any rule changes; plans keep it.
    """

    id: str
    name: str
    country: str
    version: str
    rules: tuple[Rule, ...]


def combine(*profiles: Profile) -> Profile:
    """Return the profile under which all of the given ones hold; the first gives name and country.

    Raises
    ------
    ValueError
        Without any profile.
    """
    if not profiles:
        message = "expected at least one profile"
        raise ValueError(message)
    first = profiles[0]
    return Profile(
        id="+".join(profile.id for profile in profiles),
        name=first.name,
        country=first.country,
        version="+".join(profile.version for profile in profiles),
        rules=tuple(rule for profile in profiles for rule in profile.rules),
    )
