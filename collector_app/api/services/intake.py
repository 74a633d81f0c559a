"""What other systems tell, taken through the doors that the desk and the phones use.

Each function does one operation of `writes` and returns a status and the row to answer with.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.absences import services as absences
from collector_app.accounts.models import User
from collector_app.api.resources import RESOURCES, row_of
from collector_app.api.rules import (
    AbsenceIn,
    AnnulledVisitOut,
    AnnulmentIn,
    ClientIn,
    ClientsIn,
    Number,
    PaymentIn,
    PromiseIn,
    VisitIn,
    ZoneCollectorIn,
)
from collector_app.api.services.cartera import ToldClient, told_rows, what_became
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.facts import FactConflict
from collector_app.doors.rules import YEARS, DoorReport, part_uuid, what_is_missing
from collector_app.doors.services import log_visit, take_back_visit
from collector_app.payments import services as payments
from collector_app.payments.rules import PaymentFact
from collector_app.planning import services as planning
from collector_app.portfolio.facts import Address, FoundPlaces, ImportReport
from collector_app.portfolio.models import Client
from collector_app.portfolio.services import addresses_to_find, import_clients
from collector_app.promises import services as promises
from collector_app.promises.rules import PromiseFact
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Visit
from collector_app.visits.rules import Field, VisitFact, implied_objection
from collector_app.visits.services import keep_conflict
from collector_app.zones.services import assign_collector, place_new_clients

CREATED, DONE = 201, 200
_SLOW_CLOCK = timedelta(minutes=5)  # by so much another system's clock may be ahead of ours
_CALLS = UUID("1f3a6f0e-6c1c-5d0a-9a52-3d1f9f1f6b11")  # names calls, as uuid5 wants it


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, how the call is named, and which row its address names."""

    key_id: int
    call_key: str | None
    named: Mapping[str, Any]
    zone: ZoneInfo
    find_places: Callable[[Collection[Address]], FoundPlaces]

    @property
    def uuid(self) -> str:
        """Return the uuid of the fact that the call tells: the same call tells the same fact."""
        return str(uuid5(_CALLS, f"{self.key_id}:{self.call_key}"))

    @property
    def actor(self) -> Actor:
        """Return who acts when nobody of the company does."""
        return Actor.system("api")

    @property
    def today(self) -> date:
        """Return the day of the business."""
        return clock.today(self.zone)


Taken = tuple[int, Any]


def log_write(session: Session, call: Call, operation: str, row_id: int | None) -> None:
    """Write down which key changed something; services tell what."""
    log(session, call.actor, "api.wrote", f"api_key:{call.key_id}", operation=operation, id=row_id)


def keep_contradiction(session: Session, call: Call, conflict: FactConflict) -> None:
    """Keep both versions of a fact that came twice; see `visits.services.keep_conflict`."""
    keep_conflict(session, call.actor, conflict)


def take_client(session: Session, call: Call, body: ClientIn) -> Taken:
    """Bring a client with their credits and invoices to what the creditor states."""
    number = _number(call.named["number"])
    is_known = _client_id_or_none(session, number) is not None
    _import(session, call, [ToldClient("", number, body)], body.balance_at)
    client_id = _client_id(session, number, "number")
    return DONE if is_known else CREATED, _row(session, call, "clients", client_id)


def take_clients(session: Session, call: Call, body: ClientsIn) -> Taken:
    """Bring many clients to what the creditor states: all of them or none."""
    told = [ToldClient(f"clients[{n}].", one.number, one) for n, one in enumerate(body.clients)]
    report = _import(session, call, told, body.balance_at)
    return DONE, what_became(told, report)


