"""Agreements as they stand, and what comes due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, aliased, defer

from collector_app.accounts.models import User
from collector_app.agreements.models import SettlementLetter
from collector_app.agreements.rules import Content
from collector_app.compliance.law_book import read_laws
from collector_app.compliance.rules import Block, ContactFacts, signing_blocks
from collector_app.core.actor import Actor, Role
from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.payments.queries import (
    in_force,
    money_of,
    open_invoices,
    promise_states,
    settled_by,
)
from collector_app.portfolio.models import Client
from collector_app.portfolio.queries import currency_of
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromisePolicy, PromiseState, Receipt
from collector_app.schedules.models import Agreement
from collector_app.schedules.queries import terms_of
from collector_app.schedules.rules import (
    AgreementState,
    Instalment,
    Terms,
    paid_state,
    schedule,
    uncovered,
)


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
    approver: str | None
    signed_at: datetime | None
    signed_by: str | None
    signature: bytes | None
    canceller: str | None
    cancelled_at: datetime | None
    cancelled_because: str | None
    currency: str = USUAL_CURRENCY


@dataclass(frozen=True, slots=True)
class AskedOffer:
    """An offer that waits for the office, that it granted, or that it refused."""

    state: AgreementState
    terms: Terms
    because: str | None  # why it was refused


@dataclass(frozen=True, slots=True)
class Standing:
    """A signed agreement with something left to pay: the first instalment that is not covered."""

    agreement_id: int
    is_broken: bool
    due_on: date
    amount_cents: int  # what is left of that instalment


@dataclass(frozen=True, slots=True)
class DebtAfterLetter:
    """What is owed, by the creditor's word, of a debt that a carta finiquito says is settled."""

    client_id: int
    letter_id: int
    issued_on: date
    owed_cents: int


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
    proposer, approver, canceller = aliased(User), aliased(User), aliased(User)
    found = session.execute(
        select(
            Agreement,
            Client.name,
            Client.external_id,
            proposer.full_name,
            approver.full_name,
            canceller.full_name,
            currency_of(Agreement.client_id),
        )
        .join(Client, Client.id == Agreement.client_id)
        .outerjoin(proposer, proposer.id == Agreement.proposed_by)
        .outerjoin(approver, approver.id == Agreement.approved_by)
        .outerjoin(canceller, canceller.id == Agreement.cancelled_by)
        .where(*conditions)
        .order_by(Agreement.id.desc())
        .slice(rows.start, rows.stop)
    ).all()
    money = money_of(session, {one.client_id for one, *_rest in found}, zone)
    return [
        replace(
            _row(one, tuple(names), money.get(one.client_id, ()), day),
            currency=currency or USUAL_CURRENCY,
        )
        for one, *names, currency in found
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
    found = _signed(session, client_ids)
    money = money_of(session, {one.client_id for one in found}, zone)
    by_client: dict[int, Standing] = {}
    for one in found:
        standing = _standing(one, money.get(one.client_id, ()), day)
        if standing is None:
            by_client.pop(one.client_id, None)
        else:
            by_client[one.client_id] = standing
    return by_client


def offers_asked(
    session: Session, client_ids: Collection[int], since: datetime
) -> dict[int, AskedOffer]:
    """Return the newest offer of each client since an instant, unless it was signed."""
    found = session.scalars(
        select(Agreement)
        .options(defer(Agreement.signature))
        .where(
            among(Agreement.client_id, client_ids),
            Agreement.proposed_at >= since,
        )
        .order_by(Agreement.id)
    )
    newest = {one.client_id: one for one in found}
    return {
        client_id: AskedOffer(_state_before_signing(one), terms_of(one), one.cancelled_because)
        for client_id, one in newest.items()
        if one.signed_at is None
    }


def requests_waiting(session: Session) -> int:
    """Return how many offers that collectors asked for wait for a decision of the office."""
    wanted = select(func.count(Agreement.id)).where(
        Agreement.approved_at.is_(None),
        Agreement.cancelled_at.is_(None),
        Agreement.creditor == "",  # filled in by who grants it
    )
    return session.scalar(wanted) or 0


def debts_after_letter(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int] | None = None
) -> dict[int, DebtAfterLetter]:
    """Return the clients whose carta finiquito and whose balance contradict each other.

    Somebody told a balance after the letter, or annulled a payment that it rests on. What came due
    later is another debt. What a kept agreement let go of contradicts nothing until the creditor
    tells of it again.
    """
    letters = {
        one.client_id: one
        for one in session.scalars(
            select(SettlementLetter)
            .where(
                SettlementLetter.annulled_at.is_(None),
                among(SettlementLetter.client_id, client_ids),
            )
            .order_by(SettlementLetter.id)
        )
        if one.content
    }
    if not letters:
        return {}
    settled = settled_by(in_force(session, day, zone, letters.keys()), day)
    found: dict[int, DebtAfterLetter] = {}
    for client_id, invoices in open_invoices(session, letters.keys()).items():
        letter = letters[client_id]
        owed_cents = sum(
            one.outstanding_cents
            for one in invoices
            if one.due_on <= letter.issued_on
            and (client_id not in settled or one.balance_at > letter.issued_at)
        )
        if owed_cents:
            found[client_id] = DebtAfterLetter(client_id, letter.id, letter.issued_on, owed_cents)
    return found


