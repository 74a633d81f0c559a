"""The outer form of what a phone sends: a report about itself and a list of events.

One malformed event never keeps the others back: it is answered alone.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from collector_app.core.errors import InvalidInput
from collector_app.doors.rules import YEARS
from collector_app.sync.rules.sealing import OfficeKey, open_box
from collector_app.sync.rules.states import SyncEventKind, member_of

MOST_EVENTS = 100
MOST_BYTES = 1 << 20  # of the opened JSON
MOST_SEQ = 2**31 - 1
MOST_RUNS = 100
EXPECTED_RUNS = f"a list of at most {MOST_RUNS} runs, each [first, last, digest]"
MOST_NAME = 80
MOST_BUILD = 40
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SEALED = object()  # stands for a body that nobody here can read
_EXPECTED = {
    "id": "a UUID",
    "seq": f"a number from 1 to {MOST_SEQ}",
    "made_at": "an instant with its zone",
    "type": ", ".join(SyncEventKind),
    "sealed": "a box that the office has the key of",
    "body": "an object",
}
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


class BadEnvelope(InvalidInput):
    """The outer form of a request is wrong; ``field`` says where."""

    code = "bad_envelope"


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What a phone says about itself."""

    sent_at: datetime
    last_seq: int
    pending_events: int
    pending_photos: int
    is_installed: bool
    build: str
    wrong_pins: int = 0  # in a row, since the last right one


@dataclass(frozen=True, slots=True)
class Run:
    """Events that the phone still has and that it thinks are here, by their numbers.

    ``digest`` is that of their ids, see `run_digest`: another event under one of the numbers
    shows too.
    """

    first: int
    last: int
    digest: str


@dataclass(frozen=True, slots=True)
class Registration:
    """What a phone says of itself when it is registered."""

    name: str
    is_installed: bool
    build: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it was told; ``statement`` is its canonical JSON, by whose hash it is known."""

    uuid: str
    seq: int
    kind: SyncEventKind
    made_at: datetime
    body: Mapping[str, Any]
    statement: str
    statement_hash: str = field(init=False)

    def __post_init__(self) -> None:
        """Hash the statement, once."""
        object.__setattr__(self, "statement_hash", statement_hash(self.statement))


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something in the list that is no event; ``uuid`` when at least that can be read."""

    position: int
    uuid: str | None
    field: str
    expected: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request of a phone.

    ``delivered`` is what the phone thinks that we have, ``compared`` what it thinks that we keep
    beside something else.
    """

    report: DeviceReport
    events: tuple[Told | Malformed, ...]
    delivered: tuple[Run, ...] = ()
    compared: tuple[Run, ...] = ()


def read_envelope(data: bytes, keys: Sequence[OfficeKey] = ()) -> Envelope:
    """Read the JSON of a request; ``keys`` open the events that came sealed.

    Raises
    ------
    BadEnvelope
        When the whole of it can't be used; what is wrong with one event is in the list instead.
    """
    told = _object(data)
    events = told.get("events")
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise BadEnvelope("events", f"a list of at most {MOST_EVENTS} events")
    return Envelope(
        _report(told),
        read_events(events, keys),
        _runs(told, "delivered"),
        _runs(told, "compared"),
    )


def read_events(told: Sequence[object], keys: Sequence[OfficeKey]) -> tuple[Told | Malformed, ...]:
    """Read a list of events; one that is none says what was wrong, and keeps no other back."""
    return tuple(_event(position, _unsealed(one, keys)) for position, one in enumerate(told))


def read_registration(data: bytes) -> Registration:
    """Read what a phone says of itself; raises `BadEnvelope` as `read_envelope` does."""
    told = _object(data)
    name = told.get("name", "")
    if not isinstance(name, str) or not name.isprintable():
        raise BadEnvelope("name", "a text in one line")
    return Registration(name.strip()[:MOST_NAME] or "—", *_program(told))


def statement_hash(statement: str) -> str:
    """Return the SHA-256 of a canonical statement, hex."""
    return hashlib.sha256(statement.encode()).hexdigest()


def run_digest(uuids: Iterable[str]) -> str:
    """Return the digest of the ids of a run, in the order of their numbers: 16 hex digits.

    It tells runs apart that are not the same by accident; nobody gains by making two alike.
    """
    return hashlib.sha256("\n".join(uuids).encode()).hexdigest()[:16]


def read_utc(value: object) -> datetime | None:
    """Read an instant such as ``2026-11-28T15:04:05.123Z``; None unless it names its zone."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        instant = datetime.fromisoformat(value)
        return instant.astimezone(UTC) if instant.tzinfo and instant.year in YEARS else None
    except (ValueError, OverflowError):
        return None


