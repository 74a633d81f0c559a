"""Visits as the phone tells them, and as rows; sensible defaults."""

from uuid import uuid4

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.portfolio.models import Client
from collector_app.visits.models import Visit
from collector_app.visits.rules import Outcome, PersonMet, VisitFact


def visit_fact(client: Client, **values: object) -> VisitFact:
    """Nobody was at home, at the door of the client, just now."""
    return VisitFact(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "stop_id": None,
            "started_at": clock.now(),
            "ended_at": clock.now(),
            "person_met": PersonMet.NOBODY,
            "outcome": Outcome.NOT_HOME,
            "lat": client.lat,
            "lon": client.lon,
            "accuracy_m": 12,
            **values,
        }
    )


def make_visit(session: Session, client: Client, collector: User, **values: object) -> Visit:
    visit = Visit(
        **{
            "uuid": str(uuid4()),
            "client_id": client.id,
            "collector_id": collector.id,
            "started_at": clock.now(),
            "ended_at": clock.now(),
            "received_at": clock.now(),
            "person_met": PersonMet.HOLDER,
            "outcome": Outcome.NO_AGREEMENT,
            **values,
        }
    )
    session.add(visit)
    session.flush()
    return visit
