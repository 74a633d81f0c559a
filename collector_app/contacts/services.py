"""Recording a call, a message or a letter, and the gate for messages that leave from here."""

from dataclasses import replace
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.compliance.rules import Block, fact_blocks
from collector_app.contacts.debt_words import tells_of_debt
from collector_app.contacts.models import Contact
from collector_app.contacts.queries import law_for, treatment_blocks
from collector_app.contacts.rules import (
    CLOCK_TOLERANCE,
    LONGEST_TEXT,
    ContactFact,
    ContactInFuture,
    MessageEmpty,
    MessageRefused,
    PromisedFact,
    PromiseUnanswered,
    is_contact,
)
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.facts import object_of, store_once
from collector_app.promises.rules import PromiseBeyondPolicy, PromiseFact
from collector_app.promises.services import make_promise
from collector_app.stages.promise_limits import promise_limits
from collector_app.zones.queries import may_see

PEOPLE = (Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
_STATEMENT = ("client_id", "channel", "person", "was_answered", "spoke_of_debt", "text", "note")


def record_contact(
    session: Session, actor: Actor, fact: ContactFact, *, zone: ZoneInfo
) -> tuple[Contact, tuple[Block, ...]]:
    """Store what was done, within the law or not.

    Returns
    -------
    tuple of (Contact, tuple of Block)
        The stored fact, and every rule that it broke; none are stored, they are judged anew.

    Raises
    ------
    NotFound
        When there is no such client, or none that the actor may see.
    ContactInFuture
        When the time has not come.
    PromiseUnanswered
        When something was promised and nobody who answers for the debt was reached.
    PromiseBeyondPolicy
        When the desk takes a promise that the house does not; from a collector it is taken and
        flagged, as at a door.
    FactConflict
        When the uuid is already stored with another statement.
    """
    actor.require(*PEOPLE)
    if not may_see(session, actor, fact.client_id, clock.today(zone)):
        message = f"client {fact.client_id} does not exist or is not this actor's"
        raise NotFound(message)
    if fact.at > clock.now() + CLOCK_TOLERANCE:
        raise ContactInFuture("at", "now or earlier")
    blocks = blocks_of(session, fact, zone)
    stored, is_new = store_once(
        session,
        Contact,
        {
            "uuid": fact.uuid,
            "client_id": fact.client_id,
            "made_by": actor.user_id,
            "channel": fact.channel,
            "at": fact.at,
            "received_at": clock.now(),
            "person": fact.person,
            "was_answered": fact.was_answered,
            "spoke_of_debt": fact.spoke_of_debt,
            "text": fact.text,
            "note": fact.note,
        },
        _STATEMENT,
    )
    if is_new:
        log(session, actor, "contact.recorded", stored, client_id=fact.client_id)
    if fact.promise is not None:
        if is_new:
            _check_promise(session, actor, fact, fact.promise, zone)
        _promise(session, actor, fact, fact.promise, zone)
    return object_of(session, stored), blocks


def send_message(session: Session, actor: Actor, fact: ContactFact, *, zone: ZoneInfo) -> Contact:
    """Let a message leave, and record it; nothing that a rule forbids gets out.

    Raises
    ------
    MessageEmpty
        When there are no words, or more than `LONGEST_TEXT` letters.
    MessageRefused
        With every rule that forbids it: words, hours, holidays, limits, bans, and to whom; and with
        the channel or cadence that the treatment of the client's segment names.
    NotFound
        When there is no such client, or none that the actor may see.
    """
    text = (fact.text or "").strip()
    if not text or len(text) > LONGEST_TEXT:
        raise MessageEmpty("text", f"1 to {LONGEST_TEXT} letters", most=LONGEST_TEXT)
    sent = replace(fact, text=text, at=clock.now(), was_answered=False)
    treated = treatment_blocks(session, sent.client_id, sent.at, zone, [sent.channel])
    blocks = (*blocks_of(session, sent, zone), *treated[sent.channel])
    if blocks:
        raise MessageRefused(blocks)
    return record_contact(session, actor, sent, zone=zone)[0]


def _check_promise(
    session: Session, actor: Actor, fact: ContactFact, promised: PromisedFact, zone: ZoneInfo
) -> None:
    if not is_contact(fact.person, was_answered=fact.was_answered):
        raise PromiseUnanswered("person", "the holder or the guarantor")
    if actor.role is not Role.COLLECTOR:
        day = fact.at.astimezone(zone).date()
        limits = promise_limits(session, fact.client_id, day, zone)
        flags = limits.flags(promised.amount_cents, promised.due_on)
        if flags:
            raise PromiseBeyondPolicy(flags, limits.allowed)


def _promise(
    session: Session, actor: Actor, fact: ContactFact, promised: PromisedFact, zone: ZoneInfo
) -> None:
    made = PromiseFact(
        uuid=str(uuid5(UUID(fact.uuid), "promise")),
        client_id=fact.client_id,
        visit_id=None,
        amount_cents=promised.amount_cents,
        due_on=promised.due_on,
        made_at=fact.at,
    )
    make_promise(session, actor, made, zone=zone)


def blocks_of(session: Session, fact: ContactFact, zone: ZoneInfo) -> tuple[Block, ...]:
    """Return every rule that a contact breaks under the law of its instant, its words included."""
    profile, before = law_for(session, fact.client_id, fact.at, zone)
    return fact_blocks(
        profile,
        before,
        fact.at,
        fact.person.value,
        talked=fact.spoke_of_debt or tells_of_debt(fact.text),
        channel=fact.channel,
        said=(fact.text, fact.note),
    )
