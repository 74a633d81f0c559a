"""Seals the entries of a transaction as the last thing before it commits.

At the end, so that the one lock that all writers share is held for the blink of the commit and is
always the last that is taken: it can't be part of a deadlock. SQLite has one writer anyway.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Table, bindparam, event, insert, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from collector_app.audit.models import AuditEntry, AuditHead
from collector_app.audit.rules import EMPTY, Head, canonical, link

HEAD_ID = 1
_WAITING = "audit entries to seal"
_LOCK_KEY = 0x61756469  # "audi"; any number that nobody else locks
_AT_ONCE = 10_000  # ids in one statement; databases take some 32,000
_ROWS: Table = AuditEntry.__table__  # type: ignore[assignment]  # plain rows: no objects to keep
_PUT_SEAL = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("key"))
    .values(position=bindparam("place"), previous_hash=bindparam("before"), hash=bindparam("seal"))
)


def seal_on_commit(session: Session, entry_ids: Iterable[int]) -> None:
    """Remember entries of this session until it commits."""
    session.info.setdefault(_WAITING, set()).update(entry_ids)


def entry_text(entry: AuditEntry | Row[Any], position: int | None = None) -> str:
    """Return what is sealed of an entry, on one line; at a position that it is about to get."""
    return canonical(
        {
            "position": position or entry.position,
            "at": entry.at,
            "actor_id": entry.actor_id,
            "role": entry.role,
            "event": entry.event,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "facts": entry.facts,
            "content_hash": entry.content_hash,
        }
    )


def head_of(session: Session) -> Head:
    """Return the last entry that was sealed."""
    found = session.execute(
        select(AuditHead.position, AuditHead.hash).where(AuditHead.id == HEAD_ID)
    ).first()
    return Head(*found) if found else EMPTY


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    if session.in_nested_transaction() or _WAITING not in session.info:
        return
    session.flush()
    entries = _entries(session, sorted(session.info.pop(_WAITING)))
    if not entries:
        return
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    before = last = head_of(session)
    sealed = []
    for entry in entries:
        position = last.position + 1
        seal = link(last.hash, entry_text(entry, position))
        sealed.append({"key": entry.id, "place": position, "before": last.hash, "seal": seal})
        last = Head(position, seal)
    session.connection().execute(_PUT_SEAL, sealed)
    _note(session, before, last)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, taken_back: SessionTransaction) -> None:
    """Forget the entries of a transaction that came to nothing: their ids may be given again."""
    if not taken_back.nested:
        session.info.pop(_WAITING, None)


def _entries(session: Session, ids: Sequence[int]) -> list[Row[Any]]:
    """Return those entries as they stand; what a savepoint took back is not among them."""
    found: list[Row[Any]] = []
    for start in range(0, len(ids), _AT_ONCE):
        some = _ROWS.c.id.in_(ids[start : start + _AT_ONCE])
        found += session.execute(select(_ROWS).where(some).order_by(_ROWS.c.id)).all()
    return found


def _note(session: Session, before: Head, last: Head) -> None:
    values = {"position": last.position, "hash": last.hash}
    if before == EMPTY:
        session.execute(insert(AuditHead).values(id=HEAD_ID, **values))
    else:
        session.execute(update(AuditHead).where(AuditHead.id == HEAD_ID).values(**values))
