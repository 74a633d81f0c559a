"""Lets go of the beginning of the log, so that what stays still proves itself and every row.

The cut is an entry of the chain like any other: it names the last entry that went, with its hash,
and seals what the part that went had sealed of each row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from collector_app.audit.chain import hold_end
from collector_app.audit.models import AuditEntry, AuditSeal
from collector_app.audit.queries import (
    BATCH,
    Seals,
    batch_seals,
    carried_seals,
    faults,
    sealed_tables,
    start_of,
)
from collector_app.audit.rules import CUT, Head, LogBroken, seals_digest
from collector_app.audit.services import log
from collector_app.core.actor import Actor, Role

_AT_ONCE = 5_000  # rows of three values in one statement


@dataclass(frozen=True, slots=True)
class Cut:
    """The entries that go: those up to `last`; `until_at` is the instant of that one."""

    last: Head
    count: int
    until_at: datetime


def cut_before(session: Session, before: datetime) -> Cut | None:
    """Return what a cut would let go of; None when nothing is so old.

    Only entries before the first one that is not older go: a chain has no holes.
    """
    first_kept = session.scalar(
        select(func.min(AuditEntry.position)).where(AuditEntry.at >= before)
    )
    old = select(AuditEntry.position, AuditEntry.hash, AuditEntry.at).where(
        AuditEntry.position.is_not(None)
    )
    if first_kept is not None:
        old = old.where(AuditEntry.position < first_kept)
    last = session.execute(old.order_by(AuditEntry.position.desc()).limit(1)).first()
    if last is None:
        return None
    position: int = last.position
    return Cut(Head(position, last.hash), position - start_of(session).position, last.at)


def cut_log(session: Session, actor: Actor, before: datetime) -> Cut | None:
    """Let go of the entries from before an instant; None when there are none.

    Nobody else seals meanwhile.

    Raises
    ------
    LogBroken
        When something is not as it was sealed: letting go of it would hide that.
    """
    actor.require(Role.SYSTEM)
    hold_end(session)
    cut = cut_before(session, before)
    if cut is None:
        return None
    found = list(faults(session))  # to their end: a cursor that is left open outlives the refusal
    if found:
        raise LogBroken(row=found[0].row, kind=found[0].kind.value)
    seals = _seals_until(session, cut.last.position)
    session.execute(delete(AuditEntry).where(AuditEntry.position <= cut.last.position))
    _keep(session, seals)
    log(
        session,
        actor,
        CUT,
        f"log:{cut.last.position}",
        position=cut.last.position,
        hash=cut.last.hash,
        count=cut.count,
        until_at=cut.until_at.isoformat(),
        seals=seals_digest(seals),
    )
    return cut


def _seals_until(session: Session, position: int) -> Seals:
    """Return what the log until a position sealed last of each row that is sealed at all.

    Rows whose last seal stands in a batch are left out: the batch stays.
    """
    seals, tables = carried_seals(session), sealed_tables()
    columns = (AuditEntry.subject_type, AuditEntry.subject_id, AuditEntry.content_hash)
    found = select(*columns).where(
        AuditEntry.position <= position, AuditEntry.subject_type.in_(sorted(tables))
    )
    in_batches: set[tuple[str, str]] = set()
    for kind, key, sealed in session.execute(found.order_by(AuditEntry.position)).all():
        if sealed is not None or (kind, key) not in in_batches:
            seals[kind, key] = sealed or seals.get((kind, key))
            in_batches.discard((kind, key))
        if kind == BATCH:
            for row, _seal in batch_seals(session, key):
                seals.pop(row, None)
                in_batches.add(row)
    return seals


def _keep(session: Session, seals: Mapping[tuple[str, str], str | None]) -> None:
    session.execute(delete(AuditSeal))
    rows = [
        {"subject_type": kind, "subject_id": key, "content_hash": sealed}
        for (kind, key), sealed in sorted(seals.items())
    ]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(AuditSeal), rows[start : start + _AT_ONCE])