def take_visit(session: Session, call: Call, body: VisitIn) -> Taken:
    """Store a visit with what came of it, as its collector's phone would tell it."""
    _check_past(started_at=body.started_at, ended_at=body.ended_at)
    told = {
        Field.PROMISE: body.promise,
        Field.PAYMENT: body.payment,
        Field.APPOINTMENT: body.appointment_at,
        Field.OBJECTION: body.objection,
        Field.NOTE: body.note,
    }
    missing = what_is_missing(body.person_met, body.outcome, told)
    if missing:
        raise InvalidInput(*missing)
    actor = _collector(session, body.collector_id)
    client_id = _client_id(session, body.client_number, "client_number")
    fact = VisitFact(
        uuid=call.uuid,
        client_id=client_id,
        stop_id=body.stop_id,
        started_at=body.started_at,
        ended_at=body.ended_at,
        person_met=body.person_met,
        outcome=body.outcome,
        objection=body.objection or implied_objection(body.outcome),
        note=body.note,
        lat=body.lat,
        lon=body.lon,
        accuracy_m=body.accuracy_m,
    )
    appointment_at = body.appointment_at and _instant(body.appointment_at, "appointment_at")
    report = DoorReport(
        fact, _promise_of(call, fact, body), _payment_of(call, fact, body), appointment_at
    )
    visit = log_visit(session, actor, report, zone=call.zone)
    return CREATED, _row(session, call, "visits", visit.id)


def take_promise(session: Session, call: Call, body: PromiseIn) -> Taken:
    """Store a promise that a collector or somebody else took."""
    _check_past(made_at=body.made_at)
    fact = PromiseFact(
        call.uuid,
        _client_id(session, body.client_number, "client_number"),
        body.visit_id,
        body.amount_cents,
        _day(body.due_on, "due_on"),
        body.made_at or clock.now(),
    )
    actor = _teller(session, call, body)
    promise = promises.make_promise(session, actor, fact, zone=call.zone)
    return CREATED, _row(session, call, "promises", promise.id)


def take_payment(session: Session, call: Call, body: PaymentIn) -> Taken:
    """Store money that a collector or the creditor received."""
    _check_past(received_at=body.received_at)
    fact = PaymentFact(
        call.uuid,
        _client_id(session, body.client_number, "client_number"),
        body.visit_id,
        body.method,
        body.amount_cents,
        body.received_at or clock.now(),
        body.reference,
    )
    actor = _teller(session, call, body)
    payment = payments.record_payment(session, actor, fact, zone=call.zone)
    return CREATED, _row(session, call, "payments", payment.id)


def annul_visit(session: Session, call: Call, body: AnnulmentIn) -> Taken:
    """Take a visit back with its promise and appointment; its payment has to be annulled before."""
    visit_id = call.named["id"]
    uuid = session.scalar(
        select(Visit.uuid).where(Visit.id == visit_id).execution_options(**WITH_ANNULLED)
    )
    if uuid is None:
        text = f"no visit {visit_id}"
        raise NotFound(text)
    annulled = take_back_visit(session, call.actor, uuid, body.reason, day=call.today)
    session.flush()
    return DONE, AnnulledVisitOut(visit_id, annulled.reason, annulled.annulled_at)


def cancel_promise(session: Session, call: Call, body: AnnulmentIn) -> Taken:
    """Take a promise back; nobody waits for it any more."""
    promise = promises.cancel_promise(
        session, call.actor, call.named["id"], body.reason, day=call.today
    )
    return DONE, _row(session, call, "promises", promise.id)


def annul_payment(session: Session, call: Call, body: AnnulmentIn) -> Taken:
    """Take a payment back; its money no longer settles anything and its folio is not used again."""
    payment = payments.annul_payment(
        session, call.actor, call.named["id"], body.reason, zone=call.zone
    )
    return DONE, _row(session, call, "payments", payment.id)


def take_absence(session: Session, call: Call, body: AbsenceIn) -> Taken:
    """Store that a collector does not work on some days."""
    _collector(session, body.collector_id)
    days = _day(body.from_on, "from_on"), _day(body.to_on, "to_on")
    absence = absences.record_absence(
        session, call.actor, body.collector_id, body.kind, *days, body.note
    )
    session.flush()
    return CREATED, _row(session, call, "absences", absence.id)


def cancel_absence(session: Session, call: Call, _body: None) -> Taken:
    """Store that a collector works after all."""
    absence = absences.cancel_absence(session, call.actor, call.named["id"])
    return DONE, _row(session, call, "absences", absence.id)


