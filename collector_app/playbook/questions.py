"""What the results of the playbook show of the whole cartera."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.figures.rules import Question
from collector_app.playbook.queries import card_results


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return what the page asks for on a day, of persons and firms together."""
    yield Question(card_results, (today, zone, None))