def _no_constant(name: str) -> float:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _report(told: Mapping[str, Any]) -> DeviceReport:
    sent_at = read_utc(told.get("sent_at"))
    if sent_at is None:
        raise BadEnvelope("sent_at", "an instant with its zone, 2026-11-28T15:04:05Z")
    counts = {}
    for name in ("last_seq", "pending_events", "pending_photos", "wrong_pins"):
        value = told.get(name, 0)
        if not _is_count(value):
            raise BadEnvelope(name, f"a whole number from 0 to {MOST_SEQ}")
        counts[name] = value
    is_installed, build = _program(told)
    return DeviceReport(sent_at, is_installed=is_installed, build=build, **counts)


def _runs(told: Mapping[str, Any], name: str) -> tuple[Run, ...]:
    runs = told.get(name, [])
    if not isinstance(runs, list) or len(runs) > MOST_RUNS:
        raise BadEnvelope(name, EXPECTED_RUNS)
    return tuple(_run(one, name) for one in runs)


def _run(told: object, name: str) -> Run:
    match told:
        case [int(first), int(last), str(digest)] if _is_count(first) and _is_count(last):
            if 0 < first <= last:
                return Run(first, last, digest)
    raise BadEnvelope(name, EXPECTED_RUNS)


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise BadEnvelope("body", f"at most {MOST_BYTES} bytes of JSON")
    try:
        told = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadEnvelope("body", "JSON") from None
    if not isinstance(told, dict):
        raise BadEnvelope("body", "an object")
    return told


def _program(told: Mapping[str, Any]) -> tuple[bool, str]:
    """Return whether the application is installed, and which build runs."""
    build, installed = told.get("build", ""), told.get("installed", False)
    if not isinstance(build, str) or not build.isprintable():
        raise BadEnvelope("build", "a text in one line")
    if not isinstance(installed, bool):
        raise BadEnvelope("installed", "true or false")
    return installed, build[:MOST_BUILD]


def _unsealed(told: object, keys: Sequence[OfficeKey]) -> object:
    """Return an event with its body in the clear; one that no key opens has none."""
    if not isinstance(told, dict) or not isinstance(told.get("sealed"), str):
        return told
    try:
        box = base64.urlsafe_b64decode(told["sealed"] + "==")
        body = json.loads(open_box(box, keys, str(told.get("id"))))
    except (ValueError, RecursionError):
        body = _SEALED
    return {**told, "body": body}


def _event(position: int, told: object) -> Told | Malformed:
    if not isinstance(told, dict):
        return Malformed(position, None, "event", "an object")
    uuid = _uuid(told.get("id"))
    made_at = read_utc(told.get("made_at"))
    kind = member_of(SyncEventKind, told.get("type"))
    seq, body = told.get("seq"), told.get("body")
    checks = {
        "id": uuid is not None,
        "seq": _is_count(seq) and seq != 0,
        "made_at": made_at is not None,
        "type": kind is not None,
        "sealed": body is not _SEALED,
        "body": isinstance(body, dict),
    }
    for name, is_right in checks.items():
        if not is_right:
            return Malformed(position, uuid, name, _EXPECTED[name])
    statement = canonical({name: told[name] for name in ("type", "made_at", "body")})
    if "\\u0000" in statement:
        return Malformed(position, uuid, "body", "no character of number zero")
    assert uuid is not None  # noqa: S101 - checked above
    assert made_at is not None  # noqa: S101
    assert kind is not None  # noqa: S101
    return Told(uuid, told["seq"], kind, made_at, told["body"], statement)


def canonical(statement: Mapping[str, Any]) -> str:
    """Return the bytes of a statement that are compared: sorted keys, no spaces, ASCII.

    ASCII, so that half of a pair of surrogates, which no database stores, stays an escape.
    """
    return _encode(statement)


def _uuid(value: object) -> str | None:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value  # as every phone of ours writes it
    try:
        return str(UUID(value)) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        return None


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= MOST_SEQ
