"""What a worker says of itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.jobs.models import WorkerSign


def give_sign(
    session: Session, machine: str, slot: str, now: datetime, *, is_last: bool = False
) -> WorkerSign:
    """Note that a worker is alive, or that it stops; a slot is held by one worker at a time."""
    place = (WorkerSign.machine == machine, WorkerSign.slot == slot)
    sign = session.scalars(select(WorkerSign).where(*place)).one_or_none()
    if sign is None:
        sign = WorkerSign(machine=machine, slot=slot)
        session.add(sign)
    sign.seen_at, sign.stopped_at = now, now if is_last else None
    return sign
