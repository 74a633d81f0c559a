"""Send a message to a collector; say that it was read."""

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.messages.models import OfficeMessage
from collector_app.messages.rules import checked_text

SENDERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)


def send_message(session: Session, actor: Actor, collector_id: int, text: str) -> OfficeMessage:
    """Send a message to a collector's phone; the log keeps that, not what it says.

    Raises
    ------
    NotAllowed, NotFound
        If the actor may not send, or there is no such collector.
    WrongMessage
        If it says nothing, or too much.
    """
    actor.require(*SENDERS)
    told = checked_text(text)
    collector = session.get(User, collector_id)
    if collector is None or collector.role is not Role.COLLECTOR:
        message = f"no collector {collector_id}"
        raise NotFound(message)
    sent = OfficeMessage(
        collector_id=collector_id, text=told, sent_at=clock.now(), sent_by=actor.user_id
    )
    session.add(sent)
    audit.log(session, actor, "message.sent", sent, collector=collector_id)
    return sent


def read_message(session: Session, actor: Actor, message_id: int) -> OfficeMessage:
    """Keep when a collector read a message; saying so again changes nothing.

    Raises
    ------
    NotAllowed, NotFound
        Unless it is a message to this collector.
    """
    actor.require(Role.COLLECTOR)
    found = session.get(OfficeMessage, message_id)
    if found is None or found.collector_id != actor.user_id:
        message = f"no message {message_id} to this collector"
        raise NotFound(message)
    if found.read_at is None:
        found.read_at = clock.now()
        audit.log(session, actor, "message.read", found)
    return found
