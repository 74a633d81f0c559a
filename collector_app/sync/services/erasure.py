"""Letting go of what phones told of a client beyond the facts: words, places, pictures."""

import json
from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.sync.models import Evidence, SyncConflict, SyncEvent
from collector_app.visits.models import Visit, VisitAnnulment

# What stays of what was told: which client or visit, who opened, what came of it. Money has its
# own tables.
_KEPT = ("client_id", "stop_id", "visit", "person_met", "outcome")


def erase_told(session: Session, actor: Actor, client_id: int) -> None:
    """Let go of the pictures of visits to a client, and of the words that came with them.

    Hashes stay, of pictures and of statements: they prove what there was and tell nobody who it
    was. The bytes go after the commit (`erased_pictures`). Twice changes nothing.
    """
    actor.require(Role.ADMIN, Role.SYSTEM)
    visits = (
        select(Visit.uuid)
        .where(Visit.client_id == client_id)
        .execution_options(with_annulled_visits=True)
    )
    uuids = session.scalars(visits).all()
    annulled = session.scalars(
        select(Visit.uuid)
        .join(VisitAnnulment, VisitAnnulment.visit_id == Visit.id)
        .where(Visit.client_id == client_id)
        .execution_options(with_annulled_visits=True)
    )
    # Calls and what still waits say of which client they are; an annulment names its visit.
    words = [f'"client_id":{client_id}', *annulled]
    told_of = (SyncEvent.statement.contains(word, autoescape=True) for word in words)
    events = [
        event
        for event in session.scalars(
            select(SyncEvent).where(or_(SyncEvent.uuid.in_(uuids), *told_of))
        )
        if event.uuid in uuids or _is_about(event.statement, client_id, uuids)
    ]
    ids = [event.id for event in events]
    others = session.scalars(
        select(SyncConflict).where(
            SyncConflict.event_id.in_(ids) | SyncConflict.visit_uuid.in_(uuids)
        )
    ).all()
    statements: list[SyncEvent | SyncConflict] = [*events, *others]
    for told in statements:
        bare = _without_words(told.statement)
        if bare != told.statement:
            told.statement = bare
            log(session, actor, "statement.erased", told, sha256=told.statement_hash)
    pictures = select(Evidence).where(
        Evidence.event_id.in_(ids) | Evidence.conflict_id.in_([other.id for other in others]),
        Evidence.erased_at.is_(None),
    )
    for picture in session.scalars(pictures):
        picture.erased_at = clock.now()
        log(session, actor, "evidence.erased", picture, sha256=picture.sha256)


def _is_about(statement: str, client_id: int, visit_uuids: Collection[str]) -> bool:
    body = json.loads(statement)["body"]
    return body.get("client_id") == client_id or body.get("visit") in visit_uuids


def _without_words(statement: str) -> str:
    told = json.loads(statement)
    body = {name: value for name, value in told["body"].items() if name in _KEPT}
    return json.dumps(told | {"body": body}, sort_keys=True, separators=(",", ":"))
