"""Seals the entries of a transaction as the last thing before it commits.

At the end, so that the one lock that all writers share is held for the blink of the commit and is
always the last that is taken: it can't be part of a deadlock. SQLite has one writer anyway.
"""

from sqlalchemy import event, insert, select, text, update
from sqlalchemy.orm import Session

from collector_app.audit.models import AuditEntry, AuditHead
from collector_app.audit.rules import EMPTY, Head, canonical, link

HEAD_ID = 1
_WAITING = "audit entries to seal"
_LOCK_KEY = 0x61756469  # "audi"; any number that nobody else locks


def seal_on_commit(session: Session, entry: AuditEntry) -> None:
    """Remember an entry of this session until it commits."""
    session.info.setdefault(_WAITING, []).append(entry)


def entry_text(entry: AuditEntry) -> str:
    """Return what is sealed of an entry, on one line."""
    return canonical(
        {
            "position": entry.position,
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
    # What a rollback took back, whole or to a savepoint, is no longer in the session.
    waiting = [one for one in session.info.pop(_WAITING) if one in session]
    if not waiting:
        return
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    before = last = head_of(session)
    for entry in waiting:
        entry.position, entry.previous_hash = last.position + 1, last.hash
        entry.hash = link(last.hash, entry_text(entry))
        last = Head(entry.position, entry.hash)
    session.flush()
    _note(session, before, last)


def _note(session: Session, before: Head, last: Head) -> None:
    values = {"position": last.position, "hash": last.hash}
    if before == EMPTY:
        session.execute(insert(AuditHead).values(id=HEAD_ID, **values))
    else:
        session.execute(update(AuditHead).where(AuditHead.id == HEAD_ID).values(**values))
