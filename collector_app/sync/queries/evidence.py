"""Photos and signatures that came with the visits to a client."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector_app.sync.models import Evidence, SyncEvent
from collector_app.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo or signature that a visit told of; ``is_here``: its bytes came."""

    sha256: str
    is_signature: bool
    is_here: bool


def pictures_of(session: Session, client_id: int) -> dict[int, list[Picture]]:
    """Return the pictures of the visits to a client, by the id of the visit, in their order."""
    found: dict[int, list[Picture]] = {}
    rows = session.execute(
        _of(client_id)
        .add_columns(Visit.id, Evidence.sha256, Evidence.is_signature, Evidence.stored_at)
        .order_by(Evidence.id)
    )
    for _evidence_id, visit_id, sha256, is_signature, stored_at in rows:
        picture = Picture(sha256, is_signature, stored_at is not None)
        found.setdefault(visit_id, []).append(picture)
    return found


def is_picture_of(session: Session, client_id: int, sha256: str) -> bool:
    """Tell whether a picture that we have came with a visit to this client."""
    wanted = _of(client_id).where(Evidence.sha256 == sha256, Evidence.stored_at.is_not(None))
    return session.scalars(wanted.limit(1)).first() is not None


def _of(client_id: int) -> Select[int]:
    """Select the evidence of visits to a client: the event of a visit has the visit's own id."""
    return (
        select(Evidence.id)
        .join(SyncEvent, SyncEvent.id == Evidence.event_id)
        .join(Visit, Visit.uuid == SyncEvent.uuid)
        .where(Visit.client_id == client_id)
    )
