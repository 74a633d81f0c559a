"""Taking a complaint, which may pause contact at once, and answering it."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import (
    BANS,
    PAUSE_CAUSES,
    ComplaintClosed,
    ComplaintData,
    ComplaintUnexplained,
    complaint_folio,
    deadline,
)
from collector_app.compliance.law_book import read_laws
from collector_app.compliance.queries import ban_goes_on
from collector_app.compliance.services import ban_contact, lift_ban
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.portfolio.models import Client
from collector_app.stages.queries import goes_on, pauses_of_ban
from collector_app.stages.services import PauseData, pause, resume
from collector_app.zones.queries import may_see

TAKERS = (Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


def take_complaint(
    session: Session, actor: Actor, data: ComplaintData, *, zone: ZoneInfo
) -> Complaint:
    """Register a complaint; kinds that pause contact forbid visits from today until the answer.

    Its last day is the soonest that the law of the house, those of the client's creditors and the
    policy of the company know. What the same person told in the same words and waits for its
    answer is one complaint.

    Raises
    ------
    NotFound
        When there is no such client, or none that the actor may see.
    ComplaintUnexplained
        When nothing is said.
    """
    actor.require(*TAKERS)
    today = clock.today(zone)
    if not may_see(session, actor, data.client_id, today):
        message = f"client {data.client_id} does not exist or is not this actor's"
        raise NotFound(message)
    if not data.text.strip():
        raise ComplaintUnexplained("text", "what the client says")
    if (told := _waiting(session, actor, data)) is not None:
        return told
    now = clock.now()
    book = read_laws(session, today, today, zone, [data.client_id])
    law = book.lasting_profile(data.client_id, today, now)
    complaint = Complaint(
        client_id=data.client_id,
        kind=data.kind,
        text=data.text.strip(),
        about=data.about,
        received_at=now,
        received_by=actor.user_id,
        answer_by=deadline(today, data.kind, law).day,
    )
    session.add(complaint)
    session.flush()
    if data.kind in BANS:
        # The pause follows from the complaint itself, whoever took it.
        system, folio = Actor.system("complaints"), complaint_folio(complaint.id)
        of_kind = BANS[data.kind]
        ban = ban_contact(session, system, data.client_id, f"queja {folio}", today, kind=of_kind)
        session.flush()
        complaint.ban_id = ban.id
        if data.kind in PAUSE_CAUSES:
            paused = PauseData(data.client_id, PAUSE_CAUSES[data.kind], folio, today)
            complaint.pause_id = pause(session, system, paused, today=today, bans=False).id
    log(session, actor, "complaint.taken", complaint, kind=data.kind)
    return complaint


def answer_complaint(
    session: Session,
    actor: Actor,
    complaint_id: int,
    answer: str,
    *,
    may_contact: bool,
    zone: ZoneInfo,
) -> Complaint:
    """Answer a complaint.

    Parameters
    ----------
    may_contact : bool
        Whether the client may be visited again; otherwise the pause stays without end.

    Raises
    ------
    ComplaintClosed
        When there is no such complaint, or it was answered.
    ComplaintUnexplained
        When nothing is said.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    if not answer.strip():
        raise ComplaintUnexplained("answer", "what the client is told")
    complaint = session.scalars(
        select(Complaint).where(Complaint.id == complaint_id).with_for_update(key_share=True)
    ).one_or_none()
    if complaint is None or complaint.answered_at is not None:
        raise ComplaintClosed
    complaint.answered_at, complaint.answered_by = clock.now(), actor.user_id
    complaint.answer = answer.strip()
    log(session, actor, "complaint.answered", complaint, may_contact=may_contact)
    today = clock.today(zone)
    # Somebody may have lifted the ban or ended the pause already.
    if (
        complaint.ban_id is not None
        and may_contact
        and ban_goes_on(session, complaint.ban_id, today)
    ):
        lift_ban(session, actor, complaint.ban_id, complaint.answer, today=today)
    if (
        complaint.pause_id is not None
        and may_contact
        and goes_on(session, complaint.pause_id, today)
    ):
        resume(session, actor, complaint.pause_id, complaint.answer, today=today)
    return complaint


def lift_ban_and_pauses(
    session: Session, actor: Actor, ban_id: int, reason: str, *, today: date
) -> int:
    """Lift a ban, and end the pauses that came with it: who may be visited is collected from again.

    A complaint that waits for its answer goes on waiting. Returns how many pauses ended.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin asks.
    NotFound
        If there is no such ban in force or to come.
    DecisionUnexplained
        Without a reason.
    """
    lift_ban(session, actor, ban_id, reason, today=today)
    session.flush()
    of_complaints = session.scalars(
        select(Complaint.pause_id).where(
            Complaint.ban_id == ban_id, Complaint.pause_id.is_not(None)
        )
    )
    ending = {one for one in of_complaints if one is not None and goes_on(session, one, today)}
    ending.update(pauses_of_ban(session, ban_id, today))
    for pause_id in sorted(ending):
        resume(session, actor, pause_id, reason, today=today)
    return len(ending)


def _waiting(session: Session, actor: Actor, data: ComplaintData) -> Complaint | None:
    """Return the same complaint if it waits already; nobody else takes one of that client now."""
    session.execute(
        select(Client.id).where(Client.id == data.client_id).with_for_update(key_share=True)
    )
    return session.scalars(
        select(Complaint).where(
            Complaint.client_id == data.client_id,
            Complaint.kind == data.kind,
            Complaint.text == data.text.strip(),
            Complaint.about.is_not_distinct_from(data.about),
            Complaint.received_by.is_not_distinct_from(actor.user_id),
            Complaint.answered_at.is_(None),
        )
    ).first()
