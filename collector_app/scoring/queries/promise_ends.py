"""How the promises of half a year ended: what the keeping of the next is learned from."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.payments.models import Payment
from collector_app.promises.models import Promise
from collector_app.promises.rules import (
    PromisePolicy,
    PromiseState,
    PromiseTerms,
    Receipt,
    last_day,
    paid_shares,
    promise_state,
)
from collector_app.scoring.queries.asked import Asked, is_money
from routing.scoring import PromiseEnd


def promises_told(session: Session, asked: Asked) -> dict[int, list[PromiseTerms]]:
    """Return the promises made in half a year before the moment, by client."""
    found = session.execute(
        select(
            Promise.client_id,
            Promise.id,
            Promise.amount_cents,
            Promise.due_on,
            Promise.made_at,
            Promise.cancelled_at,
        )
        .where(
            Promise.made_at >= asked.since,
            Promise.made_at < asked.before,
            asked.of(Promise.client_id),
        )
        .order_by(Promise.made_at, Promise.id)
    )
    by_client: defaultdict[int, list[PromiseTerms]] = defaultdict(list)
    for client, number, cents, due_on, made_at, cancelled_at in found:
        is_cancelled = cancelled_at is not None and cancelled_at < asked.before
        by_client[client].append(PromiseTerms(number, cents, due_on, made_at, is_cancelled))
    return by_client


def receipts_of(session: Session, asked: Asked) -> dict[int, list[Receipt]]:
    """Return the money, known before the moment, of the clients who promised something."""
    found = session.execute(
        select(Payment.client_id, Payment.received_at, Payment.amount_cents).where(
            is_money(asked), Payment.client_id.in_(select(Promise.client_id))
        )
    )
    by_client: defaultdict[int, list[Receipt]] = defaultdict(list)
    for client, at, cents in found:
        by_client[client].append(Receipt(at, at.astimezone(asked.zone).date(), cents))
    return by_client


def ends_of(
    asked: Asked,
    promises: Mapping[int, list[PromiseTerms]],
    receipts: Mapping[int, list[Receipt]],
    ages: Mapping[int, int],
) -> tuple[PromiseEnd, ...]:
    """Return the promises whose last day of grace is over, and how far each was kept.

    Those kept early wait for their day as well: counting them at once would count the good ones
    first.
    """
    policy = PromisePolicy()
    ends = []
    for client, terms in promises.items():
        paid = paid_shares(terms, receipts.get(client, []), policy)
        for one in terms:
            if not one.is_cancelled and last_day(one.due_on, policy) < asked.today:
                state = promise_state(one, paid[one.id], asked.today, policy)
                share = 1.0 if state is PromiseState.KEPT else paid[one.id] / one.amount_cents
                age = max(0, ages.get(client, 0) - (asked.today - one.due_on).days)
                made_on = one.made_at.astimezone(asked.zone).date()
                broken = _broken_by(made_on, terms, paid, policy)
                ends.append(PromiseEnd(client, age, share, broken))
    return tuple(ends)


def _broken_by(
    day: date, terms: list[PromiseTerms], paid: Mapping[int, int], policy: PromisePolicy
) -> int:
    """Return how many promises of a client had been broken when the day began.

    What was paid after it counts as well: a promise that was kept very late is not told apart.
    """
    return sum(
        not one.is_cancelled
        and last_day(one.due_on, policy) < day
        and promise_state(one, paid[one.id], day, policy) is PromiseState.BROKEN
        for one in terms
    )
