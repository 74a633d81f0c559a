"""The rows of what clients owe, today and at both ends of a period."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.queries.moved import moved
from collector_app.indicators.queries.movement import ends_of
from collector_app.indicators.queries.rows.behind import BehindRow, Part, names_of, page_of
from collector_app.payments.queries import (
    one_currency,
    unpaid_by_client,
)
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import days_past_due


def clients(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return what each client owes today."""
    today, money = clock.today(grouping.zone), one_currency(session, grouping.currency)
    owed = unpaid_by_client(session, today, grouping.zone, money=money).subquery()
    statement = (
        select(
            owed.c.client_id,
            Client.name,
            owed.c.balance_cents,
            owed.c.overdue_cents,
            owed.c.oldest_due_on,
            owed.c.currency,
        )
        .join(Client, Client.id == owed.c.client_id)
        .order_by(owed.c.oldest_due_on, owed.c.client_id)
    )
    if group is not None:
        statement = statement.where(grouping.group_of_debtor(owed.c.client_id) == group)
    count, found = page_of(session, statement, part, is_heavy=True)
    return count, [
        BehindRow(
            client_id,
            name,
            amount_cents=int(balance),
            overdue_cents=int(overdue),
            days_past_due=days_past_due(oldest, today),
            currency=currency,
        )
        for client_id, name, balance, overdue, oldest, currency in found
    ]


def movements(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return what each client owed at both ends of the period, and was invoiced in it."""
    clients = part.moved or moved(session, *ends_of(grouping), grouping.zone, grouping.currency)
    places = clients.every()
    if group is not None:
        owing = select(Client.id).where(grouping.group_of_debtor(Client.id) == group)
        places = clients.among(session.scalars(owing).all())
    last = None if part.limit is None else part.offset + part.limit
    found = clients.at(places[part.offset : last])
    names = names_of(session, Client.id, Client.name, [one.client_id for one in found])
    code = one_currency(session, grouping.currency).code
    return len(places), [
        BehindRow(
            one.client_id,
            names.get(one.client_id),
            amount_cents=one.opening_cents,
            bucket_before=one.bucket_before,
            invoiced_cents=one.invoiced_cents,
            closing_cents=one.closing_cents,
            bucket_after=one.bucket_after,
            currency=code,
        )
        for one in found
    ]
