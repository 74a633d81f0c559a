"""Today as the supervisor sees it: progress by collector, what comes in, stops on the map."""

from collector_app.live.queries.alerts import AlertRow, NoteRow, alert_rows, shown_alerts
from collector_app.live.queries.money import MoneyRow
from collector_app.live.queries.rows import ActivityRow, CollectorDay, DayTotals, StopDot, Today
from collector_app.live.queries.today import live_version, shown_today, today_board

__all__ = [
    "ActivityRow",
    "AlertRow",
    "CollectorDay",
    "DayTotals",
    "MoneyRow",
    "NoteRow",
    "StopDot",
    "Today",
    "alert_rows",
    "live_version",
    "shown_alerts",
    "shown_today",
    "today_board",
]
