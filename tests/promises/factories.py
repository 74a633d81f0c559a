"""Promises as facts and as rows; sensible defaults."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.portfolio.models import Client
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromiseFact


def promise_fact(client: Client, **values: object) -> PromiseFact:
    """500 pesos in three days, without a visit."""
    return PromiseFact(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "visit_id": None,
            "amount_cents": 50_000,
            "due_on": clock.now().date() + timedelta(days=3),
            "made_at": clock.now(),
            **values,
        }
    )


def make_promise_row(session: Session, client: Client, **values: object) -> Promise:
    promise = Promise(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "amount_cents": 50_000,
            "due_on": clock.now().date() + timedelta(days=3),
            "made_at": clock.now(),
            **values,
        }
    )
    session.add(promise)
    session.flush()
    return promise
