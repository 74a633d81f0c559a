"""Reads of the strategy: what is known of clients, the segments, and the treatment of each."""

from collector_app.strategy.queries.clients import client_traits, trait_columns
from collector_app.strategy.queries.experiments import (
    ExperimentResult,
    ExperimentRow,
    busy_clients,
    champion_changes,
    experiment,
    experiments,
    is_running,
    result,
)
from collector_app.strategy.queries.segments import (
    AppliedTreatment,
    SegmentRow,
    known_words,
    members,
    segment_board,
    segment_named,
    segment_rules,
    treatment_at,
    treatment_of,
    treatments_of_clients,
)

__all__ = [
    "AppliedTreatment",
    "ExperimentResult",
    "ExperimentRow",
    "SegmentRow",
    "busy_clients",
    "champion_changes",
    "client_traits",
    "experiment",
    "experiments",
    "is_running",
    "known_words",
    "members",
    "result",
    "segment_board",
    "segment_named",
    "segment_rules",
    "trait_columns",
    "treatment_at",
    "treatment_of",
    "treatments_of_clients",
]
