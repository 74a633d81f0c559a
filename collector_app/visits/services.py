"""Recording what happened in the field."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector_app.audit.services import log, log_each
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.bulk import StoredRow
from collector_app.core.errors import NotFound
from collector_app.core.facts import FactConflict, object_of, store_all_once
from collector_app.core.selection import among_told
from collector_app.portfolio.models import Client
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Appointment, Visit, VisitAnnulment
from collector_app.visits.rules import (
    AnnulmentWithoutReason,
    AppointmentFact,
    AppointmentInPast,
    PersonMet,
    VisitFact,
)
from collector_app.zones.queries import may_see

# What a collector states; the end and the fix belong to the moment of the tap (see `store_once`).
_STATEMENT = (
    "client_id",
    "collector_id",
    "stop_id",
    "started_at",
    "person_met",
    "outcome",
    "objection",
    "note",
)
_REASON_LENGTH = 40
_MET = select(Visit.id, Visit.client_id, Visit.person_met).where(
    among_told(Visit.id, "ids"), Visit.collector_id == bindparam("collector_id")
)


def record_visit(
    session: Session,
    actor: Actor,
    fact: VisitFact,
    *,
    zone: ZoneInfo,
    has_checked_stop: bool = False,
) -> Visit:
    """Store a visit once; facts that are inconvenient are kept and flagged when read.

    Parameters
    ----------
    actor : Actor
        The collector who made the visit.
    fact : VisitFact
        What they tell. The same uuid with the same statement changes nothing.
    zone : ZoneInfo
        Time zone of the business; tells the local day of the visit.
    has_checked_stop : bool
        The caller, who knows the plans, found that ``fact.stop_id`` is a stop of this collector
        for this client. Without it the visit is kept without a stop.

    Raises
    ------
    NotFound
        When there is no such client, or none that this collector may see.
    FactConflict
        When the uuid is already stored with another statement; see `keep_conflict`.
    """
    checked = {(fact.stop_id, fact.client_id)} if has_checked_stop else set()
    stored = record_visits(session, actor, [fact], zone=zone, checked_stops=checked)
    return object_of(session, stored[0])


def record_visits(
    session: Session,
    actor: Actor,
    facts: Sequence[VisitFact],
    *,
    zone: ZoneInfo,
    checked_stops: Collection[tuple[int | None, int]] = (),
) -> list[StoredRow[Visit]]:
    """Store visits as `record_visit` does: all of them, or none when one can't be.

    ``checked_stops``: stops with their clients, which the caller found to be this collector's.
    """
    actor.require(Role.COLLECTOR)
    for fact in facts:
        if not _is_checked(fact, checked_stops):
            check_visible(session, actor, fact, zone)
    told = [_columns(actor, one, is_checked=_is_checked(one, checked_stops)) for one in facts]
    stored = store_all_once(session, Visit, told, _STATEMENT)
    new: list[tuple[StoredRow[Visit], dict[str, object]]] = []
    for fact, (visit, is_new) in zip(facts, stored, strict=True):
        said: dict[str, object] = {"client_id": fact.client_id, "outcome": fact.outcome.value}
        if fact.stop_id is not None and not _is_checked(fact, checked_stops):
            said["unknown_stop_id"] = fact.stop_id
        if is_new:
            new.append((visit, said))
    log_each(session, actor, "visit.recorded", new)
    return [visit for visit, _is_new in stored]


def check_visible(session: Session, actor: Actor, fact: VisitFact, zone: ZoneInfo) -> None:
    """Raise `NotFound` unless the actor may see the client, today or on the day of the visit.

    The day of the visit counts because a visit may arrive after its zone has changed hands.
    """
    days = {fact.started_at.astimezone(zone).date(), clock.today(zone)}
    if session.get(Client, fact.client_id) is None or not any(
        may_see(session, actor, fact.client_id, day) for day in days
    ):
        message = f"client {fact.client_id} does not exist or is not this collector's"
        raise NotFound(message)


def make_appointment(session: Session, actor: Actor, fact: AppointmentFact) -> Appointment:
    """Store the time a client asked us to come back; one for each visit.

    Raises
    ------
    NotFound
        When the visit is not the actor's, or of another client.
    AppointmentInPast
        When the time had passed when the visit began, by the phone's clock and by ours.
    FactConflict
        When the visit already has an appointment at another time.
    """
    actor.require(Role.COLLECTOR)
    visit = visit_of(session, actor, fact.visit_id, fact.client_id)
    stored = session.scalars(
        select(Appointment).where(Appointment.visit_id == visit.id)
    ).one_or_none()
    if stored is not None:
        _compare(visit, stored, fact)
        return stored
    if fact.starts_at <= min(visit.started_at, visit.received_at):  # past by both clocks
        raise AppointmentInPast("starts_at", "a time after the visit")
    appointment = Appointment(
        client_id=fact.client_id,
        visit_id=visit.id,
        starts_at=fact.starts_at,
        ends_at=max(fact.starts_at, fact.ends_at),
    )
    session.add(appointment)
    log(session, actor, "appointment.made", appointment, client_id=fact.client_id)
    return appointment


def annul_visit(session: Session, actor: Actor, visit_uuid: str, reason: str) -> VisitAnnulment:
    """Take back a visit that was recorded by mistake; twice changes nothing.

    It stays with all that was told. Its appointment is cancelled; promises and payments are taken
    back by their own services before.

    Raises
    ------
    NotFound
        When there is no such visit, or it is another collector's.
    AnnulmentWithoutReason
        When there are no words in the reason.
    """
    actor.require(Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
    if not reason.strip():
        raise AnnulmentWithoutReason("reason", "why the visit is annulled")
    visit = session.scalars(
        select(Visit).where(Visit.uuid == visit_uuid).execution_options(**WITH_ANNULLED)
    ).one_or_none()
    is_own = visit is not None and visit.collector_id == actor.user_id
    if visit is None or (actor.role is Role.COLLECTOR and not is_own):
        message = f"visit {visit_uuid} does not exist or is not this collector's"
        raise NotFound(message)
    known = session.scalars(
        select(VisitAnnulment).where(VisitAnnulment.visit_id == visit.id)
    ).one_or_none()
    if known is not None:
        return known
    annulment = VisitAnnulment(
        visit_id=visit.id,
        reason=reason.strip()[:200],
        annulled_at=clock.now(),
        annulled_by=actor.user_id,
    )
    session.add(annulment)
    log(session, actor, "visit.annulled", annulment, visit_id=visit.id)
    for one in session.scalars(
        select(Appointment).where(
            Appointment.visit_id == visit.id, Appointment.cancelled_at.is_(None)
        )
    ):
        one.cancelled_at = clock.now()
        log(session, actor, "appointment.cancelled", one, client_id=visit.client_id)
    return annulment


def visit_of(session: Session, actor: Actor, visit_id: int, client_id: int) -> Visit:
    """Return the actor's own visit to a client, on which an appointment may stand.

    Raises
    ------
    NotFound
        When there is none.
    """
    visit = session.get(Visit, visit_id)
    if visit is None or (visit.client_id, visit.collector_id) != (client_id, actor.user_id):
        message = f"visit {visit_id} is not one of this actor to client {client_id}"
        raise NotFound(message)
    return visit


def people_met(
    session: Session, actor: Actor, visits: Collection[tuple[int, int]]
) -> dict[int, PersonMet]:
    """Return whom the actor met at visits of theirs, on which promises or payments may stand.

    Parameters
    ----------
    visits : collection of (int, int)
        Ids of visits, each with its client.

    Raises
    ------
    NotFound
        When one of them is not the actor's, or of another client.
    """
    if not visits:
        return {}
    ids = [visit_id for visit_id, _client_id in visits]
    found = session.execute(_MET, {"ids": ids, "collector_id": actor.user_id}).all()
    strange = set(visits) - {(row.id, row.client_id) for row in found}
    if strange:
        message = f"visits {sorted(strange)[:5]} are not this actor's to these clients"
        raise NotFound(message)
    return {row.id: row.person_met for row in found}


def keep_conflict(session: Session, actor: Actor, conflict: FactConflict) -> None:
    """Write both versions of a fact to the log, so that neither is lost.

    The transaction in which the conflict was raised is rolled back; call this in the next one.
    """
    log(
        session,
        actor,
        f"{conflict.kind}.conflict",
        f"{conflict.kind}:{conflict.uuid}",
        told=conflict.told,
        stored=conflict.stored,
    )


def _is_checked(fact: VisitFact, checked_stops: Collection[tuple[int | None, int]]) -> bool:
    return (fact.stop_id, fact.client_id) in checked_stops


def _columns(actor: Actor, fact: VisitFact, *, is_checked: bool) -> dict[str, object]:
    lat, lon, reason = _position(fact)
    return {
        "uuid": fact.uuid,
        "client_id": fact.client_id,
        "collector_id": actor.user_id,
        "stop_id": fact.stop_id if is_checked else None,
        "started_at": fact.started_at,
        "ended_at": fact.ended_at,
        "received_at": clock.now(),
        "lat": lat,
        "lon": lon,
        "accuracy_m": fact.accuracy_m if lat is not None else None,
        "no_gps_reason": reason,
        "person_met": fact.person_met,
        "outcome": fact.outcome,
        "objection": fact.objection,
        "card_opened": fact.card_opened if fact.objection else None,
        "note": fact.note,
    }


def _position(fact: VisitFact) -> tuple[float | None, float | None, str | None]:
    if fact.lat is None or fact.lon is None:
        return None, None, (fact.no_gps_reason or "not_given")[:_REASON_LENGTH]
    if abs(fact.lat) > 90 or abs(fact.lon) > 180:
        return None, None, "out_of_range"
    return fact.lat, fact.lon, None


def _compare(visit: Visit, stored: Appointment, fact: AppointmentFact) -> None:
    if stored.starts_at != fact.starts_at:
        raise FactConflict(
            "appointment",
            visit.uuid,
            told={"starts_at": fact.starts_at.isoformat()},
            stored={"starts_at": stored.starts_at.isoformat()},
        )
