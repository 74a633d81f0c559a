"""Promises: those that were made at visits, and those whose days are over."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.indicators.queries.counting import (
    GROUP,
    Tallies,
    made_visit,
    named,
    tell_spread,
)
from collector_app.indicators.queries.grouping import ALL, NOBODY, Grouping
from collector_app.indicators.queries.placing import places
from collector_app.indicators.rules import Count, Dimension, Indicator, Moments
from collector_app.payments.queries import OneCurrency, PromiseRow, promise_states
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromisePolicy, PromiseState, last_day
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.zones.queries import zone_of_client


class OverPromise(NamedTuple):
    """Which promise had its last day, of which group, and whether its money is of the currency."""

    id: int
    client_id: int
    due_on: date
    group: int
    is_of_currency: bool


class SettledPromise(NamedTuple):
    """A promise whose days are over, its group, and whether its money is of the currency asked."""

    group: int
    promise: PromiseRow
    is_of_currency: bool


def promises_made(session: Session, grouping: Grouping) -> Tallies:
    """Count the contacts at which a promise was made."""
    day = grouping.day_of(Visit.started_at)
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day).label(GROUP)
    rows = session.execute(
        select(group, func.count(Visit.id.distinct()))
        .join(Promise, Promise.visit_id == Visit.id)
        .where(
            grouping.holds(Visit.started_at), made_visit(), contact_condition(), _not_cancelled()
        )
        .group_by(GROUP)
    )
    return named(rows, (Count.PROMISES,))


def promises_due(session: Session, grouping: Grouping, money: OneCurrency) -> Tallies:
    """Count the promises that were kept, in part or not at all, and add up their money."""
    found: Tallies = defaultdict(Counter)
    pairs: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for group, promise, is_of_currency in settled_promises(session, grouping, money):
        found[group].update(
            {
                Count.DUE: 1,
                Count.KEPT: int(promise.state is PromiseState.KEPT),
                Count.PARTIAL: int(promise.state is PromiseState.PARTIAL),
                Count.BROKEN: int(promise.state is PromiseState.BROKEN),
                Count.DUE_CENTS: promise.amount_cents if is_of_currency else 0,
                Count.KEPT_CENTS: promise.paid_cents if is_of_currency else 0,
            }
        )
        if is_of_currency:
            pairs[group].append((promise.paid_cents, promise.amount_cents))
    for group, tally in found.items():
        tell_spread(tally, Indicator.KEPT_AMOUNT_RATE, Moments.of_pairs(pairs[group]))
    return found


def settled_promises(
    session: Session, grouping: Grouping, money: OneCurrency
) -> Iterator[SettledPromise]:
    """Yield the promises due in the period whose days of grace are over, each with its group."""
    over = list(over_promises(session, grouping, money))
    standing = standing_of(session, grouping, {one.client_id for one in over})
    for one in over:
        yield SettledPromise(one.group, standing[one.id], one.is_of_currency)


def over_promises(
    session: Session, grouping: Grouping, money: OneCurrency
) -> Iterator[OverPromise]:
    """Yield the same promises, without asking how they stand, which takes most of the time."""
    period, policy = grouping.period, PromisePolicy()
    today = clock.today(grouping.zone)
    due = session.execute(
        select(
            Promise.id,
            Promise.client_id,
            Promise.collector_id,
            Promise.due_on,
            money.holds_client(Promise.client_id).label("is_of_currency"),
        ).where(Promise.due_on >= period.from_on, Promise.due_on <= period.to_on, _not_cancelled())
    ).all()
    zones = zone_of_client(session, period.to_on) if grouping.by is Dimension.ZONE else {}
    standing_in = places(grouping)
    for row in due:
        if today <= last_day(row.due_on, policy):
            continue  # more money may still come for it
        group = {
            None: ALL,
            Dimension.COLLECTOR: row.collector_id or NOBODY,
            Dimension.ZONE: zones.get(row.client_id, NOBODY),
            Dimension.STAGE: standing_in.get(row.client_id, NOBODY),
            Dimension.SEGMENT: standing_in.get(row.client_id, NOBODY),
            Dimension.WEEK: grouping.week_of(row.due_on),
        }[grouping.by]
        yield OverPromise(row.id, row.client_id, row.due_on, group, bool(row.is_of_currency))


def standing_of(
    session: Session, grouping: Grouping, client_ids: Collection[int]
) -> dict[int, PromiseRow]:
    """Return how the promises of some clients stand today, by their ids."""
    today, policy = clock.today(grouping.zone), PromisePolicy()
    states = promise_states(session, today, client_ids, zone=grouping.zone, policy=policy)
    return {one.id: one for rows in states.values() for one in rows}


def _not_cancelled() -> ColumnElement[bool]:
    return Promise.cancelled_at.is_(None)
