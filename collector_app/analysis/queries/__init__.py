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
    Ends,
    MovedRow,
    clients_behind,
    count_clients_behind,
    count_credits_behind,
    credits_behind,
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
    "Ends",
    "GroupOfClients",
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
    "vintage_groups",
]
