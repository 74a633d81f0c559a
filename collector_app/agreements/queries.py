"""Agreements as they stand, and what comes due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, defer

from collector_app.accounts.models import User
from collector_app.agreements.models import Agreement
from collector_app.agreements.rules import (
    AgreementState,
    Content,
    Instalment,
    Terms,
    paid_state,
    schedule,
    uncovered,
)
from collector_app.core.actor import Actor, Role
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.payments.queries import promise_states
from collector_app.portfolio.models import Client
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromisePolicy, PromiseState, Receipt


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement with its schedule and how it stands."""

    id: int
    client_id: int
    client_name: str
    client_number: str
    terms: Terms
    content: Content
    schedule: tuple[Instalment, ...]
    state: AgreementState
    paid_cents: int
    proposed_by: int | None
    proposer: str | None
    proposed_at: datetime
    signed_at: datetime | None
    signed_by: str | None
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A signed agreement with something left to pay: the first instalment that is not covered."""

    agreement_id: int
    is_broken: bool
    due_on: date
    amount_cents: int  # what is left of that instalment


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something that a client said they would pay on a day."""

    due_on: date
    client_id: int
    amount_cents: int
    agreement_id: int | None  # None for a promise


def agreements(
    session: Session,
    actor: Actor,
    day: date,
    zone: ZoneInfo,
    agreement_id: int | None = None,
    client_id: int | None = None,
    rows: slice | None = None,
) -> list[AgreementRow]:
    """Return the agreements that the actor may see as they stand on a day, newest first.

    Parameters
    ----------
    rows : slice, optional
        Only these of them: ``slice(0, 50)`` for the first page.
    """
    rows = rows or slice(0, None)
    conditions = [_may_see(actor)]
    if agreement_id is not None:
        conditions.append(Agreement.id == agreement_id)
    if client_id is not None:
        conditions.append(Agreement.client_id == client_id)
    found = session.execute(
        select(Agreement, Client.name, Client.external_id, User.full_name)
        .join(Client, Client.id == Agreement.client_id)
        .outerjoin(User, User.id == Agreement.proposed_by)
        .where(*conditions)
        .order_by(Agreement.id.desc())
        .slice(rows.start, rows.stop)
    ).all()
    money = _money(session, {one.client_id for one, *_rest in found}, zone)
    return [
        _row(one, (name, number, proposer), money.get(one.client_id, ()), day)
        for one, name, number, proposer in found
    ]


def agreement_count(session: Session, actor: Actor) -> int:
    """Return how many agreements the actor may see."""
    return session.scalar(select(func.count(Agreement.id)).where(_may_see(actor))) or 0


def _may_see(actor: Actor) -> ColumnElement[bool]:
    is_own = Agreement.proposed_by == actor.user_id
    return is_own if actor.role is Role.COLLECTOR else true()


def standings(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int] | None = None
) -> dict[int, Standing]:
    """Return the signed agreement of each client that still has something to pay, as of a day.

    Of several the newest counts. Those that are paid or taken back are absent.
    """
    found = session.scalars(
        select(Agreement)
        .where(
            Agreement.signed_at.is_not(None),
            Agreement.cancelled_at.is_(None),
            among(Agreement.client_id, client_ids),
        )
        .options(defer(Agreement.signature))
        .order_by(Agreement.id)
    ).all()
    money = _money(session, {one.client_id for one in found}, zone)
    by_client: dict[int, Standing] = {}
    for one in found:
        standing = _standing(one, money.get(one.client_id, ()), day)
        if standing is None:
            by_client.pop(one.client_id, None)
        else:
            by_client[one.client_id] = standing
    return by_client


