"""Reads the log: its lines for others, and every row that is not as it was sealed."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from collector_app.audit.chain import entry_text, head_of
from collector_app.audit.models import AuditBatch, AuditEntry, AuditSeal
from collector_app.audit.rules import (
    CUT,
    EMPTY,
    SEALED,
    Fault,
    FaultDetail,
    FaultKind,
    Head,
    SealedEntry,
    canonical,
    chain_faults,
    content_hash,
    seals_digest,
    seals_in,
)
from collector_app.core.orm import Model
from collector_app.core.selection import among

M = TypeVar("M", bound=Model)
_BATCH = 1_000
_UNREADABLE = (LookupError, ValueError, TypeError, OperationalError)  # the last: text that is none
BATCH = AuditBatch.__tablename__
Seals = dict[tuple[str, str], str | None]  # the last seal of each row, by table and id


def faults(session: Session, expected: Head | None = None) -> Iterator[Fault]:
    """Name each row of the log, and each fact, that was altered, removed or inserted.

    Parameters
    ----------
    expected : Head, optional
        A head that somebody noted before, on paper or elsewhere: tells even when log and head
        were both written anew.
    """
    start = start_of(session)
    carried = carried_seals(session)
    yield from _seal_faults(session, carried)
    seals = _known_seals(session, carried)
    yield from chain_faults(_entries(session, seals), head_of(session), start)
    yield from _missing_head(session, expected, start)
    for table in sealed_tables().values():
        yield from _row_faults(session, table, seals)


def sealed_tables() -> dict[str, type[Model]]:
    """Return the tables whose rows the log answers for, by name."""
    tables = (one.class_ for one in Model.registry.mappers if one.inherits is None)
    sealed = (one for one in tables if one.sealed_columns)
    return {one.__tablename__: one for one in sorted(sealed, key=lambda one: one.__name__)}


def start_of(session: Session) -> Head:
    """Return the last entry of what was let go of, as the newest cut notes it; else `EMPTY`."""
    facts = _cut_facts(session)
    return Head(int(facts["position"]), str(facts["hash"])) if facts else EMPTY


def carried_seals(session: Session) -> Seals:
    """Return what the part of the log that was let go of had sealed of each row."""
    found = session.execute(
        select(AuditSeal.subject_type, AuditSeal.subject_id, AuditSeal.content_hash)
    )
    return {(kind, key): sealed for kind, key, sealed in found}


def batch_seals(session: Session, batch_id: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Return the rows of a batch, by table and id, with their seals; none of one that is gone."""
    if not batch_id.isdecimal():
        return
    columns = (AuditBatch.table_name, AuditBatch.seals)
    batch = session.execute(select(*columns).where(AuditBatch.id == int(batch_id))).first()
    if batch is not None:
        for key, seal in seals_in(batch.seals):
            yield (batch.table_name, key), seal


def _known_seals(session: Session, carried: Seals) -> Seals:
    """Return what the part that was let go of had sealed, that of its batches as well.

    What is carried of a single row was sealed after any batch with it (see `audit.cutting`).
    """
    seals: Seals = {}
    for batch_id in sorted((key for kind, key in carried if kind == BATCH), key=int):
        seals.update(batch_seals(session, batch_id))
    for row, sealed in carried.items():
        if sealed is not None or row not in seals:
            seals[row] = sealed
    return seals


def _cut_facts(session: Session) -> dict[str, Any]:
    newest = (
        select(AuditEntry.facts)
        .where(AuditEntry.event == CUT)
        .order_by(AuditEntry.position.desc())
        .limit(1)
    )
    try:
        facts: dict[str, Any] | None = session.scalar(newest)
    except _UNREADABLE:  # its entry is named as altered
        return {}
    return facts or {}


def _seal_faults(session: Session, seals: Seals) -> Iterator[Fault]:
    """Compare what is carried of the part that went with what the cut sealed of it."""
    noted, there = _cut_facts(session).get("seals", {}), seals_digest(seals)
    for kind in sorted(noted.keys() | there.keys()):
        if noted.get(kind) != there.get(kind):
            yield Fault(FaultKind.ALTERED, f"audit_seal {kind}", FaultDetail.CARRIED_SEALS)


def lines(session: Session) -> Iterator[str]:
    """Return the sealed log for others to verify: hash, tab, JSON; first entry first.

    The very first line has no JSON: it is the hash that the first entry was sealed behind. Of an
    entry that somebody made unreadable the JSON is missing, too: it is not what was sealed. An
    entry that seals a batch is followed, behind another tab, by the batch whose SHA-256 it holds.
    """
    yield f"{start_of(session).hash}\t"
    for entry in _entries(session):
        if entry.hash is not None:
            batch = "" if entry.batch_id is None else f"\t{_batch_text(session, entry.batch_id)}"
            yield f"{entry.hash}\t{entry.text}{batch}"


def _batch_text(session: Session, batch_id: str) -> str:
    """Return what an entry sealed of a batch, on one line; of one that is gone, nothing."""
    if not batch_id.isdecimal():
        return ""
    columns = (AuditBatch.table_name, AuditBatch.seals)
    batch = session.execute(select(*columns).where(AuditBatch.id == int(batch_id))).first()
    return "" if batch is None else canonical(dict(batch._mapping))  # noqa: SLF001 - its name for it


