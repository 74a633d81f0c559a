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
from collector_app.analysis.queries.rows import (
    CreditRow,
    Ends,
    MovedRow,
    clients_behind,
    count_clients_behind,
    count_credits_behind,
    credits_behind,
)

__all__ = [
    "AgingRow",
    "CreditRow",
    "Ends",
    "MovedRow",
    "aging",
    "clients_behind",
    "count_clients_behind",
    "count_credits_behind",
    "credits_behind",
    "first_known_balance",
    "levers_now",
    "receivables",
    "rolls",
    "vintage_cells",
]
