"""Reads the log: its lines for others, and every row that is not as it was sealed."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.chain import entry_text, head_of
from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import (
    Fault,
    FaultKind,
    Head,
    SealedEntry,
    chain_faults,
    content_hash,
)
from collector_app.core.orm import Model

_BATCH = 1_000
Seals = dict[tuple[str, str], str | None]  # the last seal of each row, by table and id


def faults(session: Session, expected: Head | None = None) -> Iterator[Fault]:
    """Name each row of the log, and each fact, that was altered, removed or inserted.

    Parameters
    ----------
    expected : Head, optional
        A head that somebody noted before, on paper or elsewhere: tells even when log and head
        were both written anew.
    """
    seals: Seals = {}
    yield from chain_faults(_entries(session, seals, expected), head_of(session))
    yield from _missing_head(session, expected)
    for mapper in sorted(Model.registry.mappers, key=lambda one: one.class_.__name__):
        if mapper.class_.sealed_columns and mapper.class_.__mro__[1] is Model:
            yield from _row_faults(session, mapper.class_, seals)


def lines(session: Session) -> Iterator[str]:
    """Return the sealed log for others to verify: hash, tab, JSON; first entry first."""
    for entry in _all(session):
        if entry.hash is not None:
            yield f"{entry.hash}\t{entry_text(entry)}"


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


def _all(session: Session) -> Iterator[AuditEntry]:
    """Return all entries by position, in batches that are forgotten as soon as they are read."""
    ordered = select(AuditEntry).order_by(AuditEntry.position, AuditEntry.id)
    yield from session.scalars(ordered.execution_options(yield_per=_BATCH))


def _entries(session: Session, seals: Seals, expected: Head | None) -> Iterator[SealedEntry]:
    for entry in _all(session):
        row = (entry.subject_type, entry.subject_id)
        seals[row] = entry.content_hash or seals.get(row)
        yield SealedEntry(
            entry.id, entry.position, entry_text(entry), entry.previous_hash, entry.hash
        )


def _missing_head(session: Session, expected: Head | None) -> Iterator[Fault]:
    if expected is None:
        return
    found = session.scalar(select(AuditEntry.hash).where(AuditEntry.position == expected.position))
    if found != expected.hash:
        detail = f"position {expected.position} was noted as {expected.hash[:12]}"
        yield Fault(FaultKind.ALTERED, "audit_entry up to there", detail)


def _row_faults(session: Session, table: type[Model], seals: Seals) -> Iterator[Fault]:
    """Compare the rows of a table with what the log sealed of them last.

    Rows that were logged before the log had seals are known, but can't be compared.
    """
    name = table.__tablename__
    unseen = {key for kind, key in seals if kind == name and seals[kind, key] is not None}
    for row in session.scalars(
        select(table).execution_options(yield_per=_BATCH, with_annulled_visits=True)
    ):
        key = str(row.id)  # type: ignore[attr-defined]  # each sealed table has one
        unseen.discard(key)
        if (name, key) not in seals:
            yield Fault(FaultKind.INSERTED, f"{name} {key}", "nobody logged it")
            continue
        sealed = seals[name, key]
        if sealed is not None and sealed != content_hash(row.sealed_content()):
            yield Fault(FaultKind.ALTERED, f"{name} {key}", "its content is not what was logged")
    for key in sorted(unseen, key=int):
        yield Fault(FaultKind.REMOVED, f"{name} {key}", "it is gone")