def last_facts(session: Session, event: str, subject: str) -> dict[str, object] | None:
    """Return what the newest entry of an event says of ``plan:12``; None when there is none."""
    kind, _, key = subject.partition(":")
    found: dict[str, object] | None = session.scalar(
        select(AuditEntry.facts)
        .where(
            AuditEntry.event == event,
            AuditEntry.subject_type == kind,
            AuditEntry.subject_id == key,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return found


def _entries(session: Session, seals: Seals | None = None) -> Iterator[SealedEntry]:
    """Return all entries by position, and note in `seals` what each sealed of its row."""
    places = select(
        AuditEntry.id, AuditEntry.position, AuditEntry.previous_hash, AuditEntry.hash
    ).order_by(AuditEntry.position, AuditEntry.id)
    for batch in session.execute(places.execution_options(yield_per=_BATCH)).partitions():
        found = _readable(session, AuditEntry, [one.id for one in batch])
        for id_, position, previous_hash, sealed in batch:
            entry = found.get(id_)
            if entry is not None and seals is not None:
                row = (entry.subject_type, entry.subject_id)
                seals[row] = entry.content_hash or seals.get(row)
                if entry.subject_type == BATCH:
                    seals.update(batch_seals(session, entry.subject_id))
            text = "" if entry is None else entry_text(entry)
            batch_id = entry.subject_id if entry and entry.event == SEALED else None
            yield SealedEntry(id_, position, text, previous_hash, sealed, batch_id)


def _readable(session: Session, table: type[M], ids: Sequence[int]) -> dict[int, M]:
    """Return rows by id, without those that hold what nothing of ours can have written.

    Whoever writes into the database directly may leave a word that is of no closed set, a day that
    is none, or broken JSON: the rows beside it are read all the same.
    """
    key = table.sealed_key()
    statement = select(table).execution_options(with_annulled_visits=True)
    try:
        rows = session.scalars(statement.where(among(key, ids))).all()
    except _UNREADABLE:
        if len(ids) == 1:
            return {}
        half = len(ids) // 2
        return _readable(session, table, ids[:half]) | _readable(session, table, ids[half:])
    return {getattr(row, key.name): row for row in rows}


def _missing_head(session: Session, expected: Head | None, start: Head) -> Iterator[Fault]:
    if expected is None or expected == start:
        return
    row = f"audit_entry @{expected.position}"
    if expected.position <= start.position:
        yield Fault(FaultKind.REMOVED, row, FaultDetail.NOTED_LET_GO, {"position": start.position})
        return
    found = session.scalar(select(AuditEntry.hash).where(AuditEntry.position == expected.position))
    if found != expected.hash:
        noted = {"hash": expected.hash[:12]}
        yield Fault(FaultKind.ALTERED, row, FaultDetail.NOTED_DIFFERS, noted)


def _row_faults(session: Session, table: type[Model], seals: Seals) -> Iterator[Fault]:
    """Compare the rows of a table with what the log sealed of them last.

    Rows that were logged before the log had seals are known, but can't be compared.
    """
    name = table.__tablename__
    unseen = {key for kind, key in seals if kind == name and seals[kind, key] is not None}
    key = table.sealed_key()
    rows = select(key).where(table.sealed_rows())
    ids = rows.order_by(key).execution_options(yield_per=_BATCH)
    for batch in session.scalars(ids).partitions():
        found = _readable(session, table, batch)
        for id_ in batch:
            unseen.discard(str(id_))
            if (name, str(id_)) not in seals:
                yield Fault(FaultKind.INSERTED, f"{name} {id_}", FaultDetail.NOT_LOGGED)
                continue
            sealed = seals[name, str(id_)]
            if sealed is not None and sealed != _content_hash(found.get(id_)):
                yield Fault(FaultKind.ALTERED, f"{name} {id_}", FaultDetail.CONTENT)
    left = sorted(int(one) for one in unseen if one.isdecimal())
    for start in range(0, len(left), _BATCH):
        yield from _left_faults(session, table, left[start : start + _BATCH], seals)


def _left_faults(
    session: Session, table: type[Model], ids: Sequence[int], seals: Seals
) -> Iterator[Fault]:
    """Name rows that were sealed and are no more among those that the log answers for.

    They are gone, or somebody moved them, or what they belong to, out of its reach: a route to the
    draft of a plan. A row that was moved along and is what was sealed is not at fault itself.
    """
    name, key = table.__tablename__, table.sealed_key()
    there = set(session.scalars(select(key).where(among(key, ids))))
    found = _readable(session, table, sorted(there))
    for id_ in ids:
        if id_ not in there:
            yield Fault(FaultKind.REMOVED, f"{name} {id_}", FaultDetail.GONE)
        elif seals[name, str(id_)] != _content_hash(found.get(id_)):
            yield Fault(FaultKind.ALTERED, f"{name} {id_}", FaultDetail.CONTENT)


def _content_hash(row: Model | None) -> str | None:
    """Return the hash of what a row holds; None of one that can't be read."""
    try:
        return None if row is None else content_hash(row.sealed_content())
    except _UNREADABLE:
        return None
