"""How far collectors went from visit to visit, and whom they met first."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    cast,
    exists,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from collector_app.indicators.queries.counting import GROUP, Tallies, made_visit, named
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.rules import Count
from collector_app.portfolio.models import Client
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.visits.rules import Outcome, distance_m

DAY_S = 86_400


def rides(session: Session, grouping: Grouping) -> Tallies:
    """Add up straight lines between visits that a collector made one after the other in a day.

    Of visits whose phone knew its place; the way out in the morning and home are not among them.
    """
    day = grouping.day_of(Visit.started_at).label("day")
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day).label(GROUP)
    places: Iterable[Any] = session.execute(
        select(group, Visit.collector_id, day, Visit.lat, Visit.lon)
        .where(
            grouping.holds(Visit.started_at),
            made_visit(),
            Visit.lat.is_not(None),
            Visit.lon.is_not(None),
        )
        .order_by(Visit.collector_id, Visit.started_at, Visit.id)
    )
    found: Tallies = defaultdict(Counter)
    for before, here in pairwise(places):
        if (before.collector_id, before.day) == (here.collector_id, here.day):
            tally = found[int(here.in_group)]
            tally[Count.RIDES] += 1
            metres = distance_m(before.lat, before.lon, here.lat, here.lon)
            tally[Count.RIDDEN_M] += metres
            tally[Count.RIDDEN_SQUARES] += metres**2
    return found


def first_contacts(session: Session, grouping: Grouping) -> Tallies:
    """Count the clients who were met for the first time ever, and the days that they waited."""
    first = first_contact(grouping).subquery()
    day = grouping.day_of(first.c.at)
    group = grouping.group_of(first.c.collector_id, first.c.client_id, day).label(GROUP)
    waited = waited_days(first)
    rows = session.execute(
        select(
            group,
            func.count(),
            cast(func.sum(waited), BigInteger),
            cast(func.sum(waited * waited), BigInteger),
        )
        .select_from(first)
        .join(Client, Client.id == first.c.client_id)
        .where(first.c.at >= Client.created_at)
        .group_by(GROUP)
    )
    return named(rows, (Count.FIRST_CONTACTS, Count.WAITED_DAYS, Count.WAITED_SQUARES))


def first_contact(grouping: Grouping) -> Select[int, int, Any]:
    """Select the contacts of the period before which there was none: client, collector, instant.

    For each contact of the period an index is asked for an earlier one: to number all contacts that
    there ever were takes as long as there are visits.
    """
    before = aliased(Visit)
    is_earlier = or_(
        before.started_at < Visit.started_at,
        and_(before.started_at == Visit.started_at, before.id < Visit.id),
    )
    earlier = exists().where(
        before.client_id == Visit.client_id,
        is_earlier,
        before.outcome != Outcome.NOT_VISITED,
        contact_condition(before),
    )
    return select(Visit.client_id, Visit.collector_id, Visit.started_at.label("at")).where(
        grouping.holds(Visit.started_at), made_visit(), contact_condition(), ~earlier
    )


def waited_days(first: Subquery) -> ColumnElement[int]:
    """Return whole days from when a client came into the cartera to their first contact."""
    days: ColumnElement[int] = (_epoch(first.c.at) - _epoch(Client.created_at)) // DAY_S
    return days


def _epoch(instant: Any) -> ColumnElement[int]:
    return cast(extract("epoch", instant), BigInteger)
