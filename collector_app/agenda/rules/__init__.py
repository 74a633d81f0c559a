"""Pure rules of the agenda: which promise needs what today, and what cash may be expected."""

from collector_app.agenda.rules.forecast import (
    COVERAGE,
    LEAST_WEEKS,
    WEEKS,
    CashWeek,
    Commitment,
    forecast,
)
from collector_app.agenda.rules.history import HISTORY_WEEKS, CashHistory, Said, history_of
from collector_app.agenda.rules.saying import Due, Follow, Group, grouped, is_followed_up, total

__all__ = [
    "COVERAGE",
    "HISTORY_WEEKS",
    "LEAST_WEEKS",
    "WEEKS",
    "CashHistory",
    "CashWeek",
    "Commitment",
    "Due",
    "Follow",
    "Group",
    "Said",
    "forecast",
    "grouped",
    "history_of",
    "is_followed_up",
    "total",
]
