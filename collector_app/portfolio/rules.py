"""What the cartera means: arrears, aging, quality of a location."""

from datetime import date
from enum import StrEnum


class ClientKind(StrEnum):
    """Whether a client is a person or a business."""

    PERSON = "person"
    FIRM = "firm"


class LocationQuality(StrEnum):
    """How far the coordinates of a client can be trusted."""

    SURVEYED = "surveyed"  # taken at the door
    GIVEN = "given"  # came with the cartera
    APPROXIMATE = "approximate"  # street or neighbourhood only
    NONE = "none"


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
