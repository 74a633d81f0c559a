"""What the pages of indicators show of the whole cartera unless somebody chooses otherwise."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from collector_app.figures.rules import Question
from collector_app.indicators.queries import (
    OF_TODAY,
    Grouping,
    clients_in_groups,
    ends_of,
    groups_of,
    moved,
    tallies,
    whole_tally,
)
from collector_app.indicators.rules import Dimension, usual_period
from collector_app.payments.queries import currencies, owed_by_currency


def usual_questions(today: date, zone: ZoneInfo) -> Iterable[Question]:
    """Return what the overview and the page of each indicator ask on a day."""
    grouping = Grouping(usual_period(today), zone)
    yield Question(currencies)
    yield Question(owed_by_currency, (today, zone))
    yield Question(whole_tally, (grouping,))
    yield Question(whole_tally, (replace(grouping, period=grouping.period.before),))
    yield Question(tallies, (replace(grouping, by=Dimension.WEEK),))
    for by in Dimension:
        yield Question(groups_of, (replace(grouping, by=by),))
    yield Question(moved, (*ends_of(grouping), zone, None))
    for by in OF_TODAY:
        yield Question(clients_in_groups, (by, today, zone))
