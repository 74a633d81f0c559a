"""One line in each service: what was done, in the same transaction as the change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector_app.audit.chain import seal_on_commit
from collector_app.audit.rules import content_hash
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.bulk import StoredRow
from collector_app.core.orm import Model

Subject = Model | StoredRow[Any] | str


def log(session: Session, actor: Actor, event: str, subject: Subject, **facts: object) -> None:
    """Add an entry for something that was done.

    Parameters
    ----------
    event : str
        Past tense with the area as prefix: ``visit.recorded``.
    subject : Model, StoredRow or str
        The row it was done to, or a name, ``plan:2026-11-21``.
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
    done: Sequence[tuple[Subject, Mapping[str, object]]],
) -> None:
    """Add an entry for each of many things that were done alike: subjects with their facts."""
    if any(isinstance(subject, Model) for subject, _facts in done):
        session.flush()  # so that each has its id
    now = clock.now()
    rows = [_row(actor, event, now, subject, facts) for subject, facts in done]
    seal_on_commit(session, rows)


def _row(
    actor: Actor, event: str, now: datetime, subject: Subject, facts: Mapping[str, object]
) -> dict[str, object]:
    if isinstance(subject, str):
        kind, _, key = subject.partition(":")
        content = {}
    elif isinstance(subject, StoredRow):
        kind, key, content = subject.table_name, str(subject.id), subject.sealed_content()
    else:
        kind, content = subject.__tablename__, subject.sealed_content()
        key = str(getattr(subject, subject.sealed_key().name))
    return {
        "at": now,
        "actor_id": actor.user_id,
        "role": actor.role,
        "event": event,
        "subject_type": kind,
        "subject_id": key,
        "facts": dict(facts),
        "content_hash": content_hash(content) if content else None,
    }
