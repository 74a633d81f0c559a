"""Pauses and moves as they were decided; sensible defaults."""

from datetime import date

from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.portfolio.models import Client, Credit
from collector_app.stages.models import CollectionPause, StageMove
from collector_app.stages.rules import MoveCause, PauseCause


def credit_of(session: Session, client: Client) -> Credit:
    return session.query(Credit).filter_by(client_id=client.id).first()


def make_pause(
    session: Session, client: Client, from_on: date, to_on: date | None = None, **values: object
) -> CollectionPause:
    """A dispute about everything that the client owes."""
    row = CollectionPause(
        **{
            "client_id": client.id,
            "cause": PauseCause.DISPUTE,
            "reason": "dice que no firmó",
            "from_on": from_on,
            "to_on": to_on,
            "created_at": clock.now(),
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row


def make_move(session: Session, client: Client, from_on: date, **values: object) -> StageMove:
    """The client's credit goes to the lawyers before its days."""
    row = StageMove(
        **{
            "credit_id": credit_of(session, client).id,
            "stage": "extrajudicial",
            "cause": MoveCause.REFUSES,
            "reason": "no abre",
            "from_on": from_on,
            "created_at": clock.now(),
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row
