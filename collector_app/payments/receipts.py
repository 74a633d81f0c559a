"""Gives out folios without a gap, and reads receipts back."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.models import AuditEntry
from collector_app.audit.services import log, log_each
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.bulk import Values, insert_rows
from collector_app.payments.models import Payment, Receipt, ReceiptSeries, VoidFolio
from collector_app.payments.queries.received import payment_currency
from collector_app.payments.rules import (
    CODE_LENGTH,
    CODE_LETTERS,
    FolioTaken,
    GivenReceipt,
    PaymentMethod,
    folio,
    missing_numbers,
)
from collector_app.portfolio.models import Client


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt with what stands on it."""

    id: int
    series: str
    number: int
    copy: int
    code: str
    amount_cents: int
    currency: str
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


@dataclass(frozen=True, slots=True)
class Annulment:
    """Who annulled the payment of a receipt, when and why, by the log."""

    at: datetime
    by: str | None
    reason: str


def annulment_of(session: Session, receipt_id: int) -> Annulment | None:
    """Return the annulment of a receipt's payment; None without, or when the log was cut since."""
    payment_id = select(cast(Receipt.payment_id, String)).where(Receipt.id == receipt_id)
    found = session.execute(
        select(AuditEntry.at, User.full_name, AuditEntry.facts)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            AuditEntry.event == "payment.annulled",
            AuditEntry.subject_type == Payment.__tablename__,
            AuditEntry.subject_id == payment_id.scalar_subquery(),
        )
    ).first()
    return None if found is None else Annulment(found[0], found[1], str(found[2]["reason"]))


def issue_receipts(
    session: Session, actor: Actor, series: str, payments: Sequence[tuple[int, GivenReceipt | None]]
) -> None:
    """Give payments, by their ids, their receipts in the payments' own transaction.

    Those that a phone gave out keep their folios; the others get the next ones of `series`. A
    transaction that fails takes its folios back with it, so that a series has no gap.

    Raises
    ------
    FolioTaken
        When a phone gave out a folio or a code that another receipt has.
    """
    rows = _given_out(session, [(one, given) for one, given in payments if given is not None])
    without = [one for one, given in payments if given is None]
    if without:
        last = _take_numbers(session, series, len(without))
        numbers = enumerate(without, start=last - len(without) + 1)
        rows += [_row(one, series, number, _new_code()) for number, one in numbers]
    receipts = insert_rows(session, Receipt, rows, key=("code",))
    told = [(one, {"folio": folio(one.values["series"], one.values["number"])}) for one in receipts]
    log_each(session, actor, "receipt.issued", told)


def void_folio(
    session: Session, actor: Actor, given: GivenReceipt, reason: str
) -> VoidFolio | None:
    """Note that nothing is made of a receipt that a phone gave out; the folio is not used again.

    Returns None when it is void already, or when another receipt has the folio.
    """
    if _taken(session, [given]):
        return None
    void = VoidFolio(series=given.series, number=given.number, reason=reason)
    session.add(void)
    session.flush()
    log(session, actor, "receipt.void", void, folio=folio(given.series, given.number))
    return void


def _given_out(session: Session, told: Sequence[tuple[int, GivenReceipt]]) -> list[Values]:
    """Return the rows of receipts that a phone gave out, as it gave them out."""
    if not told:
        return []
    taken = _taken(session, [given for _payment, given in told])
    codes = set(
        session.scalars(
            select(Receipt.code).where(Receipt.code.in_([given.code for _payment, given in told]))
        )
    )
    rows = []
    for payment_id, given in told:
        key = given.series, given.number
        if given.code in codes or (taken[key] and not given.may_repeat):
            raise FolioTaken(folio(*key), folio=folio(*key))
        taken[key] += 1
        codes.add(given.code)
        rows.append(_row(payment_id, *key, given.code, copy=taken[key]))
    return rows


def _taken(session: Session, given: Sequence[GivenReceipt]) -> Counter[tuple[str, int]]:
    """Return how often each of these folios was used: on receipts, and void ones."""
    series, numbers = {one.series for one in given}, {one.number for one in given}
    used = (
        select(one.series, one.number).where(one.series.in_(series), one.number.in_(numbers))
        for one in (Receipt, VoidFolio)
    )
    return Counter((row.series, row.number) for row in session.execute(union_all(*used)))


def _row(payment_id: int, series: str, number: int, code: str, *, copy: int = 1) -> Values:
    return {
        "payment_id": payment_id,
        "series": series,
        "number": number,
        "copy": copy,
        "code": code,
        "issued_at": clock.now(),
    }


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def receipt_of(session: Session, actor: Actor, receipt_id: int) -> ReceiptRow | None:
    """Return a receipt, unless a collector asks for that of another."""
    found = _rows(session, Receipt.id == receipt_id)
    return next((one for one in found if _may_read(actor, one)), None)


def receipt_with_code(session: Session, code: str) -> ReceiptRow | None:
    """Return the receipt that bears a code, for whoever holds it in their hands."""
    return next(iter(_rows(session, Receipt.code == code.strip().lower())), None)


def receipts_of(session: Session, client_id: int) -> list[ReceiptRow]:
    """Return the receipts of a client's payments, those that are void too."""
    return _rows(session, Payment.client_id == client_id)


def receipts_between(
    session: Session, actor: Actor, start: datetime, end: datetime
) -> list[ReceiptRow]:
    """Return the receipts issued from `start` until before `end` that the actor may see."""
    found = _rows(session, Receipt.issued_at >= start, Receipt.issued_at < end)
    return [one for one in found if _may_read(actor, one)]


def broken_series(session: Session) -> dict[str, list[int]]:
    """Return the numbers that each series lacks; empty when all are unbroken.

    A void folio is none that lacks. Of a phone's series a number may be on its way, or wait for a
    person to look at what came with it. The last number of the office's series is known, so that
    its last receipt is missed as well; that of a phone's series is what came last.
    """
    given_out = dict(session.execute(select(ReceiptSeries.series, ReceiptSeries.last_number)).all())
    by_series: dict[str, list[int]] = {series: [] for series in given_out}
    used = union_all(
        select(Receipt.series, Receipt.number), select(VoidFolio.series, VoidFolio.number)
    )
    for series, number in session.execute(used):
        by_series.setdefault(series, []).append(number)
    gaps = (
        (series, missing_numbers(numbers, given_out.get(series, 0)))
        for series, numbers in by_series.items()
    )
    return {series: missing for series, missing in gaps if missing}


def repeated_folios(session: Session) -> list[str]:
    """Return the folios that stand on more than one receipt, as people read them."""
    found = session.execute(
        select(Receipt.series, Receipt.number).where(Receipt.copy == 2).order_by(Receipt.id)
    )
    return [folio(series, number) for series, number in found]


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
        select(Receipt, Payment, Client, User, payment_currency())
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
            copy=receipt.copy,
            code=receipt.code,
            amount_cents=payment.amount_cents,
            currency=currency,
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
        for receipt, payment, client, user, currency in found
    ]
