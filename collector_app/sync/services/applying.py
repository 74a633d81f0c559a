"""Makes facts of events, by the same door as the pages of the phone."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from collector_app.agreements.services import request_offer
from collector_app.audit.services import log
from collector_app.contacts.rules import ContactFact, PromisedFact
from collector_app.contacts.services import record_contact
from collector_app.core.actor import Actor
from collector_app.core.errors import CollectorError, NotFound
from collector_app.core.facts import FactConflict
from collector_app.doors.queries import own_stops
from collector_app.doors.rules import DoorReport, part_uuid, what_is_missing
from collector_app.doors.services import log_visits, take_back_visit
from collector_app.payments.rules import PaymentFact
from collector_app.promises.rules import PromiseFact
from collector_app.sync.models import SyncEvent
from collector_app.sync.rules import (
    AnswerState,
    BadBody,
    ContactRecorded,
    DeviceRevoked,
    EventState,
    OfferRequested,
    Paid,
    Reorder,
    SyncEventKind,
    Told,
    VisitAnnulled,
    VisitRecorded,
    read_body,
)
from collector_app.sync.services.devices import Caller, is_series_of_others
from collector_app.visits import rules
from collector_app.visits.rules import VisitFact
from collector_app.visits.services import keep_conflict

_log = logging.getLogger(__name__)
_VISIT = SyncEventKind.VISIT_RECORDED


@dataclass(frozen=True, slots=True)
class Fresh:
    """An event that was just stored, and what is to be made of it.

    ``is_reviewed``: a person looked at it and wants it to count.
    """

    event_id: int
    told: Told
    received_at: datetime
    clock_offset_ms: int
    is_reviewed: bool = False

    @property
    def at(self) -> datetime:
        """Return the phone's time put right by our clock, never later than it arrived.

        Money, promises and contacts get it: debts and limits are counted by our clock, and a phone
        that lives in last week must not undo a payment. Visits keep what the phone said.
        """
        return self.put_right(self.told.made_at)

    def put_right(self, told_at: datetime) -> datetime:
        """Return an instant of the phone's clock by ours, never later than it arrived."""
        return min(told_at + timedelta(milliseconds=self.clock_offset_ms), self.received_at)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an event: applied, or why it waits for a person."""

    state: EventState = EventState.APPLIED
    code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def answer(self) -> AnswerState:
        """Return what the phone is told."""
        if self.code == FactConflict.code:
            return AnswerState.CONFLICT
        applied = self.state is EventState.APPLIED
        return AnswerState.APPLIED if applied else AnswerState.WAITING


def apply_all(
    session: Session, caller: Caller, fresh: Sequence[Fresh], *, zone: ZoneInfo
) -> dict[int, Applied]:
    """Make facts of new events, in their order, and note on those that wait why they do.

    What a phone tells that was shut out is kept and waits: it may be in other hands.

    Returns
    -------
    dict of int to Applied
        What became of each, by the id of the event.
    """
    if caller.is_revoked:
        kept = Applied(EventState.WAITING, DeviceRevoked.code)
        applied = {one.event_id: kept for one in fresh}
    else:
        applied = {}
        for is_visit, run in groupby(fresh, lambda one: one.told.kind is _VISIT):
            together = list(run)
            parts = [together] if is_visit else [[one] for one in together]
            for part in parts:
                applied |= _apply_together(session, caller.actor, part, zone)
    for one in fresh:
        became = applied[one.event_id]
        if became.state is EventState.WAITING:
            _note(session, one.event_id, became)
            subject = f"sync_event:{one.event_id}"
            log(session, caller.actor, "sync_event.waits", subject, code=became.code)
    return applied


def _apply_together(
    session: Session, actor: Actor, visits: Sequence[Fresh], zone: ZoneInfo
) -> dict[int, Applied]:
    """Make facts of many visits with the statements of one; what can't be told is found by halves.

    Each gets the answer that it would get alone, because the one that fails ends up alone.
    """
    if len(visits) == 1:
        return {visits[0].event_id: apply_event(session, actor, visits[0], zone=zone)}
    try:
        with session.begin_nested():
            reports = [_report(one, _read_visit(one), zone) for one in visits]
            _store_visits(session, actor, reports, zone)
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - told and logged of the one that it is about, once alone
        half = len(visits) // 2
        parts = visits[:half], visits[half:]
        return {
            event_id: became
            for part in parts
            for event_id, became in _apply_together(session, actor, part, zone).items()
        }
    return {one.event_id: Applied() for one in visits}


def apply_event(session: Session, actor: Actor, event: Fresh, *, zone: ZoneInfo) -> Applied:
    """Make a fact of one event inside a savepoint: all of it or nothing, and whatever happens told.

    The same event again changes nothing. A database that is away or that chose this transaction to
    break a deadlock is no fault of the event: that error is raised, and the phone sends again.
    """
    try:
        with session.begin_nested():
            _store(session, actor, event, zone)
    except FactConflict as conflict:
        keep_conflict(session, actor, conflict)
        versions = {"told": conflict.told, "stored": conflict.stored}
        return Applied(EventState.WAITING, conflict.code, _plain(conflict.facts) | versions)
    except CollectorError as refused:
        return Applied(EventState.WAITING, refused.code, _plain(refused.facts))
    except OperationalError:
        raise
    except Exception:  # noqa: BLE001 - one event that we can't digest must not hold up a phone
        _log.exception("event %s could not be applied", event.told.uuid)
        return Applied(EventState.WAITING, CollectorError.code)
    return Applied()


def _note(session: Session, event_id: int, became: Applied) -> None:
    session.execute(
        update(SyncEvent)
        .where(SyncEvent.id == event_id)
        .values(state=became.state, code=became.code, facts=dict(became.facts))
    )


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts as JSON holds them."""
    return {
        name: value if isinstance(value, int | float | bool) else str(value)
        for name, value in facts.items()
    }


