"""What a compliance profile is made of: rules that forbid, each with where it comes from."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from collector_app.compliance.rules.penalties import PenaltyRule
from collector_app.compliance.rules.sources import Ground, Source
from collector_app.portfolio.rules import AddressOrigin, VisitedPlace, VisitPlaceKind


class Counted(StrEnum):
    """What a cap counts."""

    ATTEMPTS = "attempts"  # everything that was tried, whoever opened or answered
    CONTACTS = "contacts"  # what reached somebody who answers for the debt


class Channel(StrEnum):
    """How a client is reached."""

    VISIT = "visit"
    CALL = "call"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


VISITS = frozenset({Channel.VISIT})
EVERY_CHANNEL = frozenset(Channel)
AT_AN_HOUR = EVERY_CHANNEL - {Channel.LETTER}  # a letter is read when its reader likes


class Period(StrEnum):
    """Over which days a cap counts."""

    ROLLING_DAYS = "rolling_days"  # the day itself and the ones before it
    ISO_WEEK = "iso_week"  # Monday to Sunday


class HourWindow(NamedTuple):
    """A span of one local day, seconds since midnight, both ends inclusive."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Contact happens only inside these windows; index 0 is Monday, an empty day is forbidden."""

    id: str
    source: Source
    windows: tuple[tuple[HourWindow, ...], ...]
    channels: frozenset[Channel] = AT_AN_HOUR


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """No contact on the public holidays of a country (ISO 3166 code of two letters) and others."""

    id: str
    source: Source
    calendar: str
    extra: frozenset[date] = frozenset()
    channels: frozenset[Channel] = AT_AN_HOUR


@dataclass(frozen=True, slots=True)
class CapRule:
    """At most `most` attempts or contacts in a period; `days` is for rolling periods only.

    What is done over any of `channels` counts together, and each of them is limited by it.
    """

    id: str
    source: Source
    counts: Counted
    most: int
    period: Period
    days: int = 0
    channels: frozenset[Channel] = VISITS


@dataclass(frozen=True, slots=True)
class QuietRule:
    """Nothing over these channels within that many hours after a contact over one of them."""

    id: str
    source: Source
    hours: int
    channels: frozenset[Channel] = VISITS


@dataclass(frozen=True, slots=True)
class OneChannelRule:
    """After a contact only its own channel is used until the ISO week ends."""

    id: str
    source: Source
    channels: frozenset[Channel] = EVERY_CHANNEL


@dataclass(frozen=True, slots=True)
class PressureRule:
    """All that was tried in `days` days, each channel by its weight, stays within `most` points.

    Heavy channels are closed first: a visit may be too much where a message still is not.
    """

    id: str
    source: Source
    most: int
    days: int
    weights: tuple[tuple[Channel, int], ...]

    @property
    def channels(self) -> frozenset[Channel]:
        """Return the channels that have a weight."""
        return frozenset(channel for channel, _weight in self.weights)


@dataclass(frozen=True, slots=True)
class ForbiddenRule:
    """No contact at all over these channels, except on the grounds that the law itself names."""

    id: str
    source: Source
    exceptions: tuple[Ground, ...] = ()
    channels: frozenset[Channel] = VISITS


@dataclass(frozen=True, slots=True)
class PersonsRule:
    """With whom alone the debt is talked about; codes of `visits.rules.PersonMet`."""

    id: str
    source: Source
    may_hear: frozenset[str]


class DeniedKind(NamedTuple):
    """A kind of place where nobody is visited, or only who authorised it."""

    kind: VisitPlaceKind
    unless_authorised: bool = False


@dataclass(frozen=True, slots=True)
class PlacesRule:
    """Where nobody collects: as people read it (Spanish), and by kind of place.

    Of a place whose kind nobody knows it says nothing. Where ``is_only_given``, an address that
    was found by other means is denied, too, unless the debtor authorised being visited there; of
    one whose origin nobody knows that is not said.
    """

    id: str
    source: Source
    denied: tuple[str, ...]
    kinds: tuple[DeniedKind, ...] = ()
    is_only_given: bool = False
    channels: frozenset[Channel] = VISITS

    def denial_of(self, place: VisitedPlace | None) -> DeniedKind | None:
        """Return what forbids to visit at a kind of place, if anything does."""
        if place is None or place.kind is None:
            return None
        lifted = DeniedKind(place.kind, unless_authorised=True) if place.is_authorised else None
        found = (one for one in self.kinds if one.kind is place.kind and one != lifted)
        return next(found, None)

    def denies_origin(self, place: VisitedPlace | None) -> bool:
        """Tell whether a place is forbidden because nobody gave its address."""
        if place is None or place.is_authorised:
            return False
        return self.is_only_given and place.origin is AddressOrigin.FOUND


@dataclass(frozen=True, slots=True)
class CashRule:
    """Whether collectors may take money at all."""

    id: str
    source: Source
    may_receive: bool


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """Whether the client may be asked why they did not pay; what they volunteer is heard."""

    id: str
    source: Source
    may_ask: bool


@dataclass(frozen=True, slots=True)
class IdentificationRule:
    """What a collector says of themselves before anything else (Spanish, in that order)."""

    id: str
    source: Source
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordsRule:
    """What no message, letter or agreement may say (Spanish, any case and accents)."""

    id: str
    source: Source
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long facts are kept: at least ``keep_log_months``, default data at most the other."""

    id: str
    source: Source
    keep_log_months: int = 0
    delete_default_after_months: int = 0  # 0: the law names no limit


class Matter(StrEnum):
    """What somebody waits for an answer to: a complaint, or one of the rights over their data."""

    COMPLAINT = "complaint"
    DATA_ACCESS = "data_access"
    DATA_CORRECTION = "data_correction"
    DATA_DELETION = "data_deletion"
    DATA_OBJECTION = "data_objection"


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """Within how many days after it came in something is answered.

    Where ``is_working``, Saturdays, Sundays and the holidays of ``calendar`` (ISO 3166, two
    letters; empty for none) don't count.
    """

    id: str
    source: Source
    matters: frozenset[Matter]
    days: int
    is_working: bool
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class ConductRule:
    """How to behave; forbids no hour, is shown to people."""

    id: str
    source: Source


Duty = (
    PersonsRule
    | CashRule
    | ReasonRule
    | IdentificationRule
    | WordsRule
    | RetentionRule
    | AnswerRule
    | PenaltyRule
    | ConductRule
)
ContactRule = (
    HoursRule
    | HolidayRule
    | CapRule
    | QuietRule
    | OneChannelRule
    | PressureRule
    | ForbiddenRule
    | PlacesRule
)
Rule = ContactRule | Duty


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of rules; each can only forbid, so more rules never allow more.

    Attributes
    ----------
    id : str
        Names of what it was combined from, joined by "+".
    version : str
        Changes when any rule changes; plans keep it.
    effective_from : date
        The first day on which this version holds.
    """

    id: str
    name: str
    country: str
    version: str
    rules: tuple[Rule, ...]
    effective_from: date = date.min


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
        effective_from=max(profile.effective_from for profile in profiles),
    )
