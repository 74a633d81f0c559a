"""Storing everything that was told about one visit, and taking it back."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core.actor import Actor
from collector_app.doors.queries import own_stop
from collector_app.doors.rules import APPOINTMENT_LENGTH, DoorReport, PaymentStands
from collector_app.payments.models import Payment
from collector_app.payments.services import record_payment
from collector_app.promises.models import Promise
from collector_app.promises.services import cancel_promise, make_promise
from collector_app.visits.models import Visit, VisitAnnulment
from collector_app.visits.rules import AppointmentFact, VisitFact
from collector_app.visits.services import annul_visit, make_appointment, record_visit


def log_visit(session: Session, actor: Actor, report: DoorReport, *, zone: ZoneInfo) -> Visit:
    """Store a visit with its promise, payment or appointment: all of it or nothing.

    The same report again changes nothing. Errors are those of the services of each part.
    """
    visit = record_visit(
        session,
        actor,
        report.visit,
        zone=zone,
        has_checked_stop=_is_own_stop(session, actor, report.visit),
    )
    if report.promise:
        make_promise(session, actor, replace(report.promise, visit_id=visit.id), zone=zone)
    if report.payment:
        record_payment(session, actor, replace(report.payment, visit_id=visit.id), zone=zone)
    if report.appointment_at:
        ends_at = report.appointment_at + APPOINTMENT_LENGTH
        fact = AppointmentFact(visit.client_id, visit.id, report.appointment_at, ends_at)
        make_appointment(session, actor, fact)
    return visit


def take_back_visit(
    session: Session, actor: Actor, visit_uuid: str, reason: str, *, day: date
) -> VisitAnnulment:
    """Annul a visit and all that came of it; twice changes nothing.

    Its promise and its appointment are cancelled. Money is another matter: the client holds a
    receipt, so a payment is annulled by those who may, before the visit is.

    Raises
    ------
    PaymentStands
        When a payment of the visit still counts.
    NotFound, AnnulmentWithoutReason
        See `annul_visit`.
    """
    annulment = annul_visit(session, actor, visit_uuid, reason)
    standing = select(Payment.id).where(
        Payment.visit_id == annulment.visit_id, Payment.annulled_at.is_(None)
    )
    if session.scalars(standing.limit(1)).first() is not None:
        message = f"a payment of visit {visit_uuid} stands"
        raise PaymentStands(message)
    promises = select(Promise.id).where(
        Promise.visit_id == annulment.visit_id, Promise.cancelled_at.is_(None)
    )
    for promise_id in session.scalars(promises).all():
        cancel_promise(session, actor, promise_id, reason, day=day)
    return annulment


def _is_own_stop(session: Session, actor: Actor, fact: VisitFact) -> bool:
    if fact.stop_id is None:
        return False
    stop = own_stop(session, actor.user_id, fact.stop_id)
    return stop is not None and stop.client_id == fact.client_id
