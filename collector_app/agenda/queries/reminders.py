"""Whether clients may be reminded now, and when they last were."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.compliance.rules import Block, Channel, ContactFacts, Decision, decide
from collector_app.contacts.queries import laws_for, touches_since
from collector_app.contacts.rules import WRITTEN
from collector_app.core import clock
from collector_app.strategy.queries import AppliedTreatment, treatments_of_clients
from collector_app.strategy.rules import message_blocks

LAST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the law says of a WhatsApp message now, and when the last written one left."""

    decision: Decision
    last_at: datetime | None


def reminders(
    session: Session, client_ids: Collection[int], now: datetime, zone: ZoneInfo
) -> dict[int, Reminder]:
    """Return what the gate of messages will say of a promise's reminder, for a page of clients."""
    treatments = treatments_of_clients(session, now.astimezone(zone).date(), zone, client_ids)
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
        held = _held(treatments.get(client_id), facts, now, zone)
        if held:
            decision = replace(decision, allowed=False, blocks=(*decision.blocks, *held))
        found[client_id] = Reminder(decision, max(sent, default=None))
    return found


def _held(
    applied: AppliedTreatment | None, facts: ContactFacts, now: datetime, zone: ZoneInfo
) -> tuple[Block, ...]:
    if applied is None:
        return ()
    return message_blocks(
        applied.treatment,
        applied.segment,
        Channel.WHATSAPP,
        facts.history,
        now.astimezone(zone).date(),
        zone,
        is_expected=True,
    )
