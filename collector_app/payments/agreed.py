"""For how long the agreements of clients were in force, and what those that were kept let go of.

This is the one place that says what is not owed any more without having been paid: movements and
every read of debts ask it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from collector_app.accounts.models import User
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.payments.rules import DatedInvoice
from collector_app.promises.rules import PromisePolicy, Receipt
from collector_app.schedules.models import Agreement
from collector_app.schedules.queries import terms_of
from collector_app.schedules.rules import AgreementState, kept_at, outcome, schedule


@dataclass(frozen=True, slots=True)
class InForce:
    """An agreement from the day of its signature to its last, both inclusive; None: it still is."""

    agreement_id: int
    client_id: int
    from_on: date
    to_on: date | None
    state: AgreementState  # how it ended; active while it has not
    who: str | None  # who proposed it
    signed_at: datetime
    debt_cents: int  # on its paper
    settled_at: datetime | None = None  # when it was kept, if it settles the debt


@dataclass(frozen=True, slots=True)
class Settled:
    """What a kept agreement did to the debt of its client that was due when it was signed.

    Nothing of it is owed any more from the payment on with which it was kept, whatever the creditor
    tells of it afterwards. What came due after the signature is owed, unless the agreement was
    about that, too: see `payments.movements.Settlement`.
    """

    due_until: date  # the day of the signature
    kept_on: date
    kept_at: datetime


def in_force(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int] | None = None
) -> list[InForce]:
    """Return since when and until when each signed agreement held, with all that is known now.

    One that was broken by `day`, kept or taken back has ended; whatever was taken back on the day
    of its signature never was. Two statements, whatever the number of clients; one where nobody
    signed anything, three where an agreement that settles a debt was kept.
    """
    found = session.execute(
        select(Agreement, User.full_name)
        .outerjoin(User, User.id == Agreement.proposed_by)
        .where(Agreement.signed_at.is_not(None), among(Agreement.client_id, client_ids))
        .options(defer(Agreement.signature))
        .order_by(Agreement.id)
    ).all()
    money = money_of(session, {one.client_id for one, _who in found}, zone) if found else {}
    spans = [_span(one, who, money.get(one.client_id, []), day, zone) for one, who in found]
    shaken = _shaken(session, [one for one in spans if one.settled_at is not None])
    spans = [replace(one, settled_at=None) if one.agreement_id in shaken else one for one in spans]
    return [one for one in spans if one.to_on is None or one.from_on <= one.to_on]


def _shaken(session: Session, settling: Collection[InForce]) -> set[int]:
    """Return the agreements among these whose paper counted on money that was annulled since.

    What they let go of was agreed on a debt that was larger than anybody knew: it is owed, and
    people decide what becomes of it. Money that was annulled is not told apart from its quita.
    """
    if not settling:
        return set()
    annulled = session.execute(
        select(Payment.client_id, Payment.recorded_at, Payment.annulled_at).where(
            among(Payment.client_id, {one.client_id for one in settling}),
            Payment.annulled_at.is_not(None),
        )
    ).all()
    return {
        one.agreement_id
        for one in settling
        for client_id, recorded_at, annulled_at in annulled
        if annulled_at is not None
        and client_id == one.client_id
        and recorded_at <= one.signed_at <= annulled_at
    }


def settled_by(agreements: Iterable[InForce], day: date) -> dict[int, Settled]:
    """Return what each client had settled by a day; of several agreements the newest counts."""
    return {
        one.client_id: Settled(one.from_on, one.to_on, one.settled_at)
        for one in agreements
        if one.settled_at is not None and one.to_on is not None and one.to_on <= day
    }


def settled_on(
    session: Session, day: date, zone: ZoneInfo, client_ids: Collection[int] | None = None
) -> dict[int, Settled]:
    """Return what clients had settled by kept agreements when a day ends; see `in_force`."""
    return settled_by(in_force(session, day, zone, client_ids), day)


def still_owed(
    invoices: Sequence[DatedInvoice], settled: Settled | None, at: datetime
) -> list[DatedInvoice]:
    """Return the open invoices of a client that money received at an instant may settle."""
    if settled is None or at <= settled.kept_at:
        return list(invoices)
    return [one for one in invoices if one.due_on > settled.due_until]


def _span(
    one: Agreement, who: str | None, receipts: Collection[Receipt], day: date, zone: ZoneInfo
) -> InForce:
    signed_at = one.signed_at
    if signed_at is None:
        message = f"agreement {one.id} was never signed"
        raise ValueError(message)
    since = [money for money in receipts if money.at >= signed_at]
    parts, policy = schedule(terms_of(one)), PromisePolicy()
    state, to_on = outcome(parts, since, day, policy)
    if one.cancelled_at is not None:
        taken_back = one.cancelled_at.astimezone(zone).date() - timedelta(days=1)
        if to_on is None or taken_back < to_on:
            state, to_on = AgreementState.CANCELLED, taken_back
    settles = state is AgreementState.KEPT and one.settles_debt and one.cancelled_at is None
    from_on = signed_at.astimezone(zone).date()
    settled_at = kept_at(parts, since, policy) if settles else None
    return InForce(
        agreement_id=one.id,
        client_id=one.client_id,
        from_on=from_on,
        to_on=to_on,
        state=state,
        who=who,
        signed_at=signed_at,
        debt_cents=one.debt_cents,
        settled_at=settled_at,
    )


def money_of(
    session: Session, client_ids: Collection[int], zone: ZoneInfo
) -> dict[int, list[Receipt]]:
    """Return the money that counts of each client, with its local day."""
    by_client: dict[int, list[Receipt]] = {}
    found = session.execute(
        select(Payment.client_id, Payment.received_at, Payment.amount_cents).where(
            among(Payment.client_id, client_ids), Payment.annulled_at.is_(None)
        )
    )
    for client_id, at, cents in found:
        receipt = Receipt(at, at.astimezone(zone).date(), cents)
        by_client.setdefault(client_id, []).append(receipt)
    return by_client
