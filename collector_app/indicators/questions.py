"""What the pages of indicators ask of the whole cartera: as usual, and of what somebody chose."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.figures.keeping import kept
from collector_app.figures.rules import Chosen, Question
from collector_app.indicators.queries import (
    OF_TODAY,
    Grouping,
    Groups,
    clients_in_groups,
    ends_of,
    groups_of,
    moved,
    placed,
    tallies,
    whole_tally,
)
from collector_app.indicators.rules import Dimension, Section, usual_period
from collector_app.payments.queries import currencies, owed_by_currency

# Of all debtors, however short the period is.
_WHATEVER_THE_PERIOD = frozenset({None, Section.MOVEMENT, Section.PORTFOLIO})


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


def questions_of_overview(grouping: Grouping) -> tuple[Question, Question, Question]:
    """Return what the overview asks: the period, the one before, and its weeks."""
    before = replace(grouping, period=grouping.period.before)
    by_week = replace(grouping, by=Dimension.WEEK)
    return (
        Question(whole_tally, (grouping,)),
        Question(whole_tally, (before,)),
        Question(tallies, (by_week,)),
    )


def questions_of_detail(grouping: Grouping, section: Section) -> tuple[Question, Question]:
    """Return what the page of an indicator asks: the groups, and the whole.

    Of a period that somebody chose only what the section needs is added up.
    """
    whole = replace(grouping, by=None)
    if is_usual(grouping):
        return Question(groups_of, (grouping,)), Question(whole_tally, (whole,))
    return (
        Question(groups_of_section, (grouping, section)),
        Question(whole_tally, (whole, section)),
    )


def is_usual(grouping: Grouping) -> bool:
    """Tell whether the worker keeps the counts of a period unasked."""
    usual = usual_period(clock.today(grouping.zone))
    return grouping.period == usual and grouping.currency is None


def as_chosen(question: Question) -> Chosen:
    """Return one of the questions above with the usual one that is most like it."""
    grouping, *rest = question.asked
    section = rest[0] if rest else None
    usual = usual_period(clock.today(grouping.zone))
    read = groups_of if question.read is groups_of_section else question.read
    like = Question(read, (replace(grouping, period=usual, currency=None),))
    times = grouping.period.days / usual.days
    return Chosen(question, like, max(1.0, times) if section in _WHATEVER_THE_PERIOD else times)


def groups_of_section(session: Session, grouping: Grouping, section: Section) -> Groups:
    """Return the counts of each group that one section needs.

    Where each client stands today is the same for all periods, so it is found out once.
    """
    return groups_of(session, with_clients(grouping), section)


def with_clients(grouping: Grouping) -> Grouping:
    """Return a grouping by stage or segment with the clients that the page of groups counted."""
    if grouping.by not in OF_TODAY:
        return grouping
    today, zone = clock.today(grouping.zone), grouping.zone
    return placed(grouping, kept(clients_in_groups, grouping.by, today, zone))


# What people may have added up of a period that they chose, by name.
CHOSEN: dict[str, Callable[..., Any]] = {
    Question(read).name: read for read in (whole_tally, tallies, groups_of_section)
}
