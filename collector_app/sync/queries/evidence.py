"""Photos and signatures that came with the visits to a client."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, select, union_all
from sqlalchemy.orm import Session

from collector_app.sync.models import Evidence, SyncConflict, SyncEvent
from collector_app.sync.rules import EventState
from collector_app.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo or signature that was told of; ``is_here``: its bytes came."""

    sha256: str
    is_signature: bool
    is_here: bool


def pictures_of(session: Session, client_id: int) -> dict[int, list[Picture]]:
    """Return the pictures of the visits to a client, by the id of the visit, in their order."""
    found: dict[int, list[Picture]] = {}
    own = _of(client_id)
    rows = session.execute(
        select(own.c.visit_id, Evidence.sha256, Evidence.is_signature, Evidence.stored_at)
        .join(own, own.c.evidence_id == Evidence.id)
        .order_by(Evidence.id)
    )
    for visit_id, sha256, is_signature, stored_at in rows:
        picture = Picture(sha256, is_signature, stored_at is not None)
        found.setdefault(visit_id, []).append(picture)
    return found


def is_picture_of(session: Session, client_id: int, sha256: str) -> bool:
    """Tell whether a picture that we have came with a visit to this client."""
    own = _of(client_id)
    wanted = (
        select(Evidence.id)
        .join(own, own.c.evidence_id == Evidence.id)
        .where(Evidence.sha256 == sha256, Evidence.stored_at.is_not(None))
    )
    return session.scalars(wanted.limit(1)).first() is not None


def pictures_to_compare(
    session: Session, event_ids: Collection[int], conflict_ids: Collection[int]
) -> tuple[dict[int, list[Picture]], dict[int, list[Picture]]]:
    """Return the pictures told with events, by the event, and with others, by the conflict."""
    of_events: dict[int, list[Picture]] = {}
    of_others: dict[int, list[Picture]] = {}
    is_wanted = Evidence.conflict_id.in_(conflict_ids) | _of_event_itself(event_ids)
    found = select(Evidence).where(is_wanted, Evidence.erased_at.is_(None)).order_by(Evidence.id)
    for one in session.scalars(found):
        picture = Picture(one.sha256, one.is_signature, one.stored_at is not None)
        if one.conflict_id is None:
            of_events.setdefault(one.event_id, []).append(picture)
        else:
            of_others.setdefault(one.conflict_id, []).append(picture)
    return of_events, of_others


def is_picture_to_review(session: Session, sha256: str) -> bool:
    """Tell whether a picture that we have came with something that waits for a decision."""
    compared = select(SyncConflict.event_id).where(SyncConflict.settled_at.is_(None))
    wanted = (
        select(Evidence.id)
        .join(SyncEvent, SyncEvent.id == Evidence.event_id)
        .where(
            Evidence.sha256 == sha256,
            Evidence.stored_at.is_not(None),
            Evidence.erased_at.is_(None),
            (SyncEvent.state == EventState.WAITING) | SyncEvent.id.in_(compared),
        )
    )
    return session.scalars(wanted.limit(1)).first() is not None


def _of_event_itself(event_ids: Collection[int]) -> ColumnElement[bool]:
    return Evidence.event_id.in_(event_ids) & Evidence.conflict_id.is_(None)


def erased_pictures(session: Session) -> set[str]:
    """Return the hashes of erased pictures whose bytes no picture that stays shares."""
    erased = select(Evidence.sha256).where(Evidence.erased_at.is_not(None))
    kept = select(Evidence.sha256).where(Evidence.erased_at.is_(None))
    return set(session.scalars(erased)) - set(session.scalars(kept))


def told_pictures(session: Session, hashes: Collection[str]) -> set[str]:
    """Return those hashes that some event tells of, also of what was erased."""
    return set(session.scalars(select(Evidence.sha256).where(Evidence.sha256.in_(hashes))))


def _of(client_id: int) -> CTE:
    """Select the evidence of visits to a client: the event of a visit has the visit's own id.

    What was told with another statement belongs to the visit that came of that one, if any did.
    """
    told = (
        select(Evidence.id.label("evidence_id"), Visit.id.label("visit_id"))
        .join(SyncEvent, SyncEvent.id == Evidence.event_id)
        .join(Visit, Visit.uuid == SyncEvent.uuid)
        .where(Evidence.conflict_id.is_(None))
    )
    told_otherwise = (
        select(Evidence.id, Visit.id)
        .join(SyncConflict, SyncConflict.id == Evidence.conflict_id)
        .join(Visit, Visit.uuid == SyncConflict.visit_uuid)
    )
    own = (
        each.where(Visit.client_id == client_id, Evidence.erased_at.is_(None))
        for each in (told, told_otherwise)
    )
    return union_all(*own).cte()
