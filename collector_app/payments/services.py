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
from collector_app.core.bulk import StoredRow, insert_rows
from collector_app.core.errors import NotFound
from collector_app.core.facts import object_of, store_all_once
from collector_app.core.selection import among_told
from collector_app.payments.allocation_order import house_order
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.queries import open_invoices, settled_on, still_owed
from collector_app.payments.receipts import issue_receipts
from collector_app.payments.rules import PaymentFact, receipt_series, settle_open
from collector_app.portfolio.models import Client
from collector_app.promises.rules import AmountNotPositive, ReasonMissing
from collector_app.visits.services import people_met
from collector_app.zones.queries import may_see

_STATEMENT = ("client_id", "visit_id", "method", "reference", "amount_cents")
_LEFT = Payment.amount_cents - func.coalesce(func.sum(Allocation.amount_cents), 0)
_UNALLOCATED = (
    select(Payment.id, Payment.client_id, Payment.received_at, _LEFT)
    .outerjoin(Allocation, Allocation.payment_id == Payment.id)
    .where(among_told(Payment.client_id, "client_ids"), Payment.annulled_at.is_(None))
    .group_by(Payment.id)
    .having(_LEFT > 0)
    .order_by(Payment.received_at, Payment.id)
)
_LOCKED = (
    select(Client.id)
    .where(among_told(Client.id, "client_ids"))
    .order_by(Client.id)
    .with_for_update(key_share=True)
)


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
    FolioTaken
        When the phone gave it a folio that stands on another receipt.
    """
    return object_of(session, record_payments(session, actor, [fact], zone=zone)[0])


def record_payments(
    session: Session, actor: Actor, facts: Sequence[PaymentFact], *, zone: ZoneInfo
) -> list[StoredRow[Payment]]:
    """Store payments as `record_payment` does: all of them, or none when one can't be.

    They take the statements of one. Several of one client settle in the order they were received.
    """
    actor.require(Role.COLLECTOR, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
    for fact in facts:
        if fact.amount_cents <= 0:
            raise AmountNotPositive("amount", "more than zero")
    _check_sources(session, actor, facts, zone)
    stored = store_all_once(session, Payment, [_columns(actor, one) for one in facts], _STATEMENT)
    told = zip(stored, facts, strict=True)
    new = [(row, fact.receipt) for (row, is_new), fact in told if is_new]
    if new:
        done = [(row, {"client_id": row.values["client_id"]}) for row, _receipt in new]
        log_each(session, actor, "payment.recorded", done)
        settle(session, actor, {fact.client_id for fact in facts}, zone)
        given = [(row.id, receipt) for row, receipt in new]
        issue_receipts(session, actor, receipt_series(_collector_id(actor)), given)
    return [row for row, _is_new in stored]


def annul_payment(
    session: Session, actor: Actor, payment_id: int, reason: str, *, zone: ZoneInfo
) -> Payment:
    """Take a payment back; its money no longer settles anything. Twice changes nothing.

    Raises
    ------
    ReasonMissing
        When there are no words in the reason.
    NotFound
        When there is no such payment.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)
    if not reason.strip():
        raise ReasonMissing("reason", "why the payment is annulled")
    payment = session.get(Payment, payment_id, with_for_update={"key_share": True})
    if payment is None:
        message = f"payment {payment_id} does not exist"
        raise NotFound(message)
    if payment.annulled_at is None:
        payment.annulled_at = clock.now()
        log(session, actor, "payment.annulled", payment, reason=reason.strip())
        settle(session, actor, [payment.client_id], zone)
    return payment


def settle(session: Session, actor: Actor, client_ids: Collection[int], zone: ZoneInfo) -> None:
    """Give clients' unallocated money to the invoices that can take it, in the house's order.

    Called when money comes in, and when an annulled payment leaves room for what exceeded before.
    Money that comes after an agreement was kept settles nothing of what that one let go of.
    The clients' rows are locked, by id, so that two payments at once don't settle the same cents.
    The lock leaves the key alone (FOR NO KEY UPDATE): each payment already holds a share of it
    through its foreign key, and with a full lock two of them would wait for each other.
    """
    session.execute(_LOCKED, {"client_ids": list(client_ids)})
    owed = open_invoices(session, client_ids)
    settled = settled_on(session, clock.today(zone), zone, client_ids)
    shares = [
        {
            "payment_id": money.payment_id,
            "invoice_id": share.invoice_id,
            "amount_cents": share.amount_cents,
        }
        for money in _unallocated(session, client_ids)
        for share in settle_open(
            still_owed(
                owed.get(money.client_id, []), settled.get(money.client_id), money.received_at
            ),
            money.left_cents,
            money.received_at,
            house_order(),
        )
    ]
    stored = insert_rows(session, Allocation, shares, key=("payment_id", "invoice_id"))
    done = [(row, {"payment_id": row.values["payment_id"]}) for row in stored]
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
    found = session.execute(_UNALLOCATED, {"client_ids": list(client_ids)})
    return [_Unallocated(id_, client_id, at, int(cents)) for id_, client_id, at, cents in found]


def _columns(actor: Actor, fact: PaymentFact) -> dict[str, object]:
    return {
        "uuid": fact.uuid,
        "client_id": fact.client_id,
        "visit_id": fact.visit_id,
        "collector_id": _collector_id(actor),
        "method": fact.method,
        "reference": fact.reference,
        "amount_cents": fact.amount_cents,
        "received_at": fact.received_at,
        "recorded_at": clock.now(),
    }


def _collector_id(actor: Actor) -> int | None:
    return actor.user_id if actor.role is Role.COLLECTOR else None


def _check_sources(
    session: Session, actor: Actor, facts: Sequence[PaymentFact], zone: ZoneInfo
) -> None:
    """Raise unless all money comes from visits of the actor or clients they may see."""
    visits = [(fact.visit_id, fact.client_id) for fact in facts if fact.visit_id is not None]
    people_met(session, actor, visits)
    for fact in facts:
        if fact.visit_id is None and not may_see(session, actor, fact.client_id, clock.today(zone)):
            message = f"client {fact.client_id} does not exist or is not this actor's"
            raise NotFound(message)
