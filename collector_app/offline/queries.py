"""Which visits the office has, of those that a phone is not sure about."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.visits.models import Visit


def stored_visits(session: Session, collector_id: int, uuids: Collection[str]) -> set[str]:
    """Return those of the uuids under which a visit of this collector is stored."""
    wanted = select(Visit.uuid).where(Visit.uuid.in_(uuids), Visit.collector_id == collector_id)
    return set(session.scalars(wanted))
