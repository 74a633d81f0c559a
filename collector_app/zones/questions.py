"""What the page of zones shows of the whole cartera."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.figures.rules import Question
from collector_app.zones.queries import zone_dots, zone_hours


def usual_questions(today: date, _zone: ZoneInfo) -> Iterable[Question]:
    """Return what the zones of a day ask."""
    yield Question(zone_hours, (today,))
    yield Question(zone_dots, (today,))
