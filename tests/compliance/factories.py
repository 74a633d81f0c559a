"""Creditors with a law of their own, and whose the credits of clients are."""

from datetime import date, datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.compliance.models import CreditorProfile
from collector_app.core import clock
from collector_app.portfolio.models import Client, Credit, Creditor, CreditorWord

LONG_AGO = date(2020, 1, 1)
_number = count(1)


def make_creditor(
    session: Session,
    profile_id: str | None = None,
    name: str | None = None,
    from_on: date = LONG_AGO,
) -> Creditor:
    """A creditor that has stood under a profile for long; None: under that of the house."""
    creditor = Creditor(name=name or f"Acreedor {next(_number)}", created_at=clock.now())
    session.add(creditor)
    session.flush()
    session.add(
        CreditorProfile(
            creditor_id=creditor.id,
            profile_id=profile_id,
            from_on=from_on,
            reason="prueba",
            chosen_at=clock.local_midnight(from_on, clock.UTC),
        )
    )
    session.flush()
    return creditor


def give_credits(
    session: Session, client: Client, creditor: Creditor | None, told_at: datetime | None = None
) -> None:
    """Tell that all credits of a client are of a creditor; since long, or from an instant on."""
    for credit_id in session.scalars(select(Credit.id).where(Credit.client_id == client.id)):
        session.add(
            CreditorWord(
                credit_id=credit_id,
                creditor_id=creditor.id if creditor else None,
                told_at=told_at or clock.local_midnight(LONG_AGO, clock.UTC),
            )
        )
    session.flush()
