"""What the agenda shows of the whole cartera."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.agenda.queries import cash_forecast, dues
from collector_app.figures.rules import Question


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return what its two pages ask for on a day."""
    yield Question(dues, (today, zone))
    yield Question(cash_forecast, (today, zone, None))  # of the house's currency
