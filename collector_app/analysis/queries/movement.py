"""Balances as of a day, and how they moved; a fixed number of statements whatever the size.

The creditor tells balances, not movements: between two imports only the payments received in the
field are known. A balance of before the last import is that balance plus what was paid in between,
at most the amount of the invoice; what clients paid to the creditor directly is missing from it.
Every figure is of one currency, None: the house's.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    case,
    cast,
    func,
    select,
)
from sqlalchemy.orm import Session

from collector_app.analysis.rules import Receivables, Roll
from collector_app.payments.queries import one_currency
from collector_app.payments.queries.as_of import (
    bucket_as_of,
    outstanding_as_of,
    owed_by_client,
)
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import AgingBucket


@dataclass(frozen=True, slots=True)
class AgingRow:
    """The clients whose oldest unpaid debt is that old, and all that they owe."""

    bucket: AgingBucket
    clients: int
    balance_cents: int


def aging(
    session: Session, day: date, zone: ZoneInfo, currency: str | None = None
) -> list[AgingRow]:
    """Return the balance of each bucket at the end of a day, youngest first; 0 where none is."""
    owed = owed_by_client(session, day, zone, one_currency(session, currency))
    found = session.execute(
        select(
            bucket_as_of(owed, day).label("bucket"),
            func.count(),
            cast(func.sum(owed.c.balance_cents), BigInteger),
        ).group_by("bucket")
    )
    rows = {AgingBucket(name): (clients, int(cents)) for name, clients, cents in found}
    return [AgingRow(one, *rows.get(one, (0, 0))) for one in AgingBucket]


def rolls(
    session: Session, opening: date, closing: date, zone: ZoneInfo, currency: str | None = None
) -> list[Roll]:
    """Return where the clients of each bucket at the end of a day were at the end of another."""
    money = one_currency(session, currency)
    before = owed_by_client(session, opening, zone, money)
    after = owed_by_client(session, closing, zone, money)
    origin, to = bucket_as_of(before, opening).label("origin"), bucket_as_of(after, closing)
    end = case((after.c.client_id.is_(None), None), else_=to).label("to")
    found = session.execute(
        select(origin, end, func.count(), cast(func.sum(before.c.balance_cents), BigInteger))
        .select_from(before)
        .outerjoin(after, after.c.client_id == before.c.client_id)
        .group_by("origin", "to")
    )
    return [
        Roll(AgingBucket(one), AgingBucket(other) if other else None, clients, int(cents))
        for one, other, clients, cents in found
    ]


def receivables(
    session: Session, opening: date, closing: date, zone: ZoneInfo, currency: str | None = None
) -> Receivables:
    """Return what was owed at the end of both days, and what was invoiced after the first."""
    money = one_currency(session, currency)
    invoiced = session.scalar(
        select(func.coalesce(func.sum(Invoice.amount_cents), 0))
        .join(Credit, Credit.id == Invoice.credit_id)
        .where(
            Invoice.issued_on > opening,
            Invoice.issued_on <= closing,
            money.holds_credit(Credit.currency),
        )
    )
    at_closing = outstanding_as_of(session, closing, zone, money).subquery()
    owed = at_closing.c.outstanding_cents
    closing_cents, current = session.execute(
        select(
            func.coalesce(func.sum(owed), 0),
            func.coalesce(func.sum(case((at_closing.c.due_on >= closing, owed), else_=0)), 0),
        )
    ).one()
    at_opening = outstanding_as_of(session, opening, zone, money).subquery()
    opening_cents = session.scalar(
        select(func.coalesce(func.sum(at_opening.c.outstanding_cents), 0))
    )
    return Receivables(
        (closing - opening).days,
        int(opening_cents or 0),
        int(invoiced or 0),
        int(closing_cents),
        int(current),
    )


def first_known_balance(session: Session) -> datetime | None:
    """Return when the oldest balance that is still in use was told; None in an empty cartera."""
    return session.scalar(select(func.min(Invoice.balance_at)))
