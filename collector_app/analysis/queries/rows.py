"""The clients behind aging and roll rates, and the credits behind a vintage."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from collector_app.analysis.queries.vintages import (
    GroupOfClients,
    is_of_group,
    lent_and_late,
    months_of,
)
from collector_app.analysis.rules import MONTHS_IN_QUARTER
from collector_app.indicators.queries import bucket_at, moved_clients
from collector_app.payments.queries import one_currency
from collector_app.portfolio.models import Client, Credit
from collector_app.portfolio.rules import AgingBucket

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A client at both ends of some days; no bucket: nothing was owed."""

    client_id: int
    client_name: str
    opening_cents: int
    bucket_before: AgingBucket | None
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


@dataclass(frozen=True, slots=True)
class Ends:
    """Between which days clients are followed, and which of them are meant."""

    opening: date
    closing: date
    origin: AgingBucket | None = None
    to: AgingBucket | None = None
    is_paid_up: bool = False


def clients_behind(
    session: Session,
    ends: Ends,
    zone: ZoneInfo,
    currency: str | None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[MovedRow]:
    """Return the clients who went from one bucket to another, most money first."""
    found = session.execute(_moved(session, ends, zone, currency).offset(offset).limit(limit))
    return [
        MovedRow(id_, name, int(owed or 0), bucket_at(was), int(left or 0), bucket_at(now))
        for id_, name, owed, was, _invoiced, left, now in found
    ]


def count_clients_behind(session: Session, ends: Ends, zone: ZoneInfo, currency: str | None) -> int:
    """Return how many they are."""
    return _count(session, _moved(session, ends, zone, currency))


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


def _moved(session: Session, ends: Ends, zone: ZoneInfo, currency: str | None) -> Rows:
    return moved_clients(
        session,
        ends.opening,
        ends.closing,
        zone,
        one_currency(session, currency),
        origin=ends.origin,
        to=ends.to,
        is_paid_up=ends.is_paid_up,
    )


def _opened(session: Session, day: date, zone: ZoneInfo, asked: CreditsAsked) -> Rows:
    credits = lent_and_late(session, day, zone)
    year, number = asked.quarter
    first = year * 12 + (number - 1) * MONTHS_IN_QUARTER + 1
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
        .where(
            Credit.opened_on <= day,
            months_of(Credit.opened_on) >= first,
            months_of(Credit.opened_on) < first + MONTHS_IN_QUARTER,
            one_currency(session, asked.currency).holds_credit(Credit.currency),
            *(() if asked.of is None else (is_of_group(session, asked.of, day, zone),)),
        )
        .order_by(Credit.opened_on, Credit.id)
    )


def _count(session: Session, statement: Rows) -> int:
    whole = statement.order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(whole)) or 0
