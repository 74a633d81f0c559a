"""Taking in a creditor's payments: note the file, record what is new, take it back."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.core.storage import StoredFile
from collector_app.payments.rules import PaymentFact, PaymentMethod
from collector_app.payments.services import annul_payment, record_payment
from collector_app.reconciliation.models import PaymentFile, PaymentFileLine
from collector_app.reconciliation.queries import recorded_payments
from collector_app.reconciliation.rules import AlreadyReconciled, Movement, Pairing, Verdict

WHO_RECONCILES = (Role.SUPERVISOR, Role.ADMIN)
# Names payments by the line of the file that they come from, so that a job run twice records once.
_NAMESPACE = UUID("6a2d7f0e-5d0c-4c55-9f0e-9c3b1f6f5d11")


def receive_file(session: Session, actor: Actor, stored: StoredFile, name: str) -> PaymentFile:
    """Note that a file came in; no payment changes."""
    actor.require(*WHO_RECONCILES)
    file = PaymentFile(
        file_name=name[:200],
        file_sha256=stored.sha256,
        uploaded_at=clock.now(),
        uploaded_by=actor.user_id,
    )
    session.add(file)
    log(session, actor, "payment_file.received", file, sha256=stored.sha256)
    return file


def start_applying(session: Session, actor: Actor, file_id: int) -> PaymentFile:
    """Say who accepted a file; only once.

    Raises
    ------
    AlreadyReconciled
        When somebody accepted it before.
    NotFound
        When there is no such file.
    """
    actor.require(*WHO_RECONCILES)
    file = _load(session, file_id, for_update=True)
    if file.applied_at is not None:
        message = f"payment file {file_id} was applied at {file.applied_at.isoformat()}"
        raise AlreadyReconciled(message)
    file.applied_at, file.applied_by = clock.now(), actor.user_id
    log(session, actor, "payment_file.accepted", file)
    return file


def apply_lines(
    session: Session, actor: Actor, file_id: int, pairings: Iterable[Pairing], *, zone: ZoneInfo
) -> int:
    """Confirm our payments and record those that are new; lines that are done change nothing.

    Doubtful and repeated lines that are given were chosen by a person: they are recorded as new.
    Those of unknown clients are passed over.

    Returns
    -------
    int
        How many payments were recorded.
    """
    actor.require(*WHO_RECONCILES)
    done = {
        (sheet, row)
        for sheet, row in session.execute(
            select(PaymentFileLine.sheet, PaymentFileLine.row).where(
                PaymentFileLine.file_id == file_id
            )
        )
    }
    recorded = 0
    for one in pairings:
        movement = one.movement
        if one.client_id is None or (movement.sheet, movement.row) in done:
            continue
        is_new = one.verdict is not Verdict.MATCHED
        if is_new:
            fact = _fact(file_id, movement, one.client_id, zone)
            payment_id = record_payment(session, actor, fact, zone=zone).id
            recorded += 1
        elif one.payment is not None:
            payment_id = one.payment.id
        line = PaymentFileLine(
            file_id=file_id,
            sheet=movement.sheet,
            row=movement.row,
            payment_id=payment_id,
            is_new=is_new,
        )
        session.add(line)
        log(session, actor, "payment_file.line", line, payment_id=payment_id)
    return recorded


def take_back(session: Session, actor: Actor, file_id: int, reason: str, *, zone: ZoneInfo) -> int:
    """Annul the payments that were recorded from a file; returns how many.

    Payments that we had before stay. Errors are those of `annul_payment`.
    """
    actor.require(*WHO_RECONCILES)
    _load(session, file_id)
    payments = recorded_payments(session, file_id)
    for payment_id in payments:
        annul_payment(session, actor, payment_id, reason, zone=zone)
    return len(payments)


def _load(session: Session, file_id: int, *, for_update: bool = False) -> PaymentFile:
    file = session.get(PaymentFile, file_id, with_for_update=for_update)
    if file is None:
        message = f"payment file {file_id} does not exist"
        raise NotFound(message)
    return file


def _fact(file_id: int, movement: Movement, client_id: int, zone: ZoneInfo) -> PaymentFact:
    """Return a line as a payment; a file tells the day, so it counts as received at noon."""
    noon = datetime.combine(movement.paid_on, time(12), tzinfo=zone)
    return PaymentFact(
        uuid=str(uuid5(_NAMESPACE, f"{file_id}/{movement.sheet}/{movement.row}")),
        client_id=client_id,
        visit_id=None,
        method=PaymentMethod.DEPOSIT,
        amount_cents=movement.amount_cents,
        received_at=min(noon, clock.now()),
        reference=movement.reference,
    )
