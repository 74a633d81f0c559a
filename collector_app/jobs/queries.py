"""Whether anybody does the jobs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.jobs.models import WorkerSign
from collector_app.jobs.rules import Workers, is_alive


def workers(session: Session, now: datetime) -> Workers:
    """Return how many workers are alive at an instant, and when the last was seen."""
    signs = session.execute(select(WorkerSign.seen_at, WorkerSign.stopped_at)).all()
    alive = sum(is_alive(seen_at, stopped_at, now) for seen_at, stopped_at in signs)
    return Workers(
        alive, max((stopped_at or seen_at for seen_at, stopped_at in signs), default=None)
    )
