"""Noting guarantees, people and papers of a credit."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.backing.models import CreditDocument, Guarantee, GuaranteeChange, Obligor
from collector_app.backing.rules import (
    BackingIncomplete,
    DocumentData,
    GuaranteeData,
    GuaranteeState,
    ObligorData,
)
from collector_app.core import clock
from collector_app.core.actor import OFFICE, Actor
from collector_app.core.errors import NotFound
from collector_app.core.storage import StoredFile
from collector_app.portfolio.models import Client, Credit


def add_guarantee(session: Session, actor: Actor, data: GuaranteeData) -> Guarantee:
    """Note a guarantee, in force from the day on which it was given.

    Raises
    ------
    NotFound
        When there is no such credit.
    BackingIncomplete
        Without a description, or with a value of nothing.
    """
    actor.require(*OFFICE)
    _credit(session, data.credit_id)
    if not data.description.strip():
        raise BackingIncomplete("description", "what it is")
    if data.value_cents <= 0:
        raise BackingIncomplete("value", "more than zero")
    row = Guarantee(
        credit_id=data.credit_id,
        kind=data.kind,
        description=data.description.strip(),
        value_cents=data.value_cents,
        given_on=data.given_on,
        state=GuaranteeState.IN_FORCE,
        state_on=data.given_on,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(row)
    log(session, actor, "guarantee.added", row, kind=data.kind, value_cents=data.value_cents)
    return row


def change_guarantee(
    session: Session, actor: Actor, guarantee_id: int, state: GuaranteeState, *, today: date
) -> Guarantee:
    """Note that a guarantee was enforced, released, or stands again. Twice changes nothing."""
    actor.require(*OFFICE)
    row = session.get(Guarantee, guarantee_id, with_for_update={"key_share": True})
    if row is None:
        message = f"no guarantee {guarantee_id}"
        raise NotFound(message)
    if row.state is not state:
        before, row.state, row.state_on = row.state, state, today
        change = GuaranteeChange(
            guarantee_id=row.id,
            state=state,
            from_on=today,
            created_by=actor.user_id,
            created_at=clock.now(),
        )
        session.add(change)
        log(session, actor, "guarantee.changed", row, before=before, after=state)
        log(session, actor, "guarantee.state_kept", change, guarantee=row.id)
    return row


def add_obligor(session: Session, actor: Actor, data: ObligorData) -> Obligor:
    """Note a person beside the debtor; whether they may be contacted is for the law to say.

    Raises
    ------
    NotFound
        When there is no such client, or the credit is not theirs.
    BackingIncomplete
        Without a name.
    """
    actor.require(*OFFICE)
    if session.get(Client, data.client_id) is None:
        message = f"no client {data.client_id}"
        raise NotFound(message)
    if data.credit_id is not None:
        _credit(session, data.credit_id, of_client=data.client_id)
    if not data.name.strip():
        raise BackingIncomplete("name", "who it is")
    row = Obligor(
        client_id=data.client_id,
        credit_id=data.credit_id,
        kind=data.kind,
        name=data.name.strip(),
        phone=data.phone or None,
        address=data.address or None,
        since_on=data.since_on,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(row)
    log(session, actor, "obligor.added", row, kind=data.kind, client_id=data.client_id)
    return row


def end_obligor(
    session: Session, actor: Actor, obligor_id: int, reason: str, *, today: date
) -> Obligor:
    """Note that a person has no part in the debt from today on; who they were stays. Once counts.

    Raises
    ------
    NotFound
        When there is no such person.
    BackingIncomplete
        Without a reason.
    """
    actor.require(*OFFICE)
    row = session.get(Obligor, obligor_id, with_for_update={"key_share": True})
    if row is None:
        message = f"no obligor {obligor_id}"
        raise NotFound(message)
    if not reason.strip():
        raise BackingIncomplete("reason", "why they no longer answer")
    if row.ended_on is None:
        row.ended_on, row.end_reason = today, reason.strip()
        log(session, actor, "obligor.ended", row, client_id=row.client_id)
    return row


def add_document(
    session: Session, actor: Actor, data: DocumentData, stored: StoredFile, media_type: str
) -> CreditDocument:
    """Note a paper whose bytes are kept already, or complete one that was known without them.

    Raises
    ------
    NotFound
        When there is no such credit.
    """
    actor.require(*OFFICE)
    _credit(session, data.credit_id)
    number = (data.number or "").strip() or None
    row = _without_file(session, data, number)
    event = "document.completed"
    if row is None:
        event = "document.added"
        row = CreditDocument(
            credit_id=data.credit_id,
            kind=data.kind,
            number=number,
            dated_on=data.dated_on,
            created_by=actor.user_id,
            created_at=clock.now(),
        )
        session.add(row)
    row.bill_number = data.bill_number or row.bill_number
    row.file_name, row.sha256 = data.file_name[-160:], stored.sha256
    row.size_bytes, row.media_type = stored.size, media_type
    log(session, actor, event, row, kind=data.kind, sha256=stored.sha256)
    return row


def _without_file(
    session: Session, data: DocumentData, number: str | None
) -> CreditDocument | None:
    """Return the paper that is known and whose file is brought now."""
    return session.scalars(
        select(CreditDocument)
        .where(
            CreditDocument.credit_id == data.credit_id,
            CreditDocument.kind == data.kind,
            CreditDocument.number.is_(None) if number is None else CreditDocument.number == number,
            CreditDocument.dated_on == data.dated_on,
            CreditDocument.sha256.is_(None),
            CreditDocument.erased_at.is_(None),
        )
        .limit(1)
    ).first()


def _credit(session: Session, credit_id: int, of_client: int | None = None) -> Credit:
    credit = session.get(Credit, credit_id)
    if credit is None or of_client not in (None, credit.client_id):
        message = f"no credit {credit_id}"
        raise NotFound(message)
    return credit
