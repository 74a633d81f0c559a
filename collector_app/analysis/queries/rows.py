"""The clients behind aging and roll rates, and the credits behind a vintage."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from collector_app.analysis.queries.vintages import (
    GroupOfClients,
    is_of_group,
    lent_and_late,
    months_of,
)
from collector_app.analysis.rules import MONTHS_IN_QUARTER
from collector_app.core.selection import among
from collector_app.indicators.rules import Ints, Moved
from collector_app.payments.queries import one_currency
from collector_app.portfolio.models import Client, Credit
from collector_app.portfolio.rules import AgingBucket

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A client at both ends of some days; no bucket: nothing was owed."""

    client_name: str
    client_id: int
    opening_cents: int
    bucket_before: AgingBucket | None
    invoiced_cents: int
    closing_cents: int
    bucket_after: AgingBucket | None


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A credit of a vintage; ``late_due_on``: of the first invoice that was ever a month late."""

    client_id: int
    client_name: str
    number: str
    opened_on: date
    lent_cents: int
    late_due_on: date | None


def moved_rows(session: Session, clients: Moved, places: Ints) -> list[MovedRow]:
    """Return the clients at some places, in that order, by their names of today."""
    found = clients.at(places)
    named = select(Client.id, Client.name).where(among(Client.id, [one.client_id for one in found]))
    names = {row.id: row.name for row in session.execute(named)}
    return [MovedRow(names[one.client_id], *one) for one in found if one.client_id in names]


@dataclass(frozen=True, slots=True)
class CreditsAsked:
    """The credits of a vintage: in which currency, of which quarter and, if any, of which group."""

    currency: str | None
    quarter: tuple[int, int]
    of: GroupOfClients | None = None


def credits_behind(
    session: Session,
    day: date,
    zone: ZoneInfo,
    asked: CreditsAsked,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[CreditRow]:
    """Return the credits that were opened in a quarter, the earliest first."""
    statement = _opened(session, day, zone, asked)
    return [
        CreditRow(id_, name, number, opened_on, int(cents), late)
        for id_, name, number, opened_on, cents, late in session.execute(
            statement.offset(offset).limit(limit)
        )
    ]


def count_credits_behind(session: Session, day: date, zone: ZoneInfo, asked: CreditsAsked) -> int:
    """Return how many they are."""
    return _count(session, _opened(session, day, zone, asked))


def _opened(session: Session, day: date, zone: ZoneInfo, asked: CreditsAsked) -> Rows:
    year, number = asked.quarter
    first = year * 12 + (number - 1) * MONTHS_IN_QUARTER + 1
    is_meant = and_(
        Credit.opened_on <= day,
        months_of(Credit.opened_on) >= first,
        months_of(Credit.opened_on) < first + MONTHS_IN_QUARTER,
        one_currency(session, asked.currency).holds_credit(Credit.currency),
        *(() if asked.of is None else (is_of_group(session, asked.of, day, zone),)),
    )
    credits = lent_and_late(session, day, zone, is_meant)
    return (
        select(
            Client.id,
            Client.name,
            Credit.external_id,
            Credit.opened_on,
            credits.c.lent_cents,
            credits.c.late_due_on,
        )
        .join(Credit, Credit.client_id == Client.id)
        .join(credits, credits.c.credit_id == Credit.id)
        .where(is_meant)
        .order_by(Credit.opened_on, Credit.id)
    )


def _count(session: Session, statement: Rows) -> int:
    whole = statement.order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(whole)) or 0
