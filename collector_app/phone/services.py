"""Storing everything that was told about one visit."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.core.actor import Actor
from collector_app.payments.services import record_payment
from collector_app.phone.queries import own_stop
from collector_app.phone.rules import DoorReport
from collector_app.promises.services import make_promise
from collector_app.visits.models import Visit
from collector_app.visits.rules import AppointmentFact, VisitFact
from collector_app.visits.services import make_appointment, record_visit

# How long a client is asked to wait for us: the window that the planner gets.
APPOINTMENT_LENGTH = timedelta(minutes=30)


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


def _is_own_stop(session: Session, actor: Actor, fact: VisitFact) -> bool:
    if fact.stop_id is None:
        return False
    stop = own_stop(session, actor.user_id, fact.stop_id)
    return stop is not None and stop.client_id == fact.client_id
