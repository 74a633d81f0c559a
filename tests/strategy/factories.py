"""Traits of clients, conditions, treatments and segments with sensible defaults."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.compliance.rules import Channel
from collector_app.core.actor import Actor
from collector_app.portfolio.rules import ClientKind, Stage
from collector_app.strategy.models import Experiment, Segment
from collector_app.strategy.rules import (
    ClientTraits,
    Comparison,
    Condition,
    ExperimentTerms,
    Measure,
    Trait,
    Treatment,
)
from collector_app.strategy.services import save_segment, start_experiment

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")


def traits(client_id: int = 1, **values: Any) -> ClientTraits:
    return ClientTraits(
        **{
            "client_id": client_id,
            "days_past_due": 40,
            "balance_cents": 150_000,
            "overdue_cents": 150_000,
            "stage": Stage.ADMINISTRATIVE,
            "kind": ClientKind.PERSON,
            **values,
        }
    )


def at_least(trait: Trait, number: int) -> Condition:
    return Condition(trait, Comparison.AT_LEAST, (number,))


def treatment(**values: Any) -> Treatment:
    return Treatment(
        **{
            "channels": frozenset({Channel.VISIT, Channel.CALL}),
            "cadence_days": 7,
            "most_discount_percent": 5,
            "most_instalments": 3,
            "script": Stage.ADMINISTRATIVE,
            **values,
        }
    )


def make_segment(session: Session, *conditions: Condition, name: str = "Grandes") -> Segment:
    return save_segment(session, SYSTEM, name, conditions)


def terms(**values: Any) -> ExperimentTerms:
    """Half of the clients for four weeks from today on, judged by who paid."""
    return ExperimentTerms(
        **{
            "name": "Menos visitas",
            "share_percent": 50,
            "measure": Measure.PAID,
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=27),
            **values,
        }
    )


def make_experiment(session: Session, segment: Segment, **values: Any) -> Experiment:
    """An experiment with whoever is 31 to 90 days late."""
    return start_experiment(
        session,
        SYSTEM,
        segment.id,
        Stage.ADMINISTRATIVE,
        terms(**values),
        treatment(channels=frozenset({Channel.CALL})),
        zone=ZONE,
    )
