"""Whether clients may be reminded now, and when they last were."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.compliance.rules import Channel, Decision, decide
from collector_app.contacts.queries import laws_for, touches_since
from collector_app.contacts.rules import WRITTEN
from collector_app.core import clock

LAST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the law says of a WhatsApp message now, and when the last written one left."""

    decision: Decision
    last_at: datetime | None


def reminders(
    session: Session, client_ids: Collection[int], now: datetime, zone: ZoneInfo
) -> dict[int, Reminder]:
    """Return the same that the gate of messages will say, for the clients of a page."""
    written = touches_since(session, now - timedelta(days=LAST_DAYS), client_ids)
    found = {}
    for client_id, (profile, facts) in laws_for(session, client_ids, now, zone).items():
        decision = decide(
            profile,
            facts,
            now.astimezone(zone).date(),
            clock.second_of_day(now, zone),
            Channel.WHATSAPP,
        )
        sent = [one.at for one in written.get(client_id, ()) if one.channel in WRITTEN]
        found[client_id] = Reminder(decision, max(sent, default=None))
    return found
