"""Photos and signatures: told with an event, stored when their bytes come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from collector_app.audit.batches import log_rows
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.bulk import insert_all
from collector_app.core.storage import FileStore
from collector_app.sync.models import Device, Evidence, SyncConflict, SyncEvent
from collector_app.sync.rules import Photo
from collector_app.sync.services.devices import Caller


@dataclass(frozen=True, slots=True)
class ToldPhotos:
    """The photos of an event, or of another statement of it, which has a conflict's id."""

    event_id: int
    photos: Sequence[Photo]
    conflict_id: int | None = None


def expect_photos(
    session: Session, actor: Actor, told: Collection[ToldPhotos], files: FileStore
) -> None:
    """Note the photos that are told of; those whose bytes came first are here already."""
    now = clock.now()
    rows = [
        {
            "event_id": one.event_id,
            "conflict_id": one.conflict_id,
            "sha256": photo.sha256,
            "is_signature": photo.is_signature,
            "size_bytes": photo.size_bytes,
            "stored_at": now if files.holds(photo.sha256) else None,
        }
        for one in told
        for photo in one.photos
    ]
    log_rows(session, actor, "evidence.told", Evidence, insert_all(session, Evidence, rows))


def missing_photos(
    session: Session, actor: Actor, event_ids: Collection[int], files: FileStore
) -> dict[int, tuple[str, ...]]:
    """Return the hashes of the photos of events whose bytes have not come, by event."""
    found: dict[int, tuple[str, ...]] = {}
    if event_ids:
        of_events = and_(Evidence.event_id.in_(event_ids), Evidence.conflict_id.is_(None))
        for one in not_on_disk(session, actor, of_events, files):
            found[one.event_id] = (*found.get(one.event_id, ()), one.sha256)
    return found


def missing_photos_of_conflict(
    session: Session, actor: Actor, conflict_id: int, files: FileStore
) -> tuple[str, ...]:
    """Return the hashes of the photos of another statement whose bytes have not come."""
    unseen = not_on_disk(session, actor, Evidence.conflict_id == conflict_id, files)
    return tuple(one.sha256 for one in unseen)


def not_on_disk(
    session: Session, actor: Actor, which: ColumnElement[bool], files: FileStore
) -> list[Evidence]:
    """Return the photos whose bytes have not come, of those that a condition names.

    Bytes that are on the disk although the database forgot it, as one from a backup does, are
    noted: the phone may have them no more.
    """
    unseen = session.scalars(
        select(Evidence)
        .where(which, Evidence.stored_at.is_(None), Evidence.erased_at.is_(None))
        .order_by(Evidence.id)
    ).all()
    for one in unseen:
        if files.holds(one.sha256):
            one.stored_at = clock.now()
            log(session, actor, "evidence.stored", one, sha256=one.sha256)
    return [one for one in unseen if one.stored_at is None]


def photo_stored(session: Session, caller: Caller, sha256: str, media_type: str) -> None:
    """Note that the bytes of a photo that this collector told of are here, and not left there."""
    actor = caller.actor
    told = session.scalars(
        select(Evidence)
        .join(SyncEvent, SyncEvent.id == Evidence.event_id)
        .outerjoin(SyncConflict, SyncConflict.id == Evidence.conflict_id)
        .join(Device, Device.id == func.coalesce(SyncConflict.device_id, SyncEvent.device_id))
        .where(Evidence.sha256 == sha256, Device.user_id == actor.user_id)
    ).all()
    if any(one.stored_at is None for one in told):
        phone = session.get_one(Device, caller.device_id)
        phone.pending_photos = max(0, phone.pending_photos - 1)  # told before it was sent
    for one in told:
        if one.stored_at is None or one.media_type != media_type:
            one.stored_at = one.stored_at or clock.now()
            one.media_type = media_type
            log(session, actor, "evidence.stored", one, sha256=sha256)
