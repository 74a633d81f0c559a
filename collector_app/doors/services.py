"""Storing everything that was told about one visit, and taking it back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core.actor import Actor
from collector_app.core.bulk import StoredRow
from collector_app.core.facts import object_of
from collector_app.doors.queries import own_stops
from collector_app.doors.rules import APPOINTMENT_LENGTH, DoorReport, PaymentStands
from collector_app.payments.models import Payment
from collector_app.payments.services import record_payments
from collector_app.promises.models import Promise
from collector_app.promises.services import cancel_promise, make_promises
from collector_app.visits.models import Visit, VisitAnnulment
from collector_app.visits.rules import AppointmentFact, VisitFact
from collector_app.visits.services import annul_visit, make_appointment, record_visits


def log_visit(session: Session, actor: Actor, report: DoorReport, *, zone: ZoneInfo) -> Visit:
    """Store a visit with its promise, payment or appointment: all of it or nothing.

    The same report again changes nothing. Errors are those of the services of each part.
    """
    return object_of(session, log_visits(session, actor, [report], zone=zone)[0])


def log_visits(
    session: Session, actor: Actor, reports: Sequence[DoorReport], *, zone: ZoneInfo
) -> list[StoredRow[Visit]]:
    """Store visits as `log_visit` does, with as few statements as for one of them.

    All of them or nothing: the first that can't be stored raises, and the caller rolls back.
    """
    facts = [report.visit for report in reports]
    visits = record_visits(
        session, actor, facts, zone=zone, checked_stops=_own_stops(session, actor, facts)
    )
    told = list(zip(reports, visits, strict=True))
    promises = [
        replace(report.promise, visit_id=visit.id) for report, visit in told if report.promise
    ]
    make_promises(session, actor, promises, zone=zone)
    payments = [
        replace(report.payment, visit_id=visit.id) for report, visit in told if report.payment
    ]
    record_payments(session, actor, payments, zone=zone)
    for report, visit in told:
        if report.appointment_at:
            ends_at = report.appointment_at + APPOINTMENT_LENGTH
            client_id = report.visit.client_id
            fact = AppointmentFact(client_id, visit.id, report.appointment_at, ends_at)
            make_appointment(session, actor, fact)
    return visits


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


def _own_stops(
    session: Session, actor: Actor, facts: Sequence[VisitFact]
) -> set[tuple[int | None, int]]:
    """Return the stops of this collector among those told, each with its client."""
    told = {fact.stop_id for fact in facts if fact.stop_id is not None}
    return {(one.id, one.client_id) for one in own_stops(session, actor.user_id, told).values()}
