"""Reads of the strategy: what is known of clients, the segments, and the treatment of each."""

from collector_app.strategy.queries.clients import client_traits
from collector_app.strategy.queries.segments import (
    AppliedTreatment,
    SegmentRow,
    known_words,
    segment_board,
    segment_named,
    segment_rules,
    treatment_at,
    treatment_of,
    treatments_of_clients,
)

__all__ = [
    "AppliedTreatment",
    "SegmentRow",
    "client_traits",
    "known_words",
    "segment_board",
    "segment_named",
    "segment_rules",
    "treatment_at",
    "treatment_of",
    "treatments_of_clients",
]