def coming_due(session: Session, day: date, last: date, zone: ZoneInfo) -> list[DueRow]:
    """Return promises and instalments that come due from day to day (inclusive), in order."""
    system = Actor.system("agenda")
    instalments = [
        DueRow(one.due_on, row.client_id, one.amount_cents, row.id)
        for row in agreements(session, system, day, zone)
        if row.state is AgreementState.ACTIVE
        for one in unpaid(row)
        if day <= one.due_on <= last
    ]
    who_promised = session.scalars(
        select(Promise.client_id).where(
            Promise.due_on.between(day, last), Promise.cancelled_at.is_(None)
        )
    ).all()
    promises = [
        DueRow(one.due_on, client_id, one.amount_cents - one.paid_cents, None)
        for client_id, of_client in promise_states(session, day, who_promised, zone=zone).items()
        for one in of_client
        if one.state is PromiseState.OPEN and day <= one.due_on <= last
    ]
    return sorted((*instalments, *promises), key=lambda one: (one.due_on, one.client_id))


def unpaid(row: AgreementRow) -> list[Instalment]:
    """Return what is left of the schedule after the money that came in, oldest first."""
    return uncovered(row.schedule, row.paid_cents)


def _money(
    session: Session, client_ids: Collection[int], zone: ZoneInfo
) -> dict[int, list[Receipt]]:
    by_client: dict[int, list[Receipt]] = {}
    found = session.execute(
        select(Payment.client_id, Payment.received_at, Payment.amount_cents).where(
            Payment.client_id.in_(client_ids), Payment.annulled_at.is_(None)
        )
    )
    for client_id, at, cents in found:
        receipt = Receipt(at, at.astimezone(zone).date(), cents)
        by_client.setdefault(client_id, []).append(receipt)
    return by_client


def _row(
    one: Agreement,
    names: tuple[str, str, str | None],
    money: Sequence[Receipt],
    day: date,
) -> AgreementRow:
    terms = _terms(one)
    parts = schedule(terms)
    signed_at = one.signed_at
    since = _since_signature(one, money)
    return AgreementRow(
        id=one.id,
        client_id=one.client_id,
        client_name=names[0],
        client_number=names[1],
        terms=terms,
        content=_content(one),
        schedule=parts,
        state=_state(one, parts, since, day),
        paid_cents=sum(receipt.amount_cents for receipt in since),
        proposed_by=one.proposed_by,
        proposer=names[2],
        proposed_at=one.proposed_at,
        signed_at=signed_at,
        signed_by=one.signed_by,
        signature=one.signature,
    )


def _terms(one: Agreement) -> Terms:
    return Terms(
        one.debt_cents,
        one.discount_basis,
        one.down_cents,
        one.instalments,
        one.every_days,
        one.first_on,
        one.step_cents,
    )


def _since_signature(one: Agreement, money: Sequence[Receipt]) -> list[Receipt]:
    signed_at = one.signed_at
    return [receipt for receipt in money if signed_at is not None and receipt.at >= signed_at]


def _standing(one: Agreement, money: Sequence[Receipt], day: date) -> Standing | None:
    parts, since = schedule(_terms(one)), _since_signature(one, money)
    state = _state(one, parts, since, day)
    left = uncovered(parts, sum(receipt.amount_cents for receipt in since))
    if state not in (AgreementState.ACTIVE, AgreementState.BROKEN) or not left:
        return None
    first = left[0]
    return Standing(one.id, state is AgreementState.BROKEN, first.due_on, first.amount_cents)


def _content(one: Agreement) -> Content:
    return Content(
        one.principal_cents,
        one.interest_cents,
        one.default_interest_cents,
        one.costs_cents,
        one.creditor,
        one.creditor_account,
        one.reference,
        one.settles_debt,
    )


def _state(
    one: Agreement, parts: Sequence[Instalment], money: Sequence[Receipt], day: date
) -> AgreementState:
    if one.cancelled_at is not None:
        return AgreementState.CANCELLED
    if one.signed_at is not None:
        return paid_state(parts, money, day, PromisePolicy())
    return AgreementState.APPROVED if one.approved_at else AgreementState.PROPOSED
