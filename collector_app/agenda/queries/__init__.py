"""Reads of the agenda."""

from collector_app.agenda.queries.cash import CashForecast, cash_forecast
from collector_app.agenda.queries.dues import COMING_DAYS, OVERDUE_DAYS, dues, dues_of
from collector_app.agenda.queries.reminders import Reminder, reminders

__all__ = [
    "COMING_DAYS",
    "OVERDUE_DAYS",
    "CashForecast",
    "Reminder",
    "cash_forecast",
    "dues",
    "dues_of",
    "reminders",
]
