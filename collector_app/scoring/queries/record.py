"""What one client's own visits say: the counts behind their chances."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.scoring.queries.experience import experience


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """Counts of half a year."""

    attempts: int
    reached: int
    paid: int
    promised: int
    promises_over: int  # whose last day has passed
    promises_kept: float  # partly kept ones count in part


def record_of(session: Session, client_id: int, before: datetime, zone: ZoneInfo) -> ClientRecord:
    """Return what is known of one client before a moment."""
    known = experience(session, before, zone, client_id)
    return ClientRecord(
        attempts=known.attempt_count,
        reached=sum(one.reached for one in known.contacts),
        paid=sum(one.paid for one in known.talks),
        promised=sum(one.promised for one in known.talks),
        promises_over=len(known.promises),
        promises_kept=sum(one.kept_share for one in known.promises),
    )
