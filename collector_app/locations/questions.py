"""What the page of locations asks of the whole cartera."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.figures.rules import Question
from collector_app.locations.queries import suspects


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return who may have been met elsewhere, as the page asks on a day."""
    yield Question(suspects, (today, zone))
