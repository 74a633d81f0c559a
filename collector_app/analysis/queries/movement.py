"""Balances as of a day, and how they moved; a fixed number of statements whatever the size.

The creditor tells balances, not movements: between two imports only the payments received in the
field are known. A balance of before the last import is that balance plus what was paid in between,
at most the amount of the invoice; what clients paid to the creditor directly is missing from it.
Every figure is of one currency, None: the house's.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    select,
)
from sqlalchemy.orm import Session

from collector_app.analysis.rules import Receivables, Roll, VintageCell
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.payments.agreed import settled_on
from collector_app.payments.models import Payment
from collector_app.payments.movements import ledgers_of
from collector_app.payments.queries import one_currency
from collector_app.payments.queries.as_of import (
    bucket_as_of,
    held,
    outstanding_as_of,
    owed_by_client,
    settled_around,
)
from collector_app.portfolio.models import Credit, Invoice
from collector_app.portfolio.rules import AgingBucket

LATE_DAYS = 30  # "30+": a vintage counts what was ever later than this
_DAY_S = 86_400


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


def vintage_cells(
    session: Session, day: date, zone: ZoneInfo, currency: str | None = None
) -> list[VintageCell]:
    """Return the money lent by opening month and by the age at which it was first a month late.

    A credit whose first unpaid invoice fell due in its third month was late at age four: its month
    of grace ends in the next. Credits without an opening day are left out. What a kept agreement
    let go of in time was never late; of who kept one, each movement is followed.
    """
    credits = lent_and_late(session, day, zone)
    opened_months = months_of(Credit.opened_on)
    age = months_of(credits.c.late_due_on) - opened_months + 1
    found = session.execute(
        select(
            opened_months.label("opened"),
            age.label("age"),
            func.count(),
            cast(func.sum(credits.c.lent_cents), BigInteger),
        )
        .join(credits, credits.c.credit_id == Credit.id)
        .where(
            Credit.opened_on.is_not(None),
            Credit.opened_on <= day,
            one_currency(session, currency).holds_credit(Credit.currency),
        )
        .group_by("opened", "age")
    )
    return [
        VintageCell(
            ((months - 1) // 12, (months - 1) % 12 + 1),
            None if late is None else max(0, int(late)),
            count,
            int(cents),
        )
        for months, late, count, cents in found
    ]


def lent_and_late(session: Session, day: date, zone: ZoneInfo) -> Subquery:
    """Return of each credit what was lent and, where it was ever a month late, of which due day."""
    midnight_s = int(clock.local_midnight(day, zone).timestamp()) % _DAY_S  # in UTC
    late_at: ColumnElement[int] = (
        cast(extract("epoch", Invoice.due_on), BigInteger) + (LATE_DAYS + 1) * _DAY_S + midnight_s
    )
    paid_at = cast(extract("epoch", Payment.received_at), BigInteger)
    settled = settled_around(paid_at <= late_at, paid_at > late_at)
    invoices = (
        select(
            Invoice.credit_id,
            Invoice.due_on,
            Invoice.amount_cents,
            _was_late(session, held(settled) > 0, day, zone).label("was_late"),
        )
        .join(Credit, Credit.id == Invoice.credit_id)
        .outerjoin(settled, settled.c.invoice_id == Invoice.id)
        .subquery()
    )
    is_late = and_(invoices.c.was_late, invoices.c.due_on < day - timedelta(days=LATE_DAYS))
    return (
        select(
            invoices.c.credit_id,
            func.sum(invoices.c.amount_cents).label("lent_cents"),
            func.min(case((is_late, invoices.c.due_on))).label("late_due_on"),
        )
        .group_by(invoices.c.credit_id)
        .subquery()
    )


def _was_late(
    session: Session, others: ColumnElement[bool], day: date, zone: ZoneInfo
) -> ColumnElement[bool]:
    """Return whether anything of an invoice was owed when its month of grace ended.

    Parameters
    ----------
    others : column
        That of the clients who kept no agreement that settles their debt.
    """
    settled = settled_on(session, day, zone)
    if not settled:
        return others
    late = [
        line.invoice_id
        for ledger in ledgers_of(session, settled, zone).values()
        for line in ledger.lines
        if ledger.owed_on(line.due_on + timedelta(days=LATE_DAYS)).get(line.invoice_id, 0) > 0
    ]
    return case((among(Credit.client_id, settled), among(Invoice.id, late)), else_=others)


def first_known_balance(session: Session) -> datetime | None:
    """Return when the oldest balance that is still in use was told; None in an empty cartera."""
    return session.scalar(select(func.min(Invoice.balance_at)))


def months_of(day: Any) -> ColumnElement[int]:
    """Return the months of a date since year 0, so that January of year 1 is 13."""
    months: ColumnElement[int] = cast(extract("year", day), Integer) * 12 + cast(
        extract("month", day), Integer
    )
    return months