def _store(session: Session, actor: Actor, event: Fresh, zone: ZoneInfo) -> None:
    told = read_body(event.told.kind, event.told.body)
    match told:
        case VisitRecorded():
            _store_visits(session, actor, [_report(event, told, zone)], zone)
        case VisitAnnulled():
            day = event.at.astimezone(zone).date()
            take_back_visit(session, actor, told.visit_uuid, told.reason, day=day)
        case Reorder():
            _reorder(session, actor, told)
        case ContactRecorded():
            record_contact(session, actor, _contact_fact(event, told), zone=zone)
        case OfferRequested():
            day = event.at.astimezone(zone).date()
            request_offer(session, actor, told.client_id, told.terms, day=day, zone=zone)


def _store_visits(
    session: Session, actor: Actor, reports: Sequence[DoorReport], zone: ZoneInfo
) -> None:
    """Store visits; the series of their receipts must not be those of somebody else's phone.

    A series that no phone has is fine: a database that came from a backup forgot the phone.
    """
    series = {one.payment.receipt.series for one in reports if one.payment and one.payment.receipt}
    if is_series_of_others(session, actor, series):
        raise BadBody("payment.receipt.series", "a series of this collector's phones")
    log_visits(session, actor, reports, zone=zone)


def _read_visit(event: Fresh) -> VisitRecorded:
    told = read_body(event.told.kind, event.told.body)
    assert isinstance(told, VisitRecorded)  # noqa: S101 - its kind says so
    return told


def _reorder(session: Session, actor: Actor, told: Reorder) -> None:
    """Take note of an order; the event itself is what the dispatcher reads."""
    strange = set(told.stop_ids) - set(own_stops(session, actor.user_id, told.stop_ids))
    if strange:
        message = f"stops {sorted(strange)[:5]} are not of this collector"
        raise NotFound(message)
    route = f"route:{told.day}"
    log(session, actor, "route.reordered", route, cause=told.cause.value, stops=told.stop_ids)


def _report(event: Fresh, told: VisitRecorded, zone: ZoneInfo) -> DoorReport:
    _check_whole(told)
    fact = VisitFact(
        uuid=event.told.uuid,
        client_id=told.client_id,
        stop_id=told.stop_id,
        started_at=told.started_at,
        ended_at=told.ended_at,
        person_met=told.person_met,
        outcome=told.outcome,
        objection=told.objection or rules.implied_objection(told.outcome),
        card_opened=told.card_opened,
        note=told.note,
        lat=told.lat,
        lon=told.lon,
        accuracy_m=told.accuracy_m,
        no_gps_reason=told.no_gps_reason,
    )
    promise = payment = appointment_at = None
    if told.promise:
        cents, due_on = told.promise
        promise = PromiseFact(
            part_uuid(event.told.uuid, "promise"), told.client_id, None, cents, due_on, event.at
        )
    if told.payment:
        payment = _payment_fact(event, told.client_id, told.payment)
    if told.appointment:
        appointment_at = told.appointment.replace(tzinfo=zone).astimezone(UTC)
    return DoorReport(fact, promise, payment, appointment_at)


def _payment_fact(event: Fresh, client_id: int, paid: Paid) -> PaymentFact:
    receipt = paid.receipt and replace(paid.receipt, may_repeat=event.is_reviewed)
    return PaymentFact(
        part_uuid(event.told.uuid, "payment"),
        client_id,
        None,
        paid.method,
        paid.amount_cents,
        event.at,
        paid.reference,
        receipt,
    )


def _contact_fact(event: Fresh, told: ContactRecorded) -> ContactFact:
    return ContactFact(
        uuid=event.told.uuid,
        client_id=told.client_id,
        channel=told.channel,
        at=event.put_right(told.at),
        person=told.person,
        was_answered=told.was_answered,
        spoke_of_debt=told.spoke_of_debt,
        text=told.text,
        note=told.note,
        promise=PromisedFact(*told.promise) if told.promise else None,
    )


def _check_whole(told: VisitRecorded) -> None:
    """Raise `BadBody` unless the visit has what its outcome can't be told without."""
    missing = what_is_missing(
        told.person_met,
        told.outcome,
        {
            rules.Field.PROMISE: told.promise,
            rules.Field.PAYMENT: told.payment,
            rules.Field.APPOINTMENT: told.appointment,
            rules.Field.OBJECTION: told.objection,
            rules.Field.NOTE: told.note,
        },
    )
    if missing:
        raise BadBody(*missing)
