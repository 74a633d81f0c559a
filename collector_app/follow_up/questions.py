"""What the pages of follow-up show of the whole cartera unless somebody chooses otherwise."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.figures.rules import Question
from collector_app.follow_up.queries import follow_up, not_visited
from collector_app.follow_up.rules import USUAL_WINDOW


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return what the overview and the list of clients ask on a day."""
    yield Question(follow_up, (today, USUAL_WINDOW, zone, None))  # money of the house's currency
    yield Question(not_visited, (today, USUAL_WINDOW, zone))
