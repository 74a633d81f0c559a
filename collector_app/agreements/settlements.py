"""Whether a client has settled everything, and what the letter about it says."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.agreements.queries import AgreementRow, agreements
from collector_app.agreements.rules import AgreementState, DebtNotSettled
from collector_app.agreements.settlement_letter import Settlement
from collector_app.core.actor import Actor
from collector_app.payments.models import Payment
from collector_app.payments.queries import debts
from collector_app.portfolio.models import Client, Credit


def settlement(session: Session, client: Client, day: date, zone: ZoneInfo) -> Settlement:
    """Return what a client settled: all of it paid, or an agreement kept that settles the debt.

    Raises
    ------
    DebtNotSettled
        While something is owed, or when there never was a credit.
    """
    kept = _kept(session, client.id, day, zone)
    credits = session.scalars(
        select(Credit.external_id).where(Credit.client_id == client.id).order_by(Credit.external_id)
    ).all()
    if not credits or (kept is None and debts(session, day, [client.id])):
        raise DebtNotSettled
    paid, last = session.execute(
        select(func.sum(Payment.amount_cents), func.max(Payment.received_at)).where(
            Payment.client_id == client.id, Payment.annulled_at.is_(None)
        )
    ).one()
    return Settlement(
        client_name=client.name,
        client_number=client.external_id,
        credits=tuple(credits),
        paid_cents=int(paid or 0),
        last_paid_on=last.astimezone(zone).date() if last else None,
        agreement_id=kept.id if kept else None,
        creditor=kept.content.creditor if kept else "",
    )


def _kept(session: Session, client_id: int, day: date, zone: ZoneInfo) -> AgreementRow | None:
    """Return the newest agreement that was kept and settles the debt, if there is one."""
    system = Actor.system("settlement")
    return next(
        (
            one
            for one in agreements(session, system, day, zone, client_id=client_id)
            if one.state is AgreementState.KEPT and one.content.settles_debt
        ),
        None,
    )
