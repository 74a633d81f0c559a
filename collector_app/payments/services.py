"""Receiving money and taking a mistaken payment back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.audit.services import log, log_each
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.facts import store_all_once
from collector_app.core.selection import among
from collector_app.payments.allocation_order import house_order
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.queries import open_invoices
from collector_app.payments.receipts import issue_receipts
from collector_app.payments.rules import PaymentFact, settle_open
from collector_app.portfolio.models import Client
from collector_app.promises.rules import AmountNotPositive, ReasonMissing
from collector_app.visits.services import visit_of
from collector_app.zones.queries import may_see

_STATEMENT = ("client_id", "visit_id", "method", "reference", "amount_cents")


def record_payment(session: Session, actor: Actor, fact: PaymentFact, *, zone: ZoneInfo) -> Payment:
    """Store money received once and settle invoices with it, in the house's order.

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
    return record_payments(session, actor, [fact], zone=zone)[0]


def record_payments(
    session: Session, actor: Actor, facts: Sequence[PaymentFact], *, zone: ZoneInfo
) -> list[Payment]:
    """Store payments as `record_payment` does: all of them, or none when one can't be.

    They take the statements of one. Several of one client settle in the order they were received.
    """
    actor.require(Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
    for fact in facts:
        if fact.amount_cents <= 0:
            raise AmountNotPositive("amount", "more than zero")
        _check_source(session, actor, fact, zone)
    payments = [_payment(actor, fact) for fact in facts]
    stored = store_all_once(session, payments, [fact.uuid for fact in facts], _STATEMENT)
    new = [payment for payment, is_new in stored if is_new]
    if new:
        done = [(payment, {"client_id": payment.client_id}) for payment in new]
        log_each(session, actor, "payment.recorded", done)
        settle(session, actor, {payment.client_id for payment in new})
        issue_receipts(session, actor, new)
    return [payment for payment, _is_new in stored]


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
        settle(session, actor, [payment.client_id])
    return payment


def settle(session: Session, actor: Actor, client_ids: Collection[int]) -> None:
    """Give clients' unallocated money to the invoices that can take it, in the house's order.

    Called when money comes in, and when an annulled payment leaves room for what exceeded before.
    The clients' rows are locked, by id, so that two payments at once don't settle the same cents.
    The lock leaves the key alone (FOR NO KEY UPDATE): each payment already holds a share of it
    through its foreign key, and with a full lock two of them would wait for each other.
    """
    session.execute(
        select(Client.id)
        .where(among(Client.id, client_ids))
        .order_by(Client.id)
        .with_for_update(key_share=True)
    )
    owed = open_invoices(session, client_ids)
    done = []
    for money in _unallocated(session, client_ids):
        invoices = owed.get(money.client_id, [])
        for share in settle_open(invoices, money.left_cents, money.received_at, house_order()):
            allocation = Allocation(
                payment_id=money.payment_id,
                invoice_id=share.invoice_id,
                amount_cents=share.amount_cents,
            )
            done.append((allocation, {"payment_id": money.payment_id}))
    session.add_all([allocation for allocation, _facts in done])
    log_each(session, actor, "payment.allocated", done)


@dataclass(frozen=True, slots=True)
class _Unallocated:
    """A live payment that is not used up, with what is left of it."""

    payment_id: int
    client_id: int
    received_at: datetime
    left_cents: int


def _unallocated(session: Session, client_ids: Collection[int]) -> list[_Unallocated]:
    """Return the live payments of clients that are not used up, in the order of their receipt."""
    left = Payment.amount_cents - func.coalesce(func.sum(Allocation.amount_cents), 0)
    found = session.execute(
        select(Payment.id, Payment.client_id, Payment.received_at, left)
        .outerjoin(Allocation, Allocation.payment_id == Payment.id)
        .where(among(Payment.client_id, client_ids), Payment.annulled_at.is_(None))
        .group_by(Payment.id)
        .having(left > 0)
        .order_by(Payment.received_at, Payment.id)
    )
    return [_Unallocated(id_, client_id, at, int(cents)) for id_, client_id, at, cents in found]


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
