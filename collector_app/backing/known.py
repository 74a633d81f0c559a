"""What the database holds behind the credits that a file names, in a few statements."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.backing.models import CreditDocument, Guarantee, Obligor
from collector_app.core.selection import among
from collector_app.portfolio.facts import Known, Value
from collector_app.portfolio.gathering import plain
from collector_app.portfolio.models import Client, Credit

# Credit, kind, and the name reduced by `plain`: as a file and a person may write it differently.
Key = tuple[str, str, str]


def known_guarantees(session: Session, credits_: Mapping[str, Known]) -> dict[Key, Known]:
    """Return the guarantees of some credits."""
    names = {one.id: (number, one.owner) for number, one in credits_.items()}
    found = {}
    for row in session.scalars(select(Guarantee).where(among(Guarantee.credit_id, names))):
        credit, owner = names[row.credit_id]
        values: dict[str, Value] = {
            "guarantee_value_cents": row.value_cents,
            "guaranteed_on": row.given_on,
        }
        found[credit, row.kind.value, plain(row.description)] = Known(row.id, owner, values)
    return found


def known_obligors(session: Session, credits_: Mapping[str, Known]) -> dict[Key, Known]:
    """Return the people beside the debtors of some credits.

    Who answers for all that a client owes is there once for each credit of that client.
    """
    numbers: dict[str, list[str]] = {}
    for number, one in credits_.items():
        numbers.setdefault(one.owner, []).append(number)
    found = {}
    rows = session.execute(
        select(Obligor, Client.external_id, Credit.external_id)
        .join(Client, Client.id == Obligor.client_id)
        .outerjoin(Credit, Credit.id == Obligor.credit_id)
        .where(
            among(
                Obligor.client_id,
                session.scalars(
                    select(Credit.client_id).where(
                        among(Credit.id, {one.id for one in credits_.values()})
                    )
                ).all(),
            )
        )
        .order_by(Obligor.ended_on.is_(None), Obligor.id)  # who still answers comes last, and stays
    )
    for row, owner, credit in rows:
        values = {
            f"{row.kind}_phone": row.phone,
            f"{row.kind}_address": row.address,
            "ended_on": row.ended_on,
        }
        for number in numbers.get(owner, []) if credit is None else [credit]:
            found[number, row.kind.value, plain(row.name)] = Known(row.id, owner, values)
    return found


def known_documents(session: Session, credits_: Mapping[str, Known]) -> dict[Key, Known]:
    """Return the papers of some credits; those without a number go by their day."""
    names = {one.id: (number, one.owner) for number, one in credits_.items()}
    found = {}
    statement = select(CreditDocument).where(among(CreditDocument.credit_id, names))
    for row in session.scalars(statement):
        credit, owner = names[row.credit_id]
        name = plain(row.number) if row.number else row.dated_on.isoformat()
        values = {"document_on": row.dated_on, "bill_number": row.bill_number}
        found[credit, row.kind.value, name] = Known(row.id, owner, values)
    return found
