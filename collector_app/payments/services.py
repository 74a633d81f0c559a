"""Receiving money and taking a mistaken payment back."""

from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.facts import store_once
from collector_app.payments.allocation_order import house_order
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.queries import open_invoices
from collector_app.payments.receipts import issue_receipt
from collector_app.payments.rules import PaymentFact, allocate
from collector_app.portfolio.models import Client
from collector_app.promises.rules import AmountNotPositive, ReasonMissing
from collector_app.visits.services import visit_of
from collector_app.zones.queries import may_see

_STATEMENT = ("client_id", "visit_id", "method", "reference", "amount_cents")


def record_payment(session: Session, actor: Actor, fact: PaymentFact, *, zone: ZoneInfo) -> Payment:
    """Store money received once and settle invoices with it, oldest due date first.

    Parameters
    ----------
    actor : Actor
        Who received it.
    fact : PaymentFact
        What was received. With a visit, the visit must be the actor's own to that client. More
        than the client owes is accepted and stays unallocated.
    zone : ZoneInfo
        Time zone of the business.

    Raises
    ------
    AmountNotPositive
        When nothing was received.
    NotFound
        When the visit or the client is not theirs.
    FactConflict
        When the uuid is already stored with another payment.
    """
    actor.require(Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
    if fact.amount_cents <= 0:
        raise AmountNotPositive("amount", "more than zero")
    _check_source(session, actor, fact, zone)
    payment, is_new = store_once(session, _payment(actor, fact), fact.uuid, _STATEMENT)
    if is_new:
        log(session, actor, "payment.recorded", payment, client_id=fact.client_id)
        settle(session, actor, fact.client_id)
        issue_receipt(session, actor, payment)
    return payment


def annul_payment(session: Session, actor: Actor, payment_id: int, reason: str) -> Payment:
    """Take a payment back; its money no longer settles anything. Twice changes nothing.

    Raises
    ------
    ReasonMissing
        When there are no words in the reason.
    NotFound
        When there is no such payment.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    if not reason.strip():
        raise ReasonMissing("reason", "why the payment is annulled")
    payment = session.get(Payment, payment_id)
    if payment is None:
        message = f"payment {payment_id} does not exist"
        raise NotFound(message)
    if payment.annulled_at is None:
        payment.annulled_at = clock.now()
        log(session, actor, "payment.annulled", payment, reason=reason.strip())
        settle(session, actor, payment.client_id)
    return payment


def settle(session: Session, actor: Actor, client_id: int) -> None:
    """Give a client's unallocated money to the invoices that can take it, in the house's order.

    Called when money comes in, and when an annulled payment leaves room for what exceeded before.
    The client's row is locked, so that two payments at once don't settle the same cents. The lock
    leaves the key alone (FOR NO KEY UPDATE): each payment already holds a share of it through its
    foreign key, and with a full lock two of them would wait for each other.
    """
    lock = select(Client.id).where(Client.id == client_id).with_for_update(key_share=True)
    session.execute(lock)
    for payment, left_cents in _unallocated(session, client_id):
        invoices = open_invoices(session, client_id, payment.received_at)
        for share in allocate(left_cents, invoices, house_order()):
            allocation = Allocation(
                payment_id=payment.id,
                invoice_id=share.invoice_id,
                amount_cents=share.amount_cents,
            )
            session.add(allocation)
            log(session, actor, "payment.allocated", allocation, payment_id=payment.id)


def _unallocated(session: Session, client_id: int) -> list[tuple[Payment, int]]:
    """Return the live payments of a client that are not used up, with what is left of each."""
    left = Payment.amount_cents - func.coalesce(func.sum(Allocation.amount_cents), 0)
    found = session.execute(
        select(Payment, left)
        .outerjoin(Allocation, Allocation.payment_id == Payment.id)
        .where(Payment.client_id == client_id, Payment.annulled_at.is_(None))
        .group_by(Payment.id)
        .having(left > 0)
        .order_by(Payment.received_at, Payment.id)
    )
    return [(payment, int(cents)) for payment, cents in found]


def _payment(actor: Actor, fact: PaymentFact) -> Payment:
    return Payment(
        uuid=fact.uuid,
        client_id=fact.client_id,
        visit_id=fact.visit_id,
        collector_id=actor.user_id if actor.role is Role.COLLECTOR else None,
        method=fact.method,
        reference=fact.reference,
        amount_cents=fact.amount_cents,
        received_at=fact.received_at,
        recorded_at=clock.now(),
    )


def _check_source(session: Session, actor: Actor, fact: PaymentFact, zone: ZoneInfo) -> None:
    """Raise unless the money comes from a visit of the actor or a client they may see."""
    if fact.visit_id is not None:
        visit_of(session, actor, fact.visit_id, fact.client_id)
    elif not may_see(session, actor, fact.client_id, clock.today(zone)):
        message = f"client {fact.client_id} does not exist or is not this actor's"
        raise NotFound(message)
