"""Take note of an alert."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.live.models import AlertAcknowledgement
from collector_app.live.rules import AlertKey, checked_note

WATCHERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


def acknowledge_alert(
    session: Session, actor: Actor, day: date, key: AlertKey, note: str
) -> AlertAcknowledgement:
    """Keep that somebody took note of an alert of a day, with what they say about it.

    Of two who do it at once without a word, the first stands; a note is always kept.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not watch, or there is no such collector.
    WrongNote
        If the note is too long.
    """
    actor.require(*WATCHERS)
    told = checked_note(note)
    collector = session.get(User, key.collector_id)
    if collector is None or collector.role is not Role.COLLECTOR:
        message = f"no collector {key.collector_id}"
        raise NotFound(message)
    before = session.scalars(
        select(AlertAcknowledgement)
        .where(
            AlertAcknowledgement.day == day,
            AlertAcknowledgement.kind == key.kind,
            AlertAcknowledgement.collector_id == key.collector_id,
            AlertAcknowledgement.subject == key.subject,
            AlertAcknowledgement.level >= key.level,
        )
        .order_by(AlertAcknowledgement.id)
        .limit(1)
    ).one_or_none()
    if before is not None and not told:
        return before
    made = AlertAcknowledgement(
        day=day,
        kind=key.kind,
        collector_id=key.collector_id,
        subject=key.subject,
        level=key.level,
        note=told,
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )
    session.add(made)
    audit.log(
        session, actor, "alert.acknowledged", made, alert=key.kind, collector=key.collector_id
    )
    return made
