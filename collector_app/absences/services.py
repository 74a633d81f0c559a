"""What the office does with absences: record one, and cancel it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.absences.models import Absence
from collector_app.absences.queries import is_overlapping
from collector_app.absences.rules import AbsenceKind, AbsenceOverlaps, check_days
from collector_app.accounts.models import User
from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound

OFFICE = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)


def record_absence(
    session: Session,
    actor: Actor,
    collector_id: int,
    kind: AbsenceKind,
    from_on: date,
    to_on: date,
    note: str = "",
) -> Absence:
    """Say that a collector does not work on some days, both inclusive; plans that exist stay.

    Days that are over may be told, too: sickness is often known only afterwards.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not tell, or there is no such collector.
    WrongAbsence, AbsenceOverlaps
        If the days can't be, or some of them are told already.
    """
    actor.require(*OFFICE)
    check_days(from_on, to_on)
    collector = session.scalar(
        select(User).where(User.id == collector_id).with_for_update(key_share=True)
    )
    if collector is None or collector.role is not Role.COLLECTOR:
        message = f"no collector {collector_id}"
        raise NotFound(message)
    if is_overlapping(session, collector_id, from_on, to_on):
        raise AbsenceOverlaps(collector=collector_id)
    absence = Absence(
        collector_id=collector_id,
        kind=kind,
        from_on=from_on,
        to_on=to_on,
        note=note or None,
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    session.add(absence)
    facts = {"kind": kind.value, "from_on": from_on.isoformat(), "to_on": to_on.isoformat()}
    audit.log(session, actor, "absence.recorded", absence, collector=collector_id, **facts)
    return absence


def cancel_absence(session: Session, actor: Actor, absence_id: int) -> Absence:
    """Say that a collector works after all; nothing happens to one that is cancelled.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not tell, or there is no such absence.
    """
    actor.require(*OFFICE)
    absence = session.get(Absence, absence_id, with_for_update={"key_share": True})
    if absence is None:
        message = f"no absence {absence_id}"
        raise NotFound(message)
    if absence.cancelled_at is None:
        absence.cancelled_at, absence.cancelled_by = clock.now(), actor.user_id
        audit.log(session, actor, "absence.cancelled", absence, collector=absence.collector_id)
    return absence
