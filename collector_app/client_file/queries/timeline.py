"""What happened with a client beside their debts: visits, contacts, money, decisions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.backing.rules import DocumentKind, GuaranteeKind, ObligorKind
from collector_app.client_file.rules import EventKind
from collector_app.compliance.models import ContactBan, ContactWish
from collector_app.contacts.queries import DoneRow, contacts_of
from collector_app.core import clock
from collector_app.locations.models import LocationDecision
from collector_app.locations.rules import LocationDecisionKind
from collector_app.payments.models import Payment
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.models import Credit
from collector_app.promises.models import Promise
from collector_app.scoring.models import ScoringDecision
from collector_app.stages.rules import Pause, StageSpan
from collector_app.visits.models import Appointment
from collector_app.visits.queries import VisitRow, annulments_to, visits_to
from collector_app.zones.models import Zone, ZoneMembership

Lasting = TypeVar("Lasting", ContactBan, ContactWish)

MOST_VISITS = 500  # of one client; more than any law would allow in years


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; fields that its kind does not have are None.

    ``at`` is an instant; of what is known by its day only it is the local midnight, and
    ``has_hour`` is False.
    """

    kind: EventKind
    at: datetime
    has_hour: bool = True
    who: str | None = None
    visit: VisitRow | None = None
    contact: DoneRow | None = None
    amount_cents: int | None = None
    due_on: date | None = None
    method: PaymentMethod | None = None
    text: str | None = None
    until: date | None = None
    starts_at: datetime | None = None
    decision: LocationDecisionKind | None = None
    is_on: bool | None = None
    annulled: str | None = None  # why the visit or letter does not count
    span: StageSpan | None = None
    credit: str | None = None
    pause: Pause | None = None
    letter_id: int | None = None
    what: GuaranteeKind | ObligorKind | DocumentKind | None = None
    wish: ContactWish | None = None


