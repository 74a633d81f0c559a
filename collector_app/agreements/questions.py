"""What the page of agreements shows of the whole cartera."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.agreements.queries import cash_forecast
from collector_app.figures.rules import Question


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return the forecast that the page asks for on a day."""
    yield Question(cash_forecast, (today, zone))
