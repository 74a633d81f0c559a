"""Proposing, approving, signing and cancelling an agreement."""

import hashlib
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.agreements.queries import content_of
from collector_app.agreements.rules import (
    AgreementInForce,
    AgreementKept,
    BeyondAuthority,
    BeyondTreatment,
    Content,
    ContentMissing,
    DebtUnderstated,
    WrongState,
    check_content,
    check_terms,
    may_grant,
)
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.payments.queries import NO_DEBT, debts, in_force
from collector_app.portfolio.models import Client
from collector_app.promises.rules import ReasonMissing
from collector_app.schedules.models import Agreement
from collector_app.schedules.rules import AgreementState, Terms
from collector_app.strategy.queries import treatment_of
from collector_app.strategy.rules import is_within_offers
from collector_app.zones.queries import may_see

PEOPLE = (Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN)
MOST_REASON_LETTERS = 240
LARGEST_SIGNATURE_BYTES = 200_000
_PNG = b"\x89PNG\r\n\x1a\n"


def propose(
    session: Session,
    actor: Actor,
    client_id: int,
    terms: Terms,
    content: Content,
    *,
    today: date,
    zone: ZoneInfo,
) -> Agreement:
    """Put an agreement on paper; within the actor's own authority it is approved at once.

    Raises
    ------
    NotFound
        When there is no such client, or none that the actor may see.
    BadTerms, ContentMissing
        When no schedule can be made, or the paper lacks what the law wants.
    DebtUnderstated
        When it settles the debt and names less than is due: that would be a quita in disguise.
    BeyondTreatment
        When a collector offers more than the treatment of the client's segment lets; the office
        may, within its own authority.
    WrongState
        When another agreement of the client is under way.
    AgreementInForce
        When the client signed one that is being kept: it is cancelled first.
    """
    actor.require(*PEOPLE)
    if not may_see(session, actor, client_id, today):
        message = f"client {client_id} does not exist or is not this actor's"
        raise NotFound(message)
    check_terms(terms, today)
    check_content(content, terms.debt_cents)
    if content.settles_debt:
        _check_debt(session, client_id, terms, today, zone)
    check_treatment(session, actor, client_id, terms, today, zone)
    _check_no_other(session, client_id, today, zone)
    agreement = _put_on_paper(session, actor, client_id, terms, content)
    if may_grant(actor.role, terms.discount_basis):
        approve(session, actor, agreement.id)
    return agreement


def request_offer(
    session: Session, actor: Actor, client_id: int, terms: Terms, *, day: date, zone: ZoneInfo
) -> Agreement:
    """Ask the office for an offer beyond what a collector may give.

    It is a proposal that nobody grants by asking for it. Who the creditor is and where the money
    goes is filled in when the office grants it: `grant_request`.

    Parameters
    ----------
    day : date
        On which it was asked for; the phone may tell of it later.

    Raises
    ------
    NotFound, BadTerms, DebtUnderstated, WrongState, AgreementInForce
        As of `propose`.
    """
    actor.require(*PEOPLE)
    if not may_see(session, actor, client_id, day):
        message = f"client {client_id} does not exist or is not this actor's"
        raise NotFound(message)
    check_terms(terms, day)
    _check_debt(session, client_id, terms, day, zone)  # its paper settles the debt
    _check_no_other(session, client_id, day, zone)
    content = Content(
        principal_cents=terms.debt_cents,
        interest_cents=0,
        default_interest_cents=0,
        costs_cents=0,
        creditor="",
        creditor_account="",
        reference="",
        settles_debt=True,
    )
    return _put_on_paper(session, actor, client_id, terms, content)


