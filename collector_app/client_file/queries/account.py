"""What happened with a client's debts: from the invoice to the day on which nothing is owed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, defer

from collector_app.accounts.models import User
from collector_app.agreements.models import SettlementLetter
from collector_app.backing.queries import Backing
from collector_app.client_file.queries.timeline import Event
from collector_app.client_file.rules import EventKind
from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import complaint_folio
from collector_app.core import clock
from collector_app.payments.movements import MovementKind
from collector_app.payments.queries import Debt, InvoiceRow
from collector_app.portfolio.rules import bucket, days_past_due
from collector_app.schedules.models import Agreement
from collector_app.schedules.queries import terms_of
from collector_app.stages.queries import ClientLife
from collector_app.stages.rules import StageCause, StageSpan

_MOVEMENTS = {
    MovementKind.CHARGE: EventKind.INVOICE,
    MovementKind.TOLD: EventKind.BALANCE,
    MovementKind.LET_GO: EventKind.LET_GO,
}
# Pauses are told by their own events.
_OF_PAUSES = frozenset({StageCause.PAUSED, StageCause.RESUMED})


def debt_on(life: ClientLife, day: date) -> Debt:
    """Return what was owed when a day ended, as if all that is known now had been known then."""
    owed = life.ledger.owed_on(day)
    unpaid = [one for one in life.ledger.lines if owed.get(one.invoice_id, 0) > 0]
    oldest = min((one.due_on for one in unpaid), default=None)
    late = 0 if oldest is None else days_past_due(oldest, day)
    overdue = sum(owed[one.invoice_id] for one in unpaid if one.due_on < day)
    return Debt(sum(owed.values()), overdue, oldest, late, bucket(late))


def invoices_on(life: ClientLife, day: date) -> list[InvoiceRow]:
    """Return the invoices on which something was owed when a day ended, oldest due date first."""
    owed = life.ledger.owed_on(day)
    products = {one.credit_id: one.product for one in life.credits}
    return [
        InvoiceRow(
            one.invoice_id,
            one.number,
            products[one.credit_id],
            one.due_on,
            one.amount_cents,
            owed[one.invoice_id],
        )
        for one in life.ledger.lines
        if owed.get(one.invoice_id, 0) > 0
    ]


def account_events(
    session: Session, client_id: int, life: ClientLife, backing: Backing, zone: ZoneInfo
) -> list[Event]:
    """Return what happened with the debts of a client and what was agreed or claimed about them.

    Of one instant what follows comes before what it follows from, as in a list newest first.
    """
    return [
        *_stages(life, zone),
        *_pauses(life, zone),
        *_letters(session, client_id),
        *_agreements(session, client_id),
        *_complaints(session, client_id),
        *_backing(backing, zone),
        *_movements(life),
    ]


def _movements(life: ClientLife) -> Iterator[Event]:
    numbers = {one.invoice_id: one.number for one in life.ledger.lines}
    for one in life.ledger.movements:
        if one.kind in _MOVEMENTS and one.invoice_id is not None:
            yield Event(
                _MOVEMENTS[one.kind],
                one.at,
                has_hour=False,
                amount_cents=one.cents,
                text=numbers[one.invoice_id],
            )


def _stages(life: ClientLife, zone: ZoneInfo) -> Iterator[Event]:
    reasons = {one.move.id: (one.reason, one.who) for one in life.moves}
    for credit in life.credits:
        for span in credit.spans:
            if span.cause in _OF_PAUSES:
                continue
            move = span.first.move if span.cause is StageCause.MOVED else None
            reason, who = reasons[move.id] if move else (None, None)
            yield Event(
                EventKind.STAGE if span.first.stage else EventKind.SETTLED,
                _began_at(life, credit.credit_id, span, zone),
                has_hour=False,
                who=who,
                text=reason,
                span=span,
                credit=credit.external_id,
            )


def _began_at(life: ClientLife, credit_id: int, span: StageSpan, zone: ZoneInfo) -> datetime:
    """Return when a stretch began: with the money that began it, or else with its day."""
    midnight = clock.local_midnight(span.from_on, zone)
    if span.cause is not StageCause.MONEY:
        return midnight
    moved = life.ledger.movements_of(credit_id, span.from_on)
    return max((one.at for _line, one in moved), default=midnight)


def _pauses(life: ClientLife, zone: ZoneInfo) -> Iterator[Event]:
    for row in life.pauses:
        pause = row.pause
        if pause.to_on is not None and pause.to_on < pause.from_on:
            continue  # taken back on its first day
        yield Event(
            EventKind.PAUSE,
            clock.local_midnight(pause.from_on, zone),
            has_hour=False,
            who=row.who,
            text=row.reason,
            until=pause.to_on,
            pause=pause,
        )
        if pause.to_on is not None:
            resumed_on = pause.to_on + timedelta(days=1)
            at = clock.local_midnight(resumed_on, zone)
            yield Event(EventKind.RESUMED, at, has_hour=False, pause=pause)


def _backing(backing: Backing, zone: ZoneInfo) -> Iterator[Event]:
    for guarantee in backing.guarantees:
        yield Event(
            EventKind.GUARANTEE,
            clock.local_midnight(guarantee.given_on, zone),
            has_hour=False,
            what=guarantee.kind,
            text=guarantee.description,
            amount_cents=guarantee.value_cents,
        )
    for person in backing.obligors:
        since = clock.local_midnight(person.since_on, zone)
        yield Event(EventKind.OBLIGOR, since, has_hour=False, what=person.kind, text=person.name)
    for paper in backing.documents:
        yield Event(
            EventKind.DOCUMENT,
            clock.local_midnight(paper.dated_on, zone),
            has_hour=False,
            who=paper.who,
            what=paper.kind,
            text=paper.number,
        )


def _agreements(session: Session, client_id: int) -> Iterator[Event]:
    granted_by, cancelled_by = aliased(User), aliased(User)
    rows = session.execute(
        select(Agreement, User.full_name, granted_by.full_name, cancelled_by.full_name)
        .outerjoin(User, User.id == Agreement.proposed_by)
        .outerjoin(granted_by, granted_by.id == Agreement.approved_by)
        .outerjoin(cancelled_by, cancelled_by.id == Agreement.cancelled_by)
        .where(Agreement.client_id == client_id)
        .options(defer(Agreement.signature))
    )
    for one, who, grantor, canceller in rows:
        total_cents, is_own = terms_of(one).total_cents, one.approved_by == one.proposed_by
        steps = (
            (EventKind.AGREEMENT_PROPOSED, one.proposed_at, who),
            (EventKind.AGREEMENT_APPROVED, None if is_own else one.approved_at, grantor),
            (EventKind.AGREEMENT_SIGNED, one.signed_at, one.signed_by),
            (EventKind.AGREEMENT_CANCELLED, one.cancelled_at, canceller),
        )
        for kind, at, person in steps:
            if at is not None:
                yield Event(kind, at, who=person, amount_cents=total_cents, text=one.reference)


def _letters(session: Session, client_id: int) -> Iterator[Event]:
    rows = session.execute(
        select(SettlementLetter, User.full_name)
        .outerjoin(User, User.id == SettlementLetter.issued_by)
        .where(SettlementLetter.client_id == client_id)
    )
    for one, who in rows:
        yield Event(
            EventKind.SETTLEMENT_LETTER,
            one.issued_at,
            who=who,
            letter_id=one.id if one.content and one.annulled_at is None else None,
            annulled=one.annulled_because,
        )


def _complaints(session: Session, client_id: int) -> Iterator[Event]:
    for one in session.scalars(select(Complaint).where(Complaint.client_id == client_id)):
        folio = complaint_folio(one.id)
        yield Event(EventKind.COMPLAINT, one.received_at, text=f"{folio}, {one.text}")
        if one.answered_at is not None:
            told = f"{folio}, {one.answer}" if one.answer else folio
            yield Event(EventKind.COMPLAINT_ANSWERED, one.answered_at, text=told)
