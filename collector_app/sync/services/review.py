"""What a person does with events that wait and with conflicts; nothing is ever deleted."""

import json
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.sync.models import Device, SyncConflict, SyncEvent
from collector_app.sync.rules import EventSettled, EventState, Told
from collector_app.sync.services.applying import Fresh, apply_event

WHO_REVIEWS = (Role.SUPERVISOR, Role.ADMIN)


def apply_again(session: Session, actor: Actor, event_id: int, *, zone: ZoneInfo) -> SyncEvent:
    """Try once more to apply an event that waits, as the collector who told it.

    Raises
    ------
    EventSettled
        When it does not wait any more.
    NotFound
        When there is no such event.
    """
    row = _waiting(session, actor, event_id)
    device = session.get_one(Device, row.device_id)
    user = session.get_one(User, device.user_id)
    teller = Actor(user_id=user.id, role=Role.COLLECTOR, name=user.full_name)
    statement = json.loads(row.statement)
    told = Told(row.uuid, row.seq, row.kind, row.made_at, statement["body"], row.statement)
    event = Fresh(row.id, told, row.received_at, row.clock_offset_ms)
    became = apply_event(session, teller, event, zone=zone)
    row.state, row.code, row.facts = became.state, became.code, dict(became.facts)
    if row.state is EventState.APPLIED:
        row.settled_at, row.settled_by = clock.now(), actor.user_id
        log(session, actor, "sync_event.applied", f"sync_event:{row.id}")
    return row


def dismiss_event(session: Session, actor: Actor, event_id: int, reason: str) -> SyncEvent:
    """Decide that nothing is to be made of an event; it stays, with the reason.

    Errors are those of `apply_again`, and `InvalidInput` without a reason.
    """
    row = _waiting(session, actor, event_id)
    row.settled_reason = _reason(reason)
    row.state, row.settled_at, row.settled_by = EventState.DISMISSED, clock.now(), actor.user_id
    log(session, actor, "sync_event.dismissed", f"sync_event:{row.id}", reason=reason.strip())
    return row


def dismiss_conflict(session: Session, actor: Actor, conflict_id: int, reason: str) -> None:
    """Say what was decided about two statements under one id. Errors as of `dismiss_event`."""
    actor.require(*WHO_REVIEWS)
    row = session.get(SyncConflict, conflict_id)
    if row is None:
        message = f"conflict {conflict_id} does not exist"
        raise NotFound(message)
    if row.settled_at is not None:
        message = f"conflict {conflict_id} was settled at {row.settled_at.isoformat()}"
        raise EventSettled(message)
    row.settled_reason = _reason(reason)
    row.settled_at, row.settled_by = clock.now(), actor.user_id
    log(session, actor, "sync_conflict.settled", row, reason=reason.strip())


def _waiting(session: Session, actor: Actor, event_id: int) -> SyncEvent:
    actor.require(*WHO_REVIEWS)
    row = session.get(SyncEvent, event_id, with_for_update=True)
    if row is None:
        message = f"event {event_id} does not exist"
        raise NotFound(message)
    if row.state is not EventState.WAITING:
        message = f"event {event_id} is {row.state}"
        raise EventSettled(message)
    return row


def _reason(text: str) -> str:
    if not text.strip():
        raise InvalidInput("reason", "why nothing is made of it")
    return text.strip()[:200]
