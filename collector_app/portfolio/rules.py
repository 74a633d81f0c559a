"""What the cartera means: arrears, aging, quality of a location."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class ClientKind(StrEnum):
    """Whether a client is a person or a business."""

    PERSON = "person"
    FIRM = "firm"


class VisitPlaceKind(StrEnum):
    """What kind of place it is where a client is visited."""

    HOME = "home"
    WORKPLACE = "workplace"  # where an employer has a say
    BUSINESS = "business"  # their own
    OTHER = "other"


class AddressOrigin(StrEnum):
    """Who told us the address of a client."""

    CLIENT = "client"  # the debtor gave it
    CONTRACT = "contract"  # it stands in the contract, or the creditor told it
    FOUND = "found"  # by other means: nobody who may say so gave it


class VisitedPlace(NamedTuple):
    """Where a client is visited, whether the debtor authorised that, and who told the address.

    ``kind`` and `origin` are None when nobody knows.
    """

    kind: VisitPlaceKind | None
    is_authorised: bool
    origin: AddressOrigin | None = None


class LocationQuality(StrEnum):
    """How far the coordinates of a client can be trusted."""

    SURVEYED = "surveyed"  # taken at the door
    PINNED = "pinned"  # a person put it on the map
    GIVEN = "given"  # came with the cartera
    FOUND = "found"  # the address search knows the house or the corner
    APPROXIMATE = "approximate"  # the address search knows the street only
    NONE = "none"


# A person vouches for these: neither a file nor a search moves them.
KEPT_LOCATIONS = frozenset({LocationQuality.SURVEYED, LocationQuality.PINNED})
# These came from the address: with another address they are worth nothing.
SEARCHED_LOCATIONS = frozenset({LocationQuality.FOUND, LocationQuality.APPROXIMATE})

# A found place less sure than this is only offered to a person. Below it, by the rules of the
# address search, more than one in three doors would be more than a block away.
LEAST_CONFIDENCE = 0.6
SURE_CONFIDENCE = 0.8


class Placement(StrEnum):
    """What the address search makes of a client without coordinates."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"  # a person decides
    NOT_FOUND = "not_found"


def placement_of(confidence: float | None) -> Placement:
    """Return what is done with a found place of that confidence; None when none was found."""
    if confidence is None:
        return Placement.NOT_FOUND
    if confidence < LEAST_CONFIDENCE:
        return Placement.UNSURE
    return Placement.SURE if confidence >= SURE_CONFIDENCE else Placement.LIKELY


class AgingBucket(StrEnum):
    """Antigüedad de saldos: how old the oldest unpaid debt is."""

    CURRENT = "current"
    D1_30 = "d1_30"
    D31_60 = "d31_60"
    D61_90 = "d61_90"
    D90_PLUS = "d90_plus"


def days_past_due(due_on: date, today: date) -> int:
    """Return the days since a due date, 0 when it has not passed."""
    return max(0, (today - due_on).days)


def bucket(days: int) -> AgingBucket:
    """Return the aging bucket of a debt that many days past due."""
    for limit, one in (
        (0, AgingBucket.CURRENT),
        (30, AgingBucket.D1_30),
        (60, AgingBucket.D31_60),
        (90, AgingBucket.D61_90),
    ):
        if days <= limit:
            return one
    return AgingBucket.D90_PLUS


class Stage(StrEnum):
    """Etapa: how far the collection of a debt has come; decides tone, offers and authority."""

    PREVENTIVE = "preventive"
    EARLY = "early"
    ADMINISTRATIVE = "administrative"
    EXTRAJUDICIAL = "extrajudicial"
    JUDICIAL = "judicial"
