"""What the pages of analysis show of the whole cartera unless somebody chooses otherwise."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.analysis import queries
from collector_app.analysis.forms import VINTAGE_SPLITS, usual_span
from collector_app.figures.rules import Question
from collector_app.indicators.queries import Grouping, moved
from collector_app.indicators.rules import usual_period


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return what the overview, the vintages and the simulator ask on a day."""
    span = usual_span(today)
    house = None  # the currency of most credits
    yield Question(queries.rolls, (span.opening, span.closing, zone, house))
    yield Question(moved, (span.opening, span.closing, zone, house))
    yield Question(queries.aging, (span.closing, zone, house))
    yield Question(queries.receivables, (span.opening, span.closing, zone, house))
    yield Question(queries.first_known_balance)
    yield Question(queries.vintage_cells, (today, zone, house))
    for by in VINTAGE_SPLITS:
        yield Question(queries.vintage_groups, (today, zone, house, by))
    yield Question(queries.levers_now, (Grouping(usual_period(today), zone),))
