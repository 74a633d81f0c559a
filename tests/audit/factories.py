"""Rows that tests made past the log, taken into it as if a file had brought them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.batches import log_rows
from collector_app.core.actor import Actor
from collector_app.portfolio.models import Client, Credit, Invoice


def seal_made(session: Session) -> None:
    """Seal each client, credit and invoice: three batches where there are any."""
    for table in (Client, Credit, Invoice):
        log_rows(
            session,
            Actor.system("test"),
            "test.made",
            table,
            session.scalars(select(table.id)).all(),
        )
