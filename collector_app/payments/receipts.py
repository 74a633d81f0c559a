"""Gives out folios without a gap, and reads receipts back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.services import log_each
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.models import Payment, Receipt, ReceiptSeries
from collector_app.payments.rules import PaymentMethod, folio, missing_numbers, receipt_series
from collector_app.portfolio.models import Client

# Nothing that reads like something else; 16 of them are 79 bits, too many to guess.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt with what stands on it."""

    id: int
    series: str
    number: int
    code: str
    amount_cents: int
    method: PaymentMethod
    reference: str | None
    received_at: datetime
    is_void: bool
    client_id: int
    client_name: str
    client_number: str
    client_phone: str | None
    collector_id: int | None
    collector_name: str | None
    collector_is_active: bool

    @property
    def folio(self) -> str:
        """Return the folio as people read it."""
        return folio(self.series, self.number)


def issue_receipts(session: Session, actor: Actor, payments: Sequence[Payment]) -> list[Receipt]:
    """Give the next folios of their series to payments, in the payments' own transaction.

    A transaction that fails takes its folios back with it, so that a series has no gap.
    """
    receipts = []
    for series, own in groupby(payments, lambda one: receipt_series(one.collector_id)):
        together = list(own)
        last = _take_numbers(session, series, len(together))
        receipts += [
            Receipt(
                payment_id=payment.id,
                series=series,
                number=number,
                code="".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)),
                issued_at=clock.now(),
            )
            for number, payment in enumerate(together, start=last - len(together) + 1)
        ]
    session.add_all(receipts)
    told = [(one, {"folio": folio(one.series, one.number)}) for one in receipts]
    log_each(session, actor, "receipt.issued", told)
    return receipts


def receipt_of(session: Session, actor: Actor, receipt_id: int) -> ReceiptRow | None:
    """Return a receipt, unless a collector asks for that of another."""
    found = _rows(session, Receipt.id == receipt_id)
    return next((one for one in found if _may_read(actor, one)), None)


def receipt_with_code(session: Session, code: str) -> ReceiptRow | None:
    """Return the receipt that bears a code, for whoever holds it in their hands."""
    return next(iter(_rows(session, Receipt.code == code.strip().lower())), None)


def receipts_between(
    session: Session, actor: Actor, start: datetime, end: datetime
) -> list[ReceiptRow]:
    """Return the receipts issued from `start` until before `end` that the actor may see."""
    found = _rows(session, Receipt.issued_at >= start, Receipt.issued_at < end)
    return [one for one in found if _may_read(actor, one)]


def broken_series(session: Session) -> dict[str, list[int]]:
    """Return the numbers that each series lacks; empty when all are unbroken."""
    by_series: dict[str, list[int]] = {}
    for series, number in session.execute(select(Receipt.series, Receipt.number)):
        by_series.setdefault(series, []).append(number)
    gaps = ((series, missing_numbers(numbers)) for series, numbers in by_series.items())
    return {series: missing for series, missing in gaps if missing}


def _may_read(actor: Actor, row: ReceiptRow) -> bool:
    return actor.role is not Role.COLLECTOR or row.collector_id == actor.user_id


def _take_numbers(session: Session, series: str, count: int) -> int:
    """Take the next numbers of a series, and return the last of them."""
    found = _locked(session, series)
    if found is None:
        try:
            with session.begin_nested():
                session.add(ReceiptSeries(series=series, last_number=0))
        except IntegrityError:  # somebody else began the series between our look and now
            pass
        found = _locked(session, series)
    assert found is not None  # noqa: S101 - one of the two began it
    found.last_number += count
    return found.last_number


def _locked(session: Session, series: str) -> ReceiptSeries | None:
    one = select(ReceiptSeries).where(ReceiptSeries.series == series)
    fresh = one.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[ReceiptRow]:
    found = session.execute(
        select(Receipt, Payment, Client, User)
        .join(Payment, Payment.id == Receipt.payment_id)
        .join(Client, Client.id == Payment.client_id)
        .outerjoin(User, User.id == Payment.collector_id)
        .where(*conditions)
        .order_by(Receipt.issued_at.desc(), Receipt.id.desc())
    )
    return [
        ReceiptRow(
            id=receipt.id,
            series=receipt.series,
            number=receipt.number,
            code=receipt.code,
            amount_cents=payment.amount_cents,
            method=payment.method,
            reference=payment.reference,
            received_at=payment.received_at,
            is_void=payment.annulled_at is not None,
            client_id=client.id,
            client_name=client.name,
            client_number=client.external_id,
            client_phone=client.phone,
            collector_id=payment.collector_id,
            collector_name=user.full_name if user else None,
            collector_is_active=bool(user and user.active),
        )
        for receipt, payment, client, user in found
    ]
