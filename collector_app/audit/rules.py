"""The chain of the log: each entry is sealed with the one before, so that no change goes unseen.

    hash of an entry = SHA-256(hash of the entry before + text of the entry)

The text is one line of JSON with sorted keys; the first entry follows `ORIGIN`. Whoever has the
exported lines can compute every hash again without this program (see docs/audit.md).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import NamedTuple

from collector_app.core.errors import RuleBroken

ORIGIN = "0" * 64
CUT = "log.cut"  # the event that notes where the log begins now
SEALED = "log.rows_sealed"  # the event of the entries that seal a batch
# The events of people who came, went or took a list along: whatever is derived is as it was.
LOOKS = frozenset(
    {
        "accounts.logged_in",
        "accounts.logged_out",
        "accounts.login_failed",
        "client.data_handed_out",
        "list.downloaded",
    }
)


class FaultKind(StrEnum):
    """What is wrong with the log, or with a row that it answers for."""

    ALTERED = "altered"  # its content is not what was sealed
    REMOVED = "removed"  # it was sealed and is gone
    INSERTED = "inserted"  # it is there and was never sealed


class FaultDetail(StrEnum):
    """How a row is not as it was sealed; its words are filled with the facts of the fault."""

    CONTENT = "content"
    GONE = "gone"
    NOT_LOGGED = "not_logged"
    NEVER_SEALED = "never_sealed"
    POSITION_GONE = "position_gone"
    ENTRY_CONTENT = "entry_content"
    BEFORE_DIFFERS = "before_differs"
    BEYOND_END = "beyond_end"
    END_DIFFERS = "end_differs"
    NOTED_DIFFERS = "noted_differs"
    NOTED_LET_GO = "noted_let_go"
    CARRIED_SEALS = "carried_seals"


class LogBroken(RuleBroken):
    """Something is not as it was sealed: nothing may be let go of until that is explained."""

    code = "log_broken"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not as it was sealed, and how.

    ``row`` is a table and an id, ``payment 5``, or a place in the chain, ``audit_entry @17``.
    """

    kind: FaultKind
    row: str
    detail: FaultDetail
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry that was sealed; 0 and `ORIGIN` when nothing was."""

    position: int
    hash: str


class Deed(NamedTuple):
    """What was done, and to which row: an entry of the log in short, or of a batch with why."""

    event: str
    subject_type: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry as it stands in the table; ``position`` is None when it never was sealed.

    ``batch_id`` is that of the batch of rows that it seals, if it seals one.
    """

    id: int
    position: int | None
    text: str
    previous_hash: str | None
    hash: str | None
    batch_id: str | None = None


EMPTY = Head(0, ORIGIN)
_TEXT = frozenset({str})
_HOLDERS = (dict, list, tuple)  # once: a union made for each look took longer than the look


def canonical(content: Mapping[str, object], *, is_read: bool = False) -> str:
    """Return the one way to write a content: sorted keys, instants in UTC, nothing that is None.

    Bytes stand there by their SHA-256.

    What is None is left out, so that a column that is added later changes no hash.

    Parameters
    ----------
    is_read : bool
        Whether the database gave it: what it reads from JSON has keys of text alone, and need not
        be looked through for others.
    """
    told = {key: value for key, value in content.items() if value is not None}
    if not is_read and not _has_text_keys(told):
        # Once there and back, so that keys that are numbers sort as the text that they become.
        told = json.loads(_encode(told))
    return _encode(told)


def content_hash(content: Mapping[str, object], *, is_read: bool = False) -> str:
    """Return the SHA-256 of a row's content, in hexadecimal; of `is_read` see `canonical`."""
    return _sha256(canonical(content, is_read=is_read))


def link(previous_hash: str, text: str) -> str:
    """Return the hash that seals an entry behind the one before."""
    return _sha256(previous_hash + text)


def seals_in(lines: str) -> Iterator[tuple[str, str]]:
    """Return the id and the hash of each row of a batch; other lines are left out."""
    for line in lines.splitlines():
        key, _, seal = line.partition(" ")
        if key.isdecimal():
            yield key, seal


def seals_digest(seals: Mapping[tuple[str, str], str | None]) -> dict[str, str]:
    """Return a hash over the seals of each table's rows, whatever their order."""
    tables: dict[str, dict[str, object]] = {}
    for (kind, key), sealed in seals.items():
        tables.setdefault(kind, {})[key] = sealed or ""
    return {kind: content_hash(tables[kind]) for kind in sorted(tables)}


def chain_faults(
    entries: Iterable[SealedEntry], head: Head, start: Head = EMPTY
) -> Iterator[Fault]:
    """Name each entry that was altered, removed or inserted.

    Parameters
    ----------
    entries : iterable of SealedEntry
        All of them, by position; those without a position in any place.
    head : Head
        The last entry as it was noted apart from the log, which tells when the end was cut off.
    start : Head, optional
        The last entry of what was let go of, as the log notes it.
    """
    last = start
    for entry in entries:
        if entry.position is None or entry.hash is None or entry.previous_hash is None:
            row = f"audit_entry {entry.id}"
            yield Fault(FaultKind.INSERTED, row, FaultDetail.NEVER_SEALED)
            continue
        gap = range(last.position + 1, entry.position)
        yield from (_removed(position) for position in gap)
        if link(entry.previous_hash, entry.text) != entry.hash:
            place = {"position": entry.position}
            row = f"audit_entry {entry.id}"
            yield Fault(FaultKind.ALTERED, row, FaultDetail.ENTRY_CONTENT, place)
        elif not gap and entry.previous_hash != last.hash:
            row, next_one = f"audit_entry @{last.position}", {"position": entry.position}
            yield Fault(FaultKind.ALTERED, row, FaultDetail.BEFORE_DIFFERS, next_one)
        if entry.position > head.position:
            place = {"position": entry.position}
            row = f"audit_entry {entry.id}"
            yield Fault(FaultKind.INSERTED, row, FaultDetail.BEYOND_END, place)
        last = Head(entry.position, entry.hash)
    yield from (_removed(position) for position in range(last.position + 1, head.position + 1))
    if last.position == head.position and last.hash != head.hash:
        row, sealed = f"audit_entry @{last.position}", {"hash": head.hash[:12]}
        yield Fault(FaultKind.ALTERED, row, FaultDetail.END_DIFFERS, sealed)


def _removed(position: int) -> Fault:
    return Fault(FaultKind.REMOVED, f"audit_entry @{position}", FaultDetail.POSITION_GONE)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _has_text_keys(value: object) -> bool:
    """Tell whether all keys are texts, however deep they lie."""
    if isinstance(value, dict):
        if not _TEXT.issuperset(map(type, value)):
            return False
        value = value.values()
    elif not isinstance(value, _HOLDERS):
        return True
    return all(_has_text_keys(one) for one in value if isinstance(one, _HOLDERS))


def _plain(value: object) -> object:
    """Return what stands in JSON for a value that it does not know."""
    if isinstance(value, datetime):
        told = value if value.tzinfo is UTC else value.astimezone(UTC)
        return told.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    message = f"{type(value).__name__} can't be sealed"
    raise TypeError(message)


_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
).encode
