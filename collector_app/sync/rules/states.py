"""Closed sets of the exchange with phones, and its refusals."""

from enum import StrEnum
from typing import Any, TypeVar

from collector_app.core.errors import CollectorError, InvalidInput, RuleBroken

MOST_PHOTO_BYTES = 400_000
Kind = TypeVar("Kind", bound=StrEnum)


class SyncEventKind(StrEnum):
    """What a phone can tell."""

    VISIT_RECORDED = "visit.recorded"
    VISIT_ANNULLED = "visit.annulled"
    ROUTE_REORDERED = "route.reordered"
    CONTACT_RECORDED = "contact.recorded"
    OFFER_REQUESTED = "offer.requested"


class EventState(StrEnum):
    """What became of an event that we keep."""

    APPLIED = "applied"
    WAITING = "waiting"  # kept, but it could not be applied: a person looks at it
    DISMISSED = "dismissed"  # a person decided that nothing is to be made of it


class AnswerState(StrEnum):
    """What a phone is told about an event that it sent."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"  # we had it, byte for byte
    CONFLICT = "conflict"  # we had another one under its id or number; both are kept
    WAITING = "waiting"
    REJECTED = "rejected"  # it is no event at all, so there is nothing to keep


class DeviceUnknown(CollectorError):
    """A call without a token, or with one that we never gave out."""

    code = "device_unknown"
    status = 401


class DeviceRevoked(CollectorError):
    """A phone that a supervisor shut out, or whose collector no longer works here."""

    code = "device_revoked"
    status = 403


class PhoneLocked(CollectorError):
    """The login belongs to a phone with a PIN, and the phone did not prove that it was typed."""

    code = "phone_locked"
    status = 403


class EventSettled(RuleBroken):
    """Somebody decided about this event already."""

    code = "event_settled"


class TooManyRequests(CollectorError):
    """A phone calls more often than a phone with a queue needs to."""

    code = "too_many_requests"
    status = 429


class NotAPhoto(InvalidInput):
    """Bytes that are neither JPEG, PNG nor WebP, or not what their name says."""

    code = "not_a_photo"


class PhotoTooLarge(InvalidInput):
    """A photo holds more bytes than a phone should send."""

    code = "photo_too_large"


def member_of(kind: type[Kind], value: Any) -> Kind | None:
    """Return the member with this value; None when there is none."""
    try:
        return kind(value)
    except ValueError:
        return None


def photo_type(head: bytes) -> str | None:
    """Return the media type that the first bytes of a file tell; None for all but photos."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None