def timeline(session: Session, client_id: int, zone: ZoneInfo) -> list[Event]:
    """Return what was done with a client and decided, newest first; a fixed number of statements.

    Visits count from their start by the phone's clock; payments from when the money was received.
    """
    annulled = annulments_to(session, client_id)
    events = [
        *(
            Event(
                EventKind.VISIT,
                visit.started_at,
                who=visit.collector_name,
                visit=visit,
                annulled=annulled.get(visit.id),
            )
            for visit in visits_to(session, client_id, MOST_VISITS, with_annulled=True)
        ),
        *(
            Event(EventKind.CONTACT, done.at, who=done.who, contact=done)
            for done in contacts_of(session, client_id, MOST_VISITS)
        ),
        *_promises(session, client_id),
        *_payments(session, client_id),
        *_appointments(session, client_id),
        *_decisions(session, client_id),
        *_bans(session, client_id, zone),
        *_wishes(session, client_id, zone),
        *_zones(session, client_id, zone),
        *_credits(session, client_id, zone),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _promises(session: Session, client_id: int) -> Iterator[Event]:
    rows = session.execute(
        select(Promise, User.full_name)
        .outerjoin(User, User.id == Promise.collector_id)
        .where(Promise.client_id == client_id)
    )
    for promise, who in rows:
        amount_cents, due_on = promise.amount_cents, promise.due_on
        yield Event(
            EventKind.PROMISE, promise.made_at, who=who, amount_cents=amount_cents, due_on=due_on
        )
        if promise.cancelled_at is not None:
            yield Event(
                EventKind.PROMISE_CANCELLED,
                promise.cancelled_at,
                amount_cents=amount_cents,
                due_on=due_on,
            )


def _payments(session: Session, client_id: int) -> Iterator[Event]:
    rows = session.execute(
        select(Payment, User.full_name)
        .outerjoin(User, User.id == Payment.collector_id)
        .where(Payment.client_id == client_id)
    )
    for payment, who in rows:
        yield Event(
            EventKind.PAYMENT,
            payment.received_at,
            who=who,
            amount_cents=payment.amount_cents,
            method=payment.method,
            text=payment.reference,
        )
        if payment.annulled_at is not None:
            yield Event(
                EventKind.PAYMENT_ANNULLED, payment.annulled_at, amount_cents=payment.amount_cents
            )


def _appointments(session: Session, client_id: int) -> Iterator[Event]:
    rows = session.scalars(select(Appointment).where(Appointment.client_id == client_id))
    for one in rows:
        yield Event(
            EventKind.APPOINTMENT,
            one.starts_at,
            starts_at=one.starts_at,
            is_on=one.cancelled_at is None,
        )


def _decisions(session: Session, client_id: int) -> Iterator[Event]:
    placed = session.execute(
        select(LocationDecision, User.full_name)
        .outerjoin(User, User.id == LocationDecision.made_by)
        .where(LocationDecision.client_id == client_id)
    )
    for place, who in placed:
        yield Event(EventKind.LOCATION, place.made_at, who=who, decision=place.kind)
    switched = session.execute(
        select(ScoringDecision, User.full_name)
        .outerjoin(User, User.id == ScoringDecision.decided_by)
        .where(ScoringDecision.client_id == client_id)
    )
    for switch, who in switched:
        yield Event(
            EventKind.SCORING,
            switch.decided_at,
            who=who,
            text=switch.reason,
            is_on=switch.is_scored,
        )


def _bans(session: Session, client_id: int, zone: ZoneInfo) -> Iterator[Event]:
    kinds = EventKind.BAN, EventKind.BAN_LIFTED
    for ban, who, lifter in session.execute(_lasting(ContactBan, client_id)):
        yield from _begun_and_lifted(ban, kinds, who, lifter, zone)


def _wishes(session: Session, client_id: int, zone: ZoneInfo) -> Iterator[Event]:
    kinds = EventKind.WISH, EventKind.WISH_ENDED
    for wish, who, lifter in session.execute(_lasting(ContactWish, client_id)):
        for event in _begun_and_lifted(wish, kinds, who, lifter, zone):
            yield replace(event, wish=wish)


def _lasting(kind: type[Lasting], client_id: int) -> Select[Lasting, str, str]:
    lifter = aliased(User)
    return (
        select(kind, User.full_name, lifter.full_name)
        .outerjoin(User, User.id == kind.created_by)
        .outerjoin(lifter, lifter.id == kind.lifted_by)
        .where(kind.client_id == client_id)
    )


def _begun_and_lifted(
    one: ContactBan | ContactWish,
    kinds: tuple[EventKind, EventKind],
    who: str | None,
    lifter: str | None,
    zone: ZoneInfo,
) -> Iterator[Event]:
    begun, ended = kinds
    yield Event(
        begun,
        clock.local_midnight(one.from_on, zone),
        has_hour=False,
        who=who,
        text=one.reason,
        until=one.told_to_on,
    )
    if one.lifted_at is not None:
        yield Event(ended, one.lifted_at, who=lifter, text=one.lift_reason)


def _zones(session: Session, client_id: int, zone: ZoneInfo) -> Iterator[Event]:
    rows = session.execute(
        select(ZoneMembership.from_on, ZoneMembership.to_on, Zone.name)
        .join(Zone, Zone.id == ZoneMembership.zone_id)
        .where(ZoneMembership.client_id == client_id)
    )
    for from_on, to_on, name in rows:
        if to_on is None or to_on >= from_on:  # else replaced before it began
            yield Event(
                EventKind.ZONE, clock.local_midnight(from_on, zone), has_hour=False, text=name
            )


def _credits(session: Session, client_id: int, zone: ZoneInfo) -> Iterator[Event]:
    rows = session.scalars(select(Credit).where(Credit.client_id == client_id))
    for credit in rows:
        if credit.opened_on is not None:
            yield Event(
                EventKind.CREDIT,
                clock.local_midnight(credit.opened_on, zone),
                has_hour=False,
                text=credit.product or credit.external_id,
            )
