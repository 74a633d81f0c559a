"""Promises and payments of a day, as they come: at a door, by phone, at the desk, from a file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.payments.models import Payment
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.models import Client
from collector_app.promises.models import Promise


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A promise (``due_on``) or a payment (``method``); without a collector it came to the office.

    ``visit_id`` is that of the visit in which it was born.
    """

    at: datetime
    client_id: int
    client_name: str
    collector_id: int | None
    collector_name: str | None
    visit_id: int | None
    amount_cents: int
    due_on: date | None = None
    method: PaymentMethod | None = None


@dataclass(frozen=True, slots=True)
class DayMoney:
    """The same, by visit and by collector."""

    promised: dict[int, tuple[int, date]]
    paid: dict[int, int]
    promises_of: dict[int, list[int]]
    paid_of: dict[int, int]


def money_rows(session: Session, start: datetime, end: datetime) -> list[MoneyRow]:
    """Return what was promised and paid from an instant to another, newest first."""
    promised = session.execute(
        select(Promise, Client.name, User.full_name)
        .join(Client, Client.id == Promise.client_id)
        .outerjoin(User, User.id == Promise.collector_id)
        .where(Promise.made_at >= start, Promise.made_at < end, Promise.cancelled_at.is_(None))
    )
    paid = session.execute(
        select(Payment, Client.name, User.full_name)
        .join(Client, Client.id == Payment.client_id)
        .outerjoin(User, User.id == Payment.collector_id)
        .where(
            Payment.received_at >= start, Payment.received_at < end, Payment.annulled_at.is_(None)
        )
    )
    rows = [
        *(_row(one, one.made_at, *names, due_on=one.due_on) for one, *names in promised),
        *(_row(one, one.received_at, *names, method=one.method) for one, *names in paid),
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def day_money(rows: Iterable[MoneyRow]) -> DayMoney:
    """Return the money of a day by visit and by collector."""
    promised: dict[int, tuple[int, date]] = {}
    promises_of: defaultdict[int, list[int]] = defaultdict(list)
    paid: defaultdict[int, int] = defaultdict(int)
    paid_of: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        if row.due_on is not None:
            promises_of[row.collector_id or 0].append(row.amount_cents)
            if row.visit_id is not None:
                promised[row.visit_id] = (row.amount_cents, row.due_on)
        else:
            paid_of[row.collector_id or 0] += row.amount_cents
            if row.visit_id is not None:
                paid[row.visit_id] += row.amount_cents
    return DayMoney(promised, dict(paid), dict(promises_of), dict(paid_of))


def _row(
    fact: Promise | Payment,
    at: datetime,
    client_name: str,
    collector_name: str | None,
    *,
    due_on: date | None = None,
    method: PaymentMethod | None = None,
) -> MoneyRow:
    return MoneyRow(
        at=at,
        client_id=fact.client_id,
        client_name=client_name,
        collector_id=fact.collector_id,
        collector_name=collector_name,
        visit_id=fact.visit_id,
        amount_cents=fact.amount_cents,
        due_on=due_on,
        method=method,
    )
