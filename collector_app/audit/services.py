"""One line in each service: what was done, in the same transaction as the change."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector_app.audit.chain import seal_on_commit
from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import content_hash
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.orm import Model


def log(session: Session, actor: Actor, event: str, subject: Model | str, **facts: object) -> None:
    """Add an entry for something that was done.

    Parameters
    ----------
    event : str
        Past tense with the area as prefix: ``visit.recorded``.
    subject : Model or str
        The row it was done to (flushed, so that it has an id), or a name, ``plan:2026-11-21``.
    facts
        Ids, old and new values; never secrets, names, phones or whole rows.

    Notes
    -----
    A row whose table has `sealed_columns` is sealed as it stands now: call this after the change.
    """
    log_each(session, actor, event, [(subject, facts)])


def log_each(
    session: Session,
    actor: Actor,
    event: str,
    done: Sequence[tuple[Model | str, Mapping[str, object]]],
) -> None:
    """Add an entry for each of many things that were done alike: subjects with their facts."""
    if any(not isinstance(subject, str) for subject, _facts in done):
        session.flush()
    now = clock.now()
    rows = [_row(actor, event, now, subject, facts) for subject, facts in done]
    if rows:
        ids = session.scalars(insert(AuditEntry).returning(AuditEntry.id), rows)
        seal_on_commit(session, ids.all())


def _row(
    actor: Actor, event: str, now: datetime, subject: Model | str, facts: Mapping[str, object]
) -> dict[str, object]:
    sealed = None
    if isinstance(subject, str):
        kind, _, key = subject.partition(":")
    else:
        kind, key = type(subject).__tablename__, str(getattr(subject, "id", ""))
        sealed = content_hash(subject.sealed_content()) if subject.sealed_columns else None
    return {
        "at": now,
        "actor_id": actor.user_id,
        "role": actor.role,
        "event": event,
        "subject_type": kind,
        "subject_id": key,
        "facts": dict(facts),
        "content_hash": sealed,
    }