def grant_request(
    session: Session,
    actor: Actor,
    agreement_id: int,
    *,
    creditor: str,
    creditor_account: str,
    reference: str,
) -> Agreement:
    """Grant an offer that a collector asked for, with what the paper still lacks.

    Raises
    ------
    ContentMissing
        When one of the three is empty.
    BeyondAuthority, WrongState, NotFound
        As of `approve`.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    agreement = _locked(session, actor, agreement_id)
    if agreement.approved_at is not None:
        raise WrongState
    agreement.creditor = creditor.strip()
    agreement.creditor_account = creditor_account.strip()
    agreement.reference = reference.strip()
    check_content(content_of(agreement), agreement.debt_cents)
    return approve(session, actor, agreement_id)


def _put_on_paper(
    session: Session, actor: Actor, client_id: int, terms: Terms, content: Content
) -> Agreement:
    agreement = Agreement(
        client_id=client_id,
        debt_cents=terms.debt_cents,
        discount_basis=terms.discount_basis,
        down_cents=terms.down_cents,
        instalments=terms.count,
        every_days=terms.every_days,
        step_cents=terms.step_cents,
        first_on=terms.first_on,
        principal_cents=content.principal_cents,
        interest_cents=content.interest_cents,
        default_interest_cents=content.default_interest_cents,
        costs_cents=content.costs_cents,
        creditor=content.creditor.strip(),
        creditor_account=content.creditor_account.strip(),
        reference=content.reference.strip(),
        settles_debt=content.settles_debt,
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
    )
    session.add(agreement)
    log(session, actor, "agreement.proposed", agreement, client_id=client_id)
    return agreement


def check_treatment(
    session: Session, actor: Actor, client_id: int, terms: Terms, today: date, zone: ZoneInfo
) -> None:
    """Raise `BeyondTreatment` when a collector offers more than the client's segment lets.

    The office may, within its own authority.
    """
    if actor.role is not Role.COLLECTOR:
        return
    applied = treatment_of(session, today, zone, client_id)
    if applied and not is_within_offers(applied.treatment, terms.discount_basis, terms.count):
        raise BeyondTreatment(
            segment=applied.segment,
            percent=applied.treatment.most_discount_percent,
            instalments=applied.treatment.most_instalments,
        )


def approve(session: Session, actor: Actor, agreement_id: int) -> Agreement:
    """Grant what was proposed; twice changes nothing.

    Raises
    ------
    BeyondAuthority
        When the discount is more than the actor's role may grant.
    WrongState
        When it was cancelled.
    ContentMissing
        When the paper lacks what the law wants: see `grant_request`.
    """
    actor.require(*PEOPLE)
    agreement = _locked(session, actor, agreement_id)
    if agreement.cancelled_at is not None:
        raise WrongState
    check_content(content_of(agreement), agreement.debt_cents)
    if not may_grant(actor.role, agreement.discount_basis):
        raise BeyondAuthority(percent=f"{agreement.discount_basis / 100:g}")
    if agreement.approved_at is None:
        agreement.approved_by, agreement.approved_at = actor.user_id, clock.now()
        log(session, actor, "agreement.approved", agreement)
    return agreement


def sign(
    session: Session, actor: Actor, agreement_id: int, name: str, signature: bytes
) -> Agreement:
    """Keep the client's signature: from now on the agreement is in force.

    Raises
    ------
    WrongState
        Unless it is approved and neither signed nor cancelled.
    ContentMissing
        Without a name, or a signature that is a PNG of at most 200 kB.
    """
    actor.require(*PEOPLE)
    agreement = _locked(session, actor, agreement_id)
    if agreement.approved_at is None or agreement.signed_at or agreement.cancelled_at:
        raise WrongState
    if not name.strip():
        raise ContentMissing("name", "who signs")
    if not signature.startswith(_PNG) or len(signature) > LARGEST_SIGNATURE_BYTES:
        raise ContentMissing("signature", "a signature")
    agreement.signed_at, agreement.signed_by = clock.now(), name.strip()
    agreement.signature = signature
    agreement.signature_sha256 = hashlib.sha256(signature).hexdigest()
    log(session, actor, "agreement.signed", agreement)
    return agreement


def cancel(
    session: Session, actor: Actor, agreement_id: int, reason: str, *, zone: ZoneInfo
) -> Agreement:
    """End an agreement by decision of a person; what was paid stays paid. Twice changes nothing.

    The client's row is locked as payments lock it, so that none of them keeps the agreement while
    it is taken back.

    Raises
    ------
    ReasonMissing
        When there are no words in the reason.
    AgreementKept
        When all of it was paid.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    if not reason.strip():
        raise ReasonMissing("reason", "why the agreement is cancelled")
    agreement = _locked(session, actor, agreement_id)
    if agreement.cancelled_at is None:
        session.execute(
            select(Client.id)
            .where(Client.id == agreement.client_id)
            .with_for_update(key_share=True)
        )
        if _is_kept(session, agreement, zone):
            raise AgreementKept
        agreement.cancelled_by, agreement.cancelled_at = actor.user_id, clock.now()
        agreement.cancelled_because = reason.strip()[:MOST_REASON_LETTERS]
        log(session, actor, "agreement.cancelled", agreement, reason=reason.strip())
    return agreement


def _locked(session: Session, actor: Actor, agreement_id: int) -> Agreement:
    found = session.scalars(
        select(Agreement).where(Agreement.id == agreement_id).with_for_update(key_share=True)
    ).one_or_none()
    # A collector works with what they proposed themselves; zones may have changed hands since.
    is_theirs = found is not None and (
        actor.role is not Role.COLLECTOR or found.proposed_by == actor.user_id
    )
    if found is None or not is_theirs:
        message = f"no agreement {agreement_id}, or none of this actor's"
        raise NotFound(message)
    return found


def _is_kept(session: Session, agreement: Agreement, zone: ZoneInfo) -> bool:
    spans = in_force(session, clock.today(zone), zone, [agreement.client_id])
    return any(
        one.agreement_id == agreement.id and one.state is AgreementState.KEPT for one in spans
    )


def _check_debt(session: Session, client_id: int, terms: Terms, day: date, zone: ZoneInfo) -> None:
    """Refuse to settle less than is due: what is forgiven is a discount, and needs authority."""
    tomorrow = day + timedelta(days=1)  # what falls due today is settled, too
    due = debts(session, tomorrow, zone, [client_id]).get(client_id, NO_DEBT).overdue_cents
    if terms.debt_cents < due:
        raise DebtUnderstated("debt", "what is due, or more", due_pesos=f"${due / 100:,.2f}")


def _check_no_other(session: Session, client_id: int, day: date, zone: ZoneInfo) -> None:
    """Refuse a second agreement; money is not told apart, so that it would keep both at once.

    The client's row is locked, so that two proposals at once don't both find none.
    """
    session.execute(select(Client.id).where(Client.id == client_id).with_for_update(key_share=True))
    if _under_way(session, client_id):
        raise WrongState
    spans = in_force(session, day, zone, [client_id])
    if any(one.state is AgreementState.ACTIVE for one in spans):
        raise AgreementInForce


def _under_way(session: Session, client_id: int) -> bool:
    """Tell whether a proposal waits to be signed."""
    return (
        session.scalar(
            select(Agreement.id).where(
                Agreement.client_id == client_id,
                Agreement.cancelled_at.is_(None),
                Agreement.signed_at.is_(None),
            )
        )
        is not None
    )
