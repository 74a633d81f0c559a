"""Payments as facts, and invoices to settle; sensible defaults."""

from datetime import date, timedelta
from itertools import count
from uuid import uuid4

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.payments.models import Payment
from collector_app.payments.rules import PaymentFact, PaymentMethod
from collector_app.portfolio.models import Client, Credit, Invoice

_number = count(1)


def payment_fact(client: Client, **values: object) -> PaymentFact:
    """350 pesos in cash, just now, without a visit."""
    return PaymentFact(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "visit_id": None,
            "method": PaymentMethod.CASH,
            "amount_cents": 35_000,
            "received_at": clock.now(),
            **values,
        }
    )


def make_payment(session: Session, collector: User, client: Client, cents: int = 35_000) -> Payment:
    """A payment as a row, with nothing settled by it."""
    fact = payment_fact(client, amount_cents=cents)
    payment = Payment(
        uuid=fact.uuid,
        client_id=client.id,
        collector_id=collector.id,
        method=fact.method,
        amount_cents=cents,
        received_at=fact.received_at,
        recorded_at=clock.now(),
    )
    session.add(payment)
    session.flush()
    return payment


def make_invoice(
    session: Session, client: Client, cents: int, due_on: date, **values: object
) -> Invoice:
    """An invoice of the client's first credit, as the creditor told it yesterday."""
    credit = session.query(Credit).filter_by(client_id=client.id).first()
    invoice = Invoice(
        **{
            "credit": credit,
            "number": f"X-{next(_number):05d}",
            "due_on": due_on,
            "amount_cents": cents,
            "balance_cents": cents,
            "balance_at": clock.now() - timedelta(days=1),
            **values,
        }
    )
    session.add(invoice)
    session.flush()
    return invoice
