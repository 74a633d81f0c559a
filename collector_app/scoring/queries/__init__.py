"""Reads of scoring: what visits have taught, and for whom scores are switched off."""

from collector_app.scoring.queries.experience import HISTORY_DAYS, experience
from collector_app.scoring.queries.record import ClientRecord, record_of
from collector_app.scoring.queries.switches import DecisionRow, decisions_of, switched_off

__all__ = [
    "HISTORY_DAYS",
    "ClientRecord",
    "DecisionRow",
    "decisions_of",
    "experience",
    "record_of",
    "switched_off",
]
