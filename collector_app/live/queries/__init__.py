"""Today as the supervisor sees it: progress by collector, what comes in, stops on the map."""

from collector_app.live.queries.rows import ActivityRow, CollectorDay, DayTotals, StopDot, Today
from collector_app.live.queries.today import live_version, today_board

__all__ = [
    "ActivityRow",
    "CollectorDay",
    "DayTotals",
    "StopDot",
    "Today",
    "live_version",
    "today_board",
]
