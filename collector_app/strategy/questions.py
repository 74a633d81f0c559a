"""What the pages of segments ask of the whole cartera."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.figures.rules import Question
from collector_app.strategy.queries import trait_columns


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return what is known of all clients, to which segments are applied while people look."""
    yield Question(trait_columns, (today, zone))
