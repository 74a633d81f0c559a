"""What the cartera was on a day that has passed, and what field work yields now."""

from collector_app.analysis.queries.levers import levers_now
from collector_app.analysis.queries.movement import (
    AgingRow,
    aging,
    first_known_balance,
    receivables,
    rolls,
    vintage_cells,
)

__all__ = [
    "AgingRow",
    "aging",
    "first_known_balance",
    "levers_now",
    "receivables",
    "rolls",
    "vintage_cells",
]
