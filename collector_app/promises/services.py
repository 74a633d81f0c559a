"""Taking a promise, and taking it back."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.services import log, log_each
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.bulk import StoredRow
from collector_app.core.errors import NotFound
from collector_app.core.facts import object_of, store_all_once
from collector_app.promises.models import Promise
from collector_app.promises.rules import (
    AmountNotPositive,
    PromiseFact,
    PromiseInPast,
    PromiseNotFromThem,
    ReasonMissing,
)
from collector_app.visits.rules import may_promise
from collector_app.visits.services import people_met
from collector_app.zones.queries import may_see

_TAKERS = (Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
_STATEMENT = ("client_id", "visit_id", "amount_cents", "due_on")


def make_promise(session: Session, actor: Actor, fact: PromiseFact, *, zone: ZoneInfo) -> Promise:
    """Store a promise once; an unusual one is taken too (see `rules.promise_flags`).

    Parameters
    ----------
    actor : Actor
        Who took it.
    fact : PromiseFact
        What was promised. With a visit, the visit must be the actor's own to that client.
    zone : ZoneInfo
        Time zone of the business; tells the local day on which it was made.

    Raises
    ------
    AmountNotPositive, PromiseInPast
        When nothing is promised, or for a day before it was made.
    PromiseNotFromThem
        When the person met at the visit can't promise: minors and third parties.
    NotFound
        When the visit or the client is not theirs.
    FactConflict
        When the uuid is already stored with another promise.
    """
    return object_of(session, make_promises(session, actor, [fact], zone=zone)[0])


def make_promises(
    session: Session, actor: Actor, facts: Sequence[PromiseFact], *, zone: ZoneInfo
) -> list[StoredRow[Promise]]:
    """Store promises as `make_promise` does: all of them, or none when one can't be."""
    actor.require(*_TAKERS)
    for fact in facts:
        if fact.amount_cents <= 0:
            raise AmountNotPositive("amount", "more than zero")
        if fact.due_on < fact.made_at.astimezone(zone).date():
            raise PromiseInPast("due_on", "the day it was made or later")
    _check_sources(session, actor, facts, zone)
    stored = store_all_once(session, Promise, [_columns(actor, one) for one in facts], _STATEMENT)
    new = [(row, {"client_id": row.values["client_id"]}) for row, is_new in stored if is_new]
    log_each(session, actor, "promise.made", new)
    return [row for row, _is_new in stored]


def promise_told(session: Session, uuid: str) -> Promise | None:
    """Return the stored promise of a fact, None when it did not arrive."""
    return session.scalars(select(Promise).where(Promise.uuid == uuid)).one_or_none()


def cancel_promise(
    session: Session, actor: Actor, promise_id: int, reason: str, *, day: date
) -> Promise:
    """Take a promise back; a changed promise is a cancelled one and a new one.

    Raises
    ------
    ReasonMissing
        When there are no words in the reason.
    NotFound
        When there is no such promise, or none of a client that the actor may see that day.
    """
    actor.require(Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
    if not reason.strip():
        raise ReasonMissing("reason", "why the promise is taken back")
    promise = session.get(Promise, promise_id, with_for_update={"key_share": True})
    if promise is None or not may_see(session, actor, promise.client_id, day):
        message = f"promise {promise_id} does not exist or is not this actor's"
        raise NotFound(message)
    if promise.cancelled_at is None:
        promise.cancelled_at = clock.now()
        log(session, actor, "promise.cancelled", promise, reason=reason.strip())
    return promise


def _columns(actor: Actor, fact: PromiseFact) -> dict[str, object]:
    return {
        "uuid": fact.uuid,
        "client_id": fact.client_id,
        "visit_id": fact.visit_id,
        "collector_id": actor.user_id if actor.role is Role.COLLECTOR else None,
        "amount_cents": fact.amount_cents,
        "due_on": fact.due_on,
        "made_at": fact.made_at,
    }


def _check_sources(
    session: Session, actor: Actor, facts: Sequence[PromiseFact], zone: ZoneInfo
) -> None:
    """Raise unless each promise comes from a visit of the actor or a client they may see."""
    visits = [(fact.visit_id, fact.client_id) for fact in facts if fact.visit_id is not None]
    for person in people_met(session, actor, visits).values():
        if not may_promise(person):
            message = f"{person} can't promise"
            raise PromiseNotFromThem(message, person_met=person.value)
    for fact in facts:
        if fact.visit_id is None and not may_see(session, actor, fact.client_id, clock.today(zone)):
            message = f"client {fact.client_id} does not exist or is not this actor's"
            raise NotFound(message)
