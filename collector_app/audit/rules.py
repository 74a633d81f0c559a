"""The chain of the log: each entry is sealed with the one before, so that no change goes unseen.

    hash of an entry = SHA-256(hash of the entry before + text of the entry)

The text is one line of JSON with sorted keys; the first entry follows `ORIGIN`. Whoever has the
exported lines can compute every hash again without this program (see docs/audit.md).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum

from collector_app.core.errors import RuleBroken

ORIGIN = "0" * 64
CUT = "log.cut"  # the event that notes where the log begins now
SEALED = "log.rows_sealed"  # the event of the entries that seal a batch


class FaultKind(StrEnum):
    """What is wrong with the log, or with a row that it answers for."""

    ALTERED = "altered"  # its content is not what was sealed
    REMOVED = "removed"  # it was sealed and is gone
    INSERTED = "inserted"  # it is there and was never sealed


class LogBroken(RuleBroken):
    """Something is not as it was sealed: nothing may be let go of until that is explained."""

    code = "log_broken"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not as it was sealed: ``audit_entry 17``, ``payment 5``, and how."""

    kind: FaultKind
    row: str
    detail: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry that was sealed; 0 and `ORIGIN` when nothing was."""

    position: int
    hash: str


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
            yield Fault(FaultKind.INSERTED, f"audit_entry {entry.id}", "it was never sealed")
            continue
        gap = range(last.position + 1, entry.position)
        yield from (_removed(position) for position in gap)
        if link(entry.previous_hash, entry.text) != entry.hash:
            detail = f"position {entry.position}: its content is not what was sealed"
            yield Fault(FaultKind.ALTERED, f"audit_entry {entry.id}", detail)
        elif not gap and entry.previous_hash != last.hash:
            detail = f"position {last.position}: position {entry.position} was sealed behind other"
            yield Fault(FaultKind.ALTERED, f"audit_entry before {entry.id}", detail)
        if entry.position > head.position:
            detail = f"position {entry.position} is beyond the last that was sealed"
            yield Fault(FaultKind.INSERTED, f"audit_entry {entry.id}", detail)
        last = Head(entry.position, entry.hash)
    yield from (_removed(position) for position in range(last.position + 1, head.position + 1))
    if last.position == head.position and last.hash != head.hash:
        detail = f"position {last.position}: the head was sealed as {head.hash[:12]}"
        yield Fault(FaultKind.ALTERED, "audit_entry at the end", detail)


def _removed(position: int) -> Fault:
    return Fault(FaultKind.REMOVED, f"audit_entry at position {position}", "it is gone")


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
    message = f"{type(value).__name__} can't be sealed"
    raise TypeError(message)


_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
).encode
