"""The file of last resort: all events and photos of one person on a phone, saved by hand."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector_app.core.errors import InvalidInput
from collector_app.sync.rules.envelope import Malformed, Told, read_events
from collector_app.sync.rules.sealing import BrokenSeal, OfficeKey, open_box
from collector_app.sync.rules.states import MOST_PHOTO_BYTES, photo_type

MOST_COPIED_EVENTS = 10_000  # a phone keeps what was delivered for a week


class BadCopy(InvalidInput):
    """A file is no copy that a phone saved; ``field`` says where."""

    code = "bad_copy"


class UnknownPhone(InvalidInput):
    """A copy of a phone that was never registered here."""

    code = "copy_of_unknown_phone"


@dataclass(frozen=True, slots=True)
class CopiedPhoto:
    """A photo of a copy: its bytes are those of its hash, and a picture of that type."""

    sha256: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PhoneCopy:
    """What a phone saved into a file: ``device`` is the number that it was registered with."""

    device: str
    events: tuple[Told | Malformed, ...]
    photos: tuple[CopiedPhoto, ...]
    broken_photos: int


def read_copy(data: bytes, keys: Sequence[OfficeKey]) -> PhoneCopy:
    """Read the file that a phone saved; ``keys`` open what is sealed in it.

    One event that can't be read never keeps the others back, nor does a photo.

    Raises
    ------
    BadCopy
        When the whole of it can't be used.
    """
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise BadCopy("file", "JSON") from None
    if not isinstance(told, dict):
        raise BadCopy("file", "{…}")
    device, events, photos = (told.get(name) for name in ("device", "events", "photos"))
    if not isinstance(device, str):
        raise BadCopy("device", '"…"')
    if not isinstance(events, list) or len(events) > MOST_COPIED_EVENTS:
        raise BadCopy("events", f"[…] ≤ {MOST_COPIED_EVENTS}")
    if not isinstance(photos, list):
        raise BadCopy("photos", "[…]")
    read = [_photo(one, keys) for one in photos]
    whole = tuple(one for one in read if one is not None)
    return PhoneCopy(device, read_events(events, keys), whole, len(read) - len(whole))


def _photo(told: object, keys: Sequence[OfficeKey]) -> CopiedPhoto | None:
    if not isinstance(told, dict) or not isinstance(told.get("sha256"), str):
        return None
    data = _bytes(told, keys)
    if data is None or len(data) > MOST_PHOTO_BYTES:
        return None
    media_type = photo_type(data)
    if media_type is None or hashlib.sha256(data).hexdigest() != told["sha256"]:
        return None
    return CopiedPhoto(told["sha256"], media_type, data)


def _bytes(told: Mapping[str, Any], keys: Sequence[OfficeKey]) -> bytes | None:
    try:
        if isinstance(told.get("sealed"), str):
            return open_box(_decoded(told["sealed"]), keys, told["sha256"])
        return _decoded(told["base64url"])
    except (KeyError, TypeError, ValueError, BrokenSeal):
        return None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")
