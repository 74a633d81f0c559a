"""Traits of clients, conditions, treatments and segments with sensible defaults."""

from typing import Any

from sqlalchemy.orm import Session

from collector_app.compliance.rules import Channel
from collector_app.core.actor import Actor
from collector_app.portfolio.rules import ClientKind, Stage
from collector_app.strategy.models import Segment
from collector_app.strategy.rules import (
    ClientTraits,
    Comparison,
    Condition,
    Trait,
    Treatment,
)
from collector_app.strategy.services import save_segment

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