def publish_plan(session: Session, call: Call, _body: None) -> Taken:
    """Let phones see a plan; the one of its day that they saw before is withdrawn."""
    plan_id = call.named["id"]
    planning.publish(session, call.actor, plan_id, today=call.today, zone=call.zone)
    return DONE, _row(session, call, "plans", plan_id)


def withdraw_plan(session: Session, call: Call, _body: None) -> Taken:
    """Take a plan from the phones."""
    plan = planning.withdraw(session, call.actor, call.named["id"])
    return DONE, _row(session, call, "plans", plan.id)


def assign_zone(session: Session, call: Call, body: ZoneCollectorIn) -> Taken:
    """Put a collector in charge of a zone from a day on, or nobody."""
    zone_id, day = call.named["id"], _day(body.from_on, "from_on")
    if body.collector_id is not None:
        _collector(session, body.collector_id)
    assign_collector(session, call.actor, zone_id, body.collector_id, day)
    return DONE, _row(session, call, "zones", zone_id)


def _import(
    session: Session, call: Call, told: list[ToldClient], balance_at: datetime | None
) -> ImportReport:
    _check_past(balance_at=balance_at)
    rows = told_rows(told)
    report = import_clients(
        session,
        call.actor,
        rows,
        balance_at=balance_at or clock.now(),
        found=call.find_places(addresses_to_find(session, rows)),
    )
    what_became(told, report)  # raises when one was refused
    place_new_clients(session, call.actor, call.today)
    return report


def _promise_of(call: Call, visit: VisitFact, body: VisitIn) -> PromiseFact | None:
    if body.promise is None:
        return None
    due_on = _day(body.promise.due_on, "promise.due_on")
    uuid = part_uuid(call.uuid, "promise")
    cents = body.promise.amount_cents
    return PromiseFact(uuid, visit.client_id, None, cents, due_on, visit.ended_at)


def _payment_of(call: Call, visit: VisitFact, body: VisitIn) -> PaymentFact | None:
    if body.payment is None:
        return None
    uuid = part_uuid(call.uuid, "payment")
    told = body.payment
    return PaymentFact(
        uuid,
        visit.client_id,
        None,
        told.method,
        told.amount_cents,
        visit.ended_at,
        told.reference,
    )


def _row(session: Session, call: Call, resource: str, row_id: int) -> Any:
    session.flush()
    session.expire_all()  # answer with what is stored
    return row_of(session, RESOURCES[resource], row_id, call.today, call.zone)


def _teller(session: Session, call: Call, body: PromiseIn | PaymentIn) -> Actor:
    """Return who took a promise or money: a collector when one is named."""
    if body.collector_id is not None:
        return _collector(session, body.collector_id)
    if body.visit_id is not None:
        raise InvalidInput("collector_id", "whoever made the visit")
    return call.actor


def _collector(session: Session, collector_id: int) -> Actor:
    person = session.get(User, collector_id)
    if person is None or person.role is not Role.COLLECTOR or not person.active:
        raise InvalidInput("collector_id", "an active collector")
    return Actor(person.id, Role.COLLECTOR, person.full_name)


def _number(text: str) -> str:
    """Return the number of a client in an address, held to the same as one in a body."""
    try:
        return msgspec.convert(text, Number)
    except msgspec.ValidationError as error:
        raise InvalidInput("number", str(error)) from None


def _client_id(session: Session, number: str, field: str) -> int:
    found = _client_id_or_none(session, number)
    if found is None:
        raise InvalidInput(field, "the number of a client that is here")
    return found


def _client_id_or_none(session: Session, number: str) -> int | None:
    return session.scalar(select(Client.id).where(Client.external_id == number))


def _check_past(**instants: datetime | None) -> None:
    for field, instant in instants.items():
        if instant is not None and _instant(instant, field) > clock.now() + _SLOW_CLOCK:
            raise InvalidInput(field, "an instant that has come")


def _instant(instant: datetime, field: str) -> datetime:
    _check_year(instant, field)
    return instant


def _day(day: date, field: str) -> date:
    _check_year(day, field)
    return day


def _check_year(told: date, field: str) -> None:
    if told.year not in YEARS:
        raise InvalidInput(field, f"a year from {YEARS[0]} to {YEARS[-1]}")