def _signed(session: Session, client_ids: Collection[int] | None) -> Sequence[Agreement]:
    """Return the agreements that were signed and not taken back, oldest first."""
    return session.scalars(
        select(Agreement)
        .where(
            Agreement.signed_at.is_not(None),
            Agreement.cancelled_at.is_(None),
            among(Agreement.client_id, client_ids),
        )
        .options(defer(Agreement.signature))
        .order_by(Agreement.id)
    ).all()


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


def _row(
    one: Agreement,
    names: tuple[str, str, str | None, str | None, str | None],
    money: Sequence[Receipt],
    day: date,
) -> AgreementRow:
    terms = terms_of(one)
    parts = schedule(terms)
    signed_at = one.signed_at
    since = _since_signature(one, money)
    return AgreementRow(
        id=one.id,
        client_id=one.client_id,
        client_name=names[0],
        client_number=names[1],
        terms=terms,
        content=content_of(one),
        schedule=parts,
        state=_state(one, parts, since, day),
        paid_cents=sum(receipt.amount_cents for receipt in since),
        proposed_by=one.proposed_by,
        proposer=names[2],
        proposed_at=one.proposed_at,
        approver=names[3],
        signed_at=signed_at,
        signed_by=one.signed_by,
        signature=one.signature,
        canceller=names[4],
        cancelled_at=one.cancelled_at,
        cancelled_because=one.cancelled_because,
    )


def _since_signature(one: Agreement, money: Sequence[Receipt]) -> list[Receipt]:
    signed_at = one.signed_at
    return [receipt for receipt in money if signed_at is not None and receipt.at >= signed_at]


def _standing(one: Agreement, money: Sequence[Receipt], day: date) -> Standing | None:
    parts, since = schedule(terms_of(one)), _since_signature(one, money)
    state = _state(one, parts, since, day)
    left = uncovered(parts, sum(receipt.amount_cents for receipt in since))
    if state not in (AgreementState.ACTIVE, AgreementState.BROKEN) or not left:
        return None
    first = left[0]
    return Standing(one.id, state is AgreementState.BROKEN, first.due_on, first.amount_cents)


def content_of(one: Agreement) -> Content:
    """Return what stands on the paper of an agreement."""
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
    if one.cancelled_at is None and one.signed_at is not None:
        return paid_state(parts, money, day, PromisePolicy())
    return _state_before_signing(one)


def _state_before_signing(one: Agreement) -> AgreementState:
    if one.cancelled_at is not None:
        return AgreementState.CANCELLED
    return AgreementState.APPROVED if one.approved_at else AgreementState.PROPOSED


def signing_law(
    session: Session, client_id: int, at: datetime, zone: ZoneInfo
) -> tuple[Block, ...]:
    """Return what an agreement that a client signs at an instant would break: none, or a falta."""
    day = at.astimezone(zone).date()
    law = read_laws(session, day, day, zone, [client_id]).of(client_id, day, at)
    facts = ContactFacts(
        zone=law.terms.zone or zone,
        ban=law.ban,
        wishes=law.terms.wishes,
        overridden=law.terms.overridden,
    )
    return signing_blocks(law.profile, facts, at)
