"""Costs that hold, and everything that was ever told."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.costs.models import CostRate
from collector_app.costs.rules import CostKind, Rate, Rates


@dataclass(frozen=True, slots=True)
class CostRow:
    """A cost as it was told; without a collector it is that of all."""

    kind: CostKind
    collector_name: str | None
    amount: int | None
    currency: str
    from_on: date
    set_by: str | None
    set_at: datetime
    is_in_force: bool


def rates_of(session: Session, currency: str) -> Rates:
    """Return every rate of a currency."""
    found = session.scalars(
        select(CostRate).where(CostRate.currency == currency).order_by(CostRate.id)
    )
    return Rates(Rate(one.kind, one.collector_id, one.amount, one.from_on) for one in found)


def costs_since(session: Session, currency: str) -> date | None:
    """Return the day from which on any cost of a currency is known; None when none was told."""
    return session.scalar(select(func.min(CostRate.from_on)).where(CostRate.currency == currency))


def last_told(
    session: Session, kind: CostKind, collector_id: int | None, currency: str, from_on: date
) -> CostRate | None:
    """Return what was last told of a cost from that very day on; None when nothing was."""
    return session.scalar(
        select(CostRate)
        .where(
            CostRate.kind == kind,
            CostRate.collector_id.is_not_distinct_from(collector_id),
            CostRate.currency == currency,
            CostRate.from_on == from_on,
        )
        .order_by(CostRate.id.desc())
        .limit(1)
    )


def costs_told(session: Session, today: date) -> list[CostRow]:
    """Return every cost that was told, by kind, those of all first, the latest day first."""
    author = aliased(User)
    found = session.execute(
        select(CostRate, User.full_name, author.full_name)
        .outerjoin(User, User.id == CostRate.collector_id)
        .outerjoin(author, author.id == CostRate.set_by)
        .order_by(CostRate.from_on.desc(), CostRate.id.desc())
    )
    rows, begun = [], set()
    for one, name, set_by in found:
        subject = (one.kind, one.collector_id, one.currency)
        is_in_force = one.from_on <= today and subject not in begun
        if is_in_force:
            begun.add(subject)
        rows.append(
            CostRow(
                one.kind,
                name,
                one.amount,
                one.currency,
                one.from_on,
                set_by,
                one.set_at,
                is_in_force,
            )
        )
    kinds = list(CostKind)
    return sorted(rows, key=lambda row: (kinds.index(row.kind), row.collector_name or ""))
