"""Files of payments, our payments that no file has confirmed, and who clients are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.money import Sums, summed
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.payments.queries import payment_currency
from collector_app.portfolio.models import Client, Credit
from collector_app.reconciliation.models import PaymentFile, PaymentFileLine
from collector_app.reconciliation.rules import MOST_DAYS_APART, Movement, OwnPayment, number_keys

NUMBERS_AT_ONCE = 10_000  # SQLite binds at most 32,766 values


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of payments and what came of it."""

    id: int
    file_name: str
    file_sha256: str
    uploaded_at: datetime
    uploaded_by: str | None
    applied_at: datetime | None
    matched: int
    recorded: int
    recorded_sums: Sums


def files(session: Session, file_id: int | None = None, limit: int = 30) -> list[FileRow]:
    """Return files of payments, the latest first, or one of them."""
    recorded = func.count(PaymentFileLine.id).filter(PaymentFileLine.is_new)
    found = session.execute(
        select(
            PaymentFile,
            User.full_name,
            func.count(PaymentFileLine.id),
            recorded,
        )
        .outerjoin(User, User.id == PaymentFile.uploaded_by)
        .outerjoin(PaymentFileLine, PaymentFileLine.file_id == PaymentFile.id)
        .where(among(PaymentFile.id, None if file_id is None else [file_id]))
        .group_by(PaymentFile.id, User.full_name)
        .order_by(PaymentFile.id.desc())
        .limit(limit)
    ).all()
    sums = _recorded_sums(session, [one.id for one, *_rest in found])
    return [
        FileRow(
            one.id,
            one.file_name,
            one.file_sha256,
            one.uploaded_at,
            name,
            one.applied_at,
            matched=lines - new,
            recorded=new,
            recorded_sums=summed(sums.get(one.id, ())),
        )
        for one, name, lines, new in found
    ]


def _recorded_sums(
    session: Session, file_ids: Collection[int]
) -> Mapping[int, list[tuple[str, int]]]:
    """Return the money that was recorded from files and still stands, currency by currency."""
    each = (
        select(
            PaymentFileLine.file_id,
            payment_currency().label("currency"),
            Payment.amount_cents,
        )
        .join(Payment, Payment.id == PaymentFileLine.payment_id)
        .where(
            PaymentFileLine.file_id.in_(file_ids),
            PaymentFileLine.is_new,
            Payment.annulled_at.is_(None),
        )
        .subquery()
    )
    found = session.execute(
        select(each.c.file_id, each.c.currency, func.sum(each.c.amount_cents)).group_by(
            each.c.file_id, each.c.currency
        )
    )
    sums: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for file_id, currency, cents in found:
        sums[file_id].append((currency, int(cents)))
    return sums


def clients_of(session: Session, movements: Iterable[Movement]) -> dict[str, int]:
    """Return our client for each client and credit number that a file names."""
    keys = {key for one in movements for key in number_keys(one)}
    columns = (
        ("client", Client.external_id, Client.id),
        ("credit", Credit.external_id, Credit.client_id),
    )
    return {
        f"{kind}:{number}": client_id
        for kind, column, owner in columns
        for number, client_id in _owners(
            session,
            column,
            owner,
            sorted(key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")),
        )
    }


def _owners(
    session: Session, column: Any, owner: Any, numbers: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Yield the owner of each number that is known; one statement for thousands of them."""
    for first in range(0, len(numbers), NUMBERS_AT_ONCE):
        some = numbers[first : first + NUMBERS_AT_ONCE]
        yield from session.execute(select(column, owner).where(column.in_(some)))


def unconfirmed_payments(
    session: Session, first: date, last: date, zone: ZoneInfo, but_not_of: int | None = None
) -> list[OwnPayment]:
    """Return our payments around some days that no file has confirmed.

    Parameters
    ----------
    first, last : date
        Local days, widened by the days that a payment takes to reach the creditor.
    but_not_of : int, optional
        The file that is being looked at: what it confirmed itself counts as open.
    """
    confirmed = _lines_but_of(but_not_of)
    return _payments(session, first, last, zone, Payment.id.not_in(confirmed))


def confirmed_payments(
    session: Session, first: date, last: date, zone: ZoneInfo, but_not_of: int | None = None
) -> list[OwnPayment]:
    """Return our payments around some days that a file confirmed or told; see above."""
    confirmed = _lines_but_of(but_not_of)
    return _payments(session, first, last, zone, Payment.id.in_(confirmed))


def _lines_but_of(file_id: int | None) -> Select[int]:
    lines = select(PaymentFileLine.payment_id)
    return lines if file_id is None else lines.where(PaymentFileLine.file_id != file_id)


def _payments(
    session: Session, first: date, last: date, zone: ZoneInfo, which: ColumnElement[bool]
) -> list[OwnPayment]:
    around = timedelta(days=MOST_DAYS_APART)
    starts_at, _ = clock.local_day(first - around, zone)
    _, ends_at = clock.local_day(last + around, zone)
    was_told = (
        select(PaymentFileLine.id)
        .where(PaymentFileLine.payment_id == Payment.id, PaymentFileLine.is_new)
        .exists()
    )
    found = session.execute(
        select(
            Payment.id,
            Payment.client_id,
            Payment.received_at,
            Payment.amount_cents,
            Payment.reference,
            Payment.method,
            was_told.label("was_told"),
        ).where(
            Payment.received_at >= starts_at,
            Payment.received_at < ends_at,
            Payment.annulled_at.is_(None),
            which,
        )
    )
    return [
        OwnPayment(
            row.id,
            row.client_id,
            row.received_at.astimezone(zone).date(),
            row.amount_cents,
            row.reference,
            row.method,
            row.was_told,
        )
        for row in found
    ]


def recorded_payments(session: Session, file_id: int) -> list[int]:
    """Return the payments that were recorded from a file and still stand."""
    return list(
        session.scalars(
            select(PaymentFileLine.payment_id)
            .join(Payment, Payment.id == PaymentFileLine.payment_id)
            .where(
                PaymentFileLine.file_id == file_id,
                PaymentFileLine.is_new,
                Payment.annulled_at.is_(None),
            )
        )
    )


def names_of(session: Session, client_ids: Collection[int]) -> dict[int, str]:
    """Return the names of clients."""
    found = session.execute(select(Client.id, Client.name).where(among(Client.id, client_ids)))
    return dict(iter(found))
