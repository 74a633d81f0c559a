"""Money lent by when it was lent, and by the age at which it was first a month late."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple
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
    true,
)
from sqlalchemy.orm import Session

from collector_app.analysis.rules import VintageCell
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.indicators.queries import ALL, Grouping, place
from collector_app.indicators.rules import Dimension, Period
from collector_app.payments.agreed import settled_on
from collector_app.payments.models import Payment
from collector_app.payments.movements import ledgers_of
from collector_app.payments.queries import one_currency
from collector_app.payments.queries.as_of import held, settled_around
from collector_app.portfolio.models import Credit, Invoice

LATE_DAYS = 30  # "30+": a vintage counts what was ever later than this
_DAY_S = 86_400
_GROUP = "in_group"


class GroupOfClients(NamedTuple):
    """The clients of a zone or a segment, as they stand on the day that is asked for."""

    by: Dimension
    group: int


def vintage_cells(
    session: Session, day: date, zone: ZoneInfo, currency: str | None = None
) -> list[VintageCell]:
    """Return the money lent by opening month and by the age at which it was first a month late.

    A credit whose first unpaid invoice fell due in its third month was late at age four: its month
    of grace ends in the next. Credits without an opening day are left out. What a kept agreement
    let go of in time was never late; of who kept one, each movement is followed.
    """
    return _cells(session, day, zone, currency, None).get(ALL, [])


def vintage_groups(
    session: Session, day: date, zone: ZoneInfo, currency: str | None, by: Dimension
) -> dict[int, list[VintageCell]]:
    """Return the same for each zone or segment; who owes nothing any more is in no segment."""
    return _cells(session, day, zone, currency, by)


def is_of_group(
    session: Session, of: GroupOfClients, day: date, zone: ZoneInfo
) -> ColumnElement[bool]:
    """Return the condition that a credit is of a client of a zone or segment."""
    grouping = place(session, Grouping(Period(day, day), zone, of.by))
    return grouping.group_of_debtor(Credit.client_id) == of.group


def _cells(
    session: Session, day: date, zone: ZoneInfo, currency: str | None, by: Dimension | None
) -> dict[int, list[VintageCell]]:
    credits = lent_and_late(session, day, zone)
    opened_months = months_of(Credit.opened_on)
    age = months_of(credits.c.late_due_on) - opened_months + 1
    grouping = place(session, Grouping(Period(day, day), zone, by))
    rows = session.execute(
        select(
            grouping.group_of_debtor(Credit.client_id).label(_GROUP),
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
        .group_by(_GROUP, "opened", "age")
    )
    found: defaultdict[int, list[VintageCell]] = defaultdict(list)
    for group, months, late, count, cents in rows:
        opened = ((months - 1) // 12, (months - 1) % 12 + 1)
        age_months = None if late is None else max(0, int(late))
        found[int(group)].append(VintageCell(opened, age_months, count, int(cents)))
    return dict(found)


def lent_and_late(
    session: Session, day: date, zone: ZoneInfo, only: ColumnElement[bool] | None = None
) -> Subquery:
    """Return of each credit what was lent and, where it was ever a month late, of which due day.

    Parameters
    ----------
    only : condition on `Credit`, optional
        Which credits are asked for.
    """
    is_meant = true() if only is None else Invoice.credit_id.in_(select(Credit.id).where(only))
    midnight_s = int(clock.local_midnight(day, zone).timestamp()) % _DAY_S  # in UTC
    late_at: ColumnElement[int] = (
        cast(extract("epoch", Invoice.due_on), BigInteger) + (LATE_DAYS + 1) * _DAY_S + midnight_s
    )
    paid_at = cast(extract("epoch", Payment.received_at), BigInteger)
    settled = settled_around(paid_at <= late_at, paid_at > late_at, is_meant)
    invoices = (
        select(
            Invoice.credit_id,
            Invoice.due_on,
            Invoice.amount_cents,
            _was_late(session, held(settled) > 0, day, zone).label("was_late"),
        )
        .join(Credit, Credit.id == Invoice.credit_id)
        .outerjoin(settled, settled.c.invoice_id == Invoice.id)
        .where(is_meant)
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


def months_of(day: Any) -> ColumnElement[int]:
    """Return the months of a date since year 0, so that January of year 1 is 13."""
    months: ColumnElement[int] = cast(extract("year", day), Integer) * 12 + cast(
        extract("month", day), Integer
    )
    return months
