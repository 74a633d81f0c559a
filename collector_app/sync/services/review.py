"""What a person does with events that wait and with conflicts; nothing is ever deleted."""

import json
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.doors.rules import part_uuid
from collector_app.doors.services import take_back_visit
from collector_app.payments.receipts import void_folio
from collector_app.sync.models import Device, SyncConflict, SyncEvent
from collector_app.sync.rules import (
    EventSettled,
    EventState,
    SyncEventKind,
    Told,
    read_utc,
    receipt_in,
)
from collector_app.sync.services.applying import Applied, Fresh, apply_event
from collector_app.sync.services.devices import is_series_of_others

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
    teller = _teller(session, row.device_id)
    statement = json.loads(row.statement)
    told = Told(row.uuid, row.seq, row.kind, row.made_at, statement["body"], row.statement)
    event = Fresh(row.id, told, row.received_at, row.clock_offset_ms, is_reviewed=True)
    became = apply_event(session, teller, event, zone=zone)
    row.state, row.code, row.facts = became.state, became.code, dict(became.facts)
    if row.state is EventState.APPLIED:
        row.settled_at, row.settled_by = clock.now(), actor.user_id
        log(session, actor, "sync_event.applied", row)
    return row


def dismiss_event(session: Session, actor: Actor, event_id: int, reason: str) -> SyncEvent:
    """Decide that nothing is to be made of an event; it stays, with the reason.

    A folio that the phone gave out with it is void. Errors are those of `apply_again`, and
    `InvalidInput` without a reason.
    """
    row = _waiting(session, actor, event_id)
    row.settled_reason = _reason(reason)
    row.state, row.settled_at, row.settled_by = EventState.DISMISSED, clock.now(), actor.user_id
    log(session, actor, "sync_event.dismissed", row, reason=reason.strip())
    _void(session, actor, row.device_id, row.statement, row.settled_reason)
    return row


def dismiss_conflict(session: Session, actor: Actor, conflict_id: int, reason: str) -> None:
    """Say what was decided about two statements under one id. Errors as of `dismiss_event`."""
    row, why = _unsettled(session, actor, conflict_id), _reason(reason)
    _settle(session, actor, row, why)
    _void(session, actor, row.device_id, row.statement, why)


def apply_other(
    session: Session, actor: Actor, conflict_id: int, reason: str, *, zone: ZoneInfo
) -> Applied:
    """Let the other statement of a conflict count.

    Under one id, the visit that counted until now is taken back first, and the other gets an id of
    its own. Under one number of a phone both are facts: nothing is taken back. When the other can't
    be applied, nothing changes and the conflict stays.

    Returns
    -------
    Applied
        What became of the other statement.

    Raises
    ------
    PaymentStands
        When money of the visit that would be taken back still counts.
    EventSettled, NotFound, InvalidInput
        As of `dismiss_conflict`.
    """
    row, why = _unsettled(session, actor, conflict_id), _reason(reason)
    stored = session.get_one(SyncEvent, row.event_id)
    event = _other_event(session, row, is_one_id=row.uuid == stored.uuid)
    teller = _teller(session, row.device_id)
    try:
        with session.begin_nested():
            if row.uuid == stored.uuid and _counts_as_visit(stored):
                day = event.at.astimezone(zone).date()
                take_back_visit(session, actor, stored.uuid, why, day=day)
            became = apply_event(session, teller, event, zone=zone)
            if became.state is not EventState.APPLIED:
                raise _NothingChangesError(became)
    except _NothingChangesError as refused:
        return refused.became
    if event.told.kind is SyncEventKind.VISIT_RECORDED:
        row.visit_uuid = event.told.uuid
    _settle(session, actor, row, why)
    log(session, actor, "sync_conflict.applied", row, uuid=event.told.uuid)
    return became


class _NothingChangesError(Exception):
    """Leaves a savepoint without what was done in it."""

    def __init__(self, became: Applied) -> None:
        self.became = became
        super().__init__()


def _counts_as_visit(event: SyncEvent) -> bool:
    return event.kind is SyncEventKind.VISIT_RECORDED and event.state is EventState.APPLIED


def _other_event(session: Session, row: SyncConflict, *, is_one_id: bool) -> Fresh:
    """Return the other statement as an event; its id is the same however often it is asked for."""
    statement = json.loads(row.statement)
    made_at = read_utc(statement["made_at"])
    assert made_at is not None  # noqa: S101 - it was read when it came
    uuid = part_uuid(row.uuid, row.statement_hash) if is_one_id else row.uuid
    kind = SyncEventKind(statement["type"])
    told = Told(uuid, row.seq, kind, made_at, statement["body"], row.statement)
    device = session.get_one(Device, row.device_id)
    return Fresh(row.event_id, told, row.received_at, device.clock_offset_ms, is_reviewed=True)


def _void(session: Session, actor: Actor, device_id: int, statement: str, reason: str) -> None:
    """Note that the folio which a statement gave out is void, unless another receipt has it.

    Whoever tells of a folio of somebody else's phone gave out nothing: that phone will use it.
    """
    told = json.loads(statement)
    receipt = receipt_in(SyncEventKind(told["type"]), told["body"])
    teller = _teller(session, device_id)
    if receipt is not None and not is_series_of_others(session, teller, {receipt.series}):
        void_folio(session, actor, receipt, reason)


def _settle(session: Session, actor: Actor, row: SyncConflict, reason: str) -> None:
    row.settled_reason = reason
    row.settled_at, row.settled_by = clock.now(), actor.user_id
    log(session, actor, "sync_conflict.settled", row, reason=reason)


def _teller(session: Session, device_id: int) -> Actor:
    """Return the collector for whom a phone speaks."""
    device = session.get_one(Device, device_id)
    user = session.get_one(User, device.user_id)
    return Actor(user_id=user.id, role=Role.COLLECTOR, name=user.full_name)


def _unsettled(session: Session, actor: Actor, conflict_id: int) -> SyncConflict:
    actor.require(*WHO_REVIEWS)
    row = session.get(SyncConflict, conflict_id, with_for_update=True)
    if row is None:
        message = f"conflict {conflict_id} does not exist"
        raise NotFound(message)
    if row.settled_at is not None:
        message = f"conflict {conflict_id} was settled at {row.settled_at.isoformat()}"
        raise EventSettled(message)
    return row


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
