"""Photos and signatures: told with an event, stored when their bytes come."""

from collections.abc import Collection, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.storage import FileStore
from collector_app.sync.models import Device, Evidence, SyncEvent
from collector_app.sync.rules import Photo


def expect_photos(
    session: Session, event_photos: Collection[tuple[int, Sequence[Photo]]], files: FileStore
) -> None:
    """Note the photos that new events tell of; those whose bytes came first are here already."""
    now = clock.now()
    rows = [
        {
            "event_id": event_id,
            "sha256": photo.sha256,
            "is_signature": photo.is_signature,
            "size_bytes": photo.size_bytes,
            "stored_at": now if files.holds(photo.sha256) else None,
        }
        for event_id, photos in event_photos
        for photo in photos
    ]
    if rows:
        session.execute(insert(Evidence), rows)


def missing_photos(session: Session, event_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the hashes of the photos of events whose bytes have not come, by event."""
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(Evidence.event_id, Evidence.sha256)
        .where(Evidence.event_id.in_(event_ids), Evidence.stored_at.is_(None))
        .order_by(Evidence.id)
    )
    for event_id, sha256 in rows:
        found[event_id] = (*found.get(event_id, ()), sha256)
    return found


def photo_stored(session: Session, actor: Actor, sha256: str, media_type: str) -> None:
    """Note that the bytes of a photo that this collector told of are here."""
    told = session.scalars(
        select(Evidence)
        .join(SyncEvent, SyncEvent.id == Evidence.event_id)
        .join(Device, Device.id == SyncEvent.device_id)
        .where(Evidence.sha256 == sha256, Device.user_id == actor.user_id)
    ).all()
    for one in told:
        if one.stored_at is None:
            one.stored_at = clock.now()
            log(session, actor, "evidence.stored", one, sha256=sha256)
        one.media_type = media_type
