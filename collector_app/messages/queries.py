"""Reads of messages: what the office sent, and what a collector has not read yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.messages.models import OfficeMessage

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message with the names of both sides."""

    id: int
    collector: str
    sender: str | None
    text: str
    sent_at: datetime
    read_at: datetime | None


def latest_messages(session: Session) -> list[MessageRow]:
    """Return the messages sent last, the newest first."""
    sender = aliased(User)
    found = session.execute(
        select(
            OfficeMessage.id,
            User.full_name,
            sender.full_name,
            OfficeMessage.text,
            OfficeMessage.sent_at,
            OfficeMessage.read_at,
        )
        .join(User, User.id == OfficeMessage.collector_id)
        .outerjoin(sender, sender.id == OfficeMessage.sent_by)
        .order_by(OfficeMessage.sent_at.desc(), OfficeMessage.id.desc())
        .limit(MOST_SHOWN)
    )
    return [MessageRow(*row) for row in found]


def unread_messages(session: Session, collector_id: int) -> list[OfficeMessage]:
    """Return what a collector has not read yet, the oldest first."""
    found = session.scalars(
        select(OfficeMessage)
        .where(OfficeMessage.collector_id == collector_id, OfficeMessage.read_at.is_(None))
        .order_by(OfficeMessage.sent_at, OfficeMessage.id)
    )
    return list(found)
