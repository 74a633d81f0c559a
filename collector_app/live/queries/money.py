"""Promises and payments of a day, as they come: at a door, by phone, at the desk, from a file."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.money import USUAL_CURRENCY, Sums
from collector_app.payments.models import Payment
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.models import Client
from collector_app.portfolio.queries import currency_of
from collector_app.promises.models import Promise


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A promise (``due_on``) or a payment (``method``); without a collector it came to the office.

    ``visit_id`` is that of the visit in which it was born; the currency is that of the client's
    latest credit.
    """

    at: datetime
    client_id: int
    client_name: str
    collector_id: int | None
    collector_name: str | None
    visit_id: int | None
    amount_cents: int
    currency: str
    due_on: date | None = None
    method: PaymentMethod | None = None


@dataclass(frozen=True, slots=True)
class DayMoney:
    """The same, by visit and by collector, with the currency of each visit's money."""

    promised: dict[int, tuple[int, date]]
    paid: dict[int, int]
    currency: dict[int, str]
    promise_count: Mapping[int, int]
    promised_by: Mapping[int, Sums]
    paid_by: Mapping[int, Sums]


def money_rows(session: Session, start: datetime, end: datetime) -> list[MoneyRow]:
    """Return what was promised and paid from an instant to another, newest first."""
    currency = currency_of(Client.id)
    promised = session.execute(
        select(Promise, Client.name, User.full_name, currency)
        .join(Client, Client.id == Promise.client_id)
        .outerjoin(User, User.id == Promise.collector_id)
        .where(Promise.made_at >= start, Promise.made_at < end, Promise.cancelled_at.is_(None))
    )
    paid = session.execute(
        select(Payment, Client.name, User.full_name, currency)
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
    promise_count: Counter[int] = Counter()
    promised_by: defaultdict[int, Counter[str]] = defaultdict(Counter)
    paid: defaultdict[int, int] = defaultdict(int)
    paid_by: defaultdict[int, Counter[str]] = defaultdict(Counter)
    currency: dict[int, str] = {}
    for row in rows:
        who, visit_id = row.collector_id or 0, row.visit_id
        if visit_id is not None:
            currency[visit_id] = row.currency
        if row.due_on is not None:
            promise_count[who] += 1
            promised_by[who][row.currency] += row.amount_cents
            if visit_id is not None:
                promised[visit_id] = (row.amount_cents, row.due_on)
        else:
            paid_by[who][row.currency] += row.amount_cents
            if visit_id is not None:
                paid[visit_id] += row.amount_cents
    return DayMoney(promised, dict(paid), currency, promise_count, promised_by, paid_by)


def _row(
    fact: Promise | Payment,
    at: datetime,
    client_name: str,
    collector_name: str | None,
    currency: str | None,
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
        currency=currency or USUAL_CURRENCY,
        due_on=due_on,
        method=method,
    )
