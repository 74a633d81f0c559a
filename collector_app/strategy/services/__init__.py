"""What the office does with the strategy: segments, treatments, experiments."""

from collector_app.strategy.services.experiments import start_experiment, stop_experiment
from collector_app.strategy.services.segments import (
    clear_treatment,
    move_segment,
    remove_segment,
    save_segment,
    set_treatment,
)

__all__ = [
    "clear_treatment",
    "move_segment",
    "remove_segment",
    "save_segment",
    "set_treatment",
    "start_experiment",
    "stop_experiment",
]
