"""What the cartera was on a day that has passed, and what field work yields now."""

from collector_app.analysis.queries.levers import levers_now
from collector_app.analysis.queries.movement import (
    AgingRow,
    aging,
    first_known_balance,
    receivables,
    rolls,
)
from collector_app.analysis.queries.rows import (
    CreditRow,
    CreditsAsked,
    MovedRow,
    count_credits_behind,
    credits_behind,
    moved_rows,
)
from collector_app.analysis.queries.vintages import (
    GroupOfClients,
    vintage_cells,
    vintage_groups,
)

__all__ = [
    "AgingRow",
    "CreditRow",
    "CreditsAsked",
    "GroupOfClients",
    "MovedRow",
    "aging",
    "count_credits_behind",
    "credits_behind",
    "first_known_balance",
    "levers_now",
    "moved_rows",
    "receivables",
    "rolls",
    "vintage_cells",
    "vintage_groups",
]
