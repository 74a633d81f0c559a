"""Reads of scoring: what visits have taught, and for whom scores are switched off."""

from collector_app.scoring.queries.asked import HISTORY_DAYS
from collector_app.scoring.queries.experience import experience
from collector_app.scoring.queries.promise_chances import PromiseChances, promise_chances
from collector_app.scoring.queries.record import ClientRecord, record_of
from collector_app.scoring.queries.switches import DecisionRow, decisions_of, switched_off

__all__ = [
    "HISTORY_DAYS",
    "ClientRecord",
    "DecisionRow",
    "PromiseChances",
    "decisions_of",
    "experience",
    "promise_chances",
    "record_of",
    "switched_off",
]
