"""Writes and seals the entries of a transaction as the last thing before it commits.

At the end, so that the one lock that all writers share is held for the blink of the commit and is
always the last that is taken: it can't be part of a deadlock. SQLite has one writer anyway.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, event, insert, inspect, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from collector_app.audit.models import AuditEntry, AuditHead
from collector_app.audit.rules import EMPTY, LOOKS, SEALED, Deed, Head, canonical, link
from collector_app.core.bulk import append_rows

HEAD_ID = 1
Entry = dict[str, Any]  # the columns of an entry but its place in the chain
_WAITING = "audit entries to seal"
_LOCK_KEY = 0x61756469  # "audi"; any number that nobody else locks
_NOTED: Any = inspect(AuditHead).local_table  # without the ORM: every transaction asks and notes
_HEAD = select(_NOTED.c.position, _NOTED.c.hash).where(_NOTED.c.id == HEAD_ID)
_ENTRY: Any = inspect(AuditEntry).local_table
_DEED = (
    select(_ENTRY.c.position, _ENTRY.c.hash)
    .where(_ENTRY.c.position.is_not(None), _ENTRY.c.event.not_in(sorted(LOOKS)))
    .order_by(_ENTRY.c.position.desc())
    .limit(1)
)
_BEGIN = insert(_NOTED)
_MOVE = (
    update(_NOTED)
    .where(_NOTED.c.id == HEAD_ID)
    .values(position=bindparam("at_position"), hash=bindparam("with_hash"))
)
_TOLD = (
    "at",
    "actor_id",
    "role",
    "event",
    "subject_type",
    "subject_id",
    "facts",
    "content_hash",
)


class _Waiting:
    """The entries of a session that its commit will write, and where each savepoint began."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.starts: dict[SessionTransaction, int] = {}


def seal_on_commit(session: Session, entries: Iterable[Entry]) -> None:
    """Keep entries of this session until it commits; nobody reads them before."""
    if not session.in_transaction():
        session.begin()  # so that a rollback takes them back
    _waiting(session).entries.extend(entries)


def entry_text(entry: AuditEntry) -> str:
    """Return what is sealed of an entry, on one line."""
    told = {name: getattr(entry, name) for name in _TOLD}
    return canonical({"position": entry.position, **told})


def hold_end(session: Session) -> None:
    """Let nobody else seal until this transaction ends; SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def head_of(session: Session) -> Head:
    """Return the last entry that was sealed."""
    found = session.connection().execute(_HEAD).first()
    return Head(*found) if found else EMPTY


def last_deed(session: Session) -> Head:
    """Return the last entry about something done; of those after it, people only looked.

    All that is done leaves an entry when it is committed: while this is the same one, what was
    derived from the database is what would be derived now, but for the clock.
    """
    found = session.connection().execute(_DEED).first()
    return Head(*found) if found else head_of(session)


def deeds_since(session: Session, head: Head, most: int) -> list[Deed] | None:
    """Return the deeds after an entry; None if there are too many or that entry is not there.

    Parameters
    ----------
    most : int
        So many entries are read at most, those of people who only looked among them.
    """
    found = session.connection().execute(
        select(
            _ENTRY.c.position,
            _ENTRY.c.hash,
            _ENTRY.c.event,
            _ENTRY.c.subject_type,
            _ENTRY.c.subject_id,
            _ENTRY.c.facts,
        )
        .where(_ENTRY.c.position >= head.position)
        .order_by(_ENTRY.c.position)
        .limit(most + 2)
    )
    rows = found.all()
    others = rows[1:]
    if not rows or Head(*rows[0][:2]) != head or len(others) > most:
        return None
    return [
        Deed(row.facts["why"] if row.event == SEALED else row.event, *row[3:5])
        for row in others
        if row.event not in LOOKS
    ]


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    if session.in_nested_transaction() or _WAITING not in session.info:
        return
    session.flush()
    entries = _waiting(session).entries
    del session.info[_WAITING]
    if not entries:
        return
    _lock(session, entries)
    before = last = head_of(session)
    sealed = []
    for entry in entries:
        position = last.position + 1
        seal = link(last.hash, canonical({"position": position, **entry}))
        sealed.append({**entry, "position": position, "previous_hash": last.hash, "hash": seal})
        last = Head(position, seal)
    append_rows(session, AuditEntry, sealed)
    _note(session, before, last)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        waiting = _waiting(session)
        waiting.starts[begun] = len(waiting.entries)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, taken_back: SessionTransaction) -> None:
    """Forget the entries of a savepoint, or of a whole transaction, that came to nothing."""
    if not taken_back.nested:
        session.info.pop(_WAITING, None)
    elif _WAITING in session.info:
        waiting = _waiting(session)
        del waiting.entries[waiting.starts.pop(taken_back, len(waiting.entries)) :]


def _waiting(session: Session) -> _Waiting:
    found: _Waiting = session.info.setdefault(_WAITING, _Waiting())
    return found


def _lock(session: Session, entries: Iterable[Entry]) -> None:
    """Lock the end of the chain, after the people whom the entries point to.

    Their rows are locked by the entries' foreign key, and nothing may be waited for afterwards.
    """
    people = sorted({entry["actor_id"] for entry in entries if entry["actor_id"] is not None})
    if people and session.connection().dialect.name == "postgresql":
        session.execute(
            text("SELECT id FROM user_account WHERE id = ANY(:ids) ORDER BY id FOR KEY SHARE"),
            {"ids": people},
        )
    hold_end(session)


def _note(session: Session, before: Head, last: Head) -> None:
    values = {"position": last.position, "hash": last.hash}
    if before == EMPTY:
        session.connection().execute(_BEGIN, {"id": HEAD_ID, **values})
    else:
        session.connection().execute(_MOVE, {"at_position": last.position, "with_hash": last.hash})
