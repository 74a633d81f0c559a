"""The arithmetic of the cartera's movement, without a database."""

from collector_app.analysis.rules.ratios import Receivables
from collector_app.analysis.rules.rolling import PAID_UP, Ends, Roll, RollMatrix, roll_matrix
from collector_app.analysis.rules.simulation import (
    WEEKS,
    Levers,
    Month,
    lever_gains,
    month_of,
    weekly_cash,
)
from collector_app.analysis.rules.vintages import (
    MONTHS_IN_QUARTER,
    Vintage,
    VintageCell,
    late_at,
    vintages_of,
)

__all__ = [
    "MONTHS_IN_QUARTER",
    "PAID_UP",
    "WEEKS",
    "Ends",
    "Levers",
    "Month",
    "Receivables",
    "Roll",
    "RollMatrix",
    "Vintage",
    "VintageCell",
    "late_at",
    "lever_gains",
    "month_of",
    "roll_matrix",
    "vintages_of",
    "weekly_cash",
]
