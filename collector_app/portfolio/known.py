"""What the database holds of the clients, credits and invoices that a file names.

Read in a few statements, however many rows the file has.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.portfolio.facts import Known
from collector_app.portfolio.gathering import plain
from collector_app.portfolio.models import (
    Client,
    Credit,
    Creditor,
    CreditorWord,
    Invoice,
    VisitPlace,
)

CHUNK = 10_000  # numbers in one statement: SQLite binds at most 32,766 values, PostgreSQL 65,535
CLIENT_FIELDS = (
    *("name", "kind", "phone", "address", "neighbourhood", "municipality"),
    *("lat", "lon", "location_quality", "location_confidence", "note"),
)
# Of a client, in a table of their own.
PLACE_FIELDS = ("place_kind", "place_authorised", "place_origin")
CREDIT_FIELDS = ("product", "currency", "opened_on")
CREDITOR_FIELDS = ("creditor",)  # of a credit, in a table of their own
INVOICE_FIELDS = (
    *("bill_number", "issued_on", "due_on"),
    *("amount_cents", "balance_cents", "balance_at"),
)


def known_clients(session: Session, numbers: Iterable[str]) -> dict[str, Known]:
    """Return the clients of some numbers, by number, with the newest word on their place."""
    columns = [getattr(Client, name) for name in CLIENT_FIELDS]
    newest = select(func.max(VisitPlace.id)).where(VisitPlace.client_id == Client.id)
    statement = select(
        *(Client.id, Client.external_id, Client.external_id, *columns),
        VisitPlace.kind,
        func.coalesce(VisitPlace.is_authorised, false()),
        VisitPlace.origin,
    ).outerjoin(VisitPlace, VisitPlace.id == newest.correlate(Client).scalar_subquery())
    rows = _by_number(session, statement, Client.external_id, numbers)
    return {row[1]: _known(row, (*CLIENT_FIELDS, *PLACE_FIELDS)) for row in rows}


def known_credits(session: Session, numbers: Iterable[str]) -> dict[str, Known]:
    """Return the credits of some numbers, by number, whoever owes them; with their creditor."""
    columns = [getattr(Credit, name) for name in CREDIT_FIELDS]
    newest = select(func.max(CreditorWord.id)).where(CreditorWord.credit_id == Credit.id)
    statement = (
        select(Credit.id, Credit.external_id, Client.external_id, *columns, Creditor.name)
        .join(Credit.client)
        .outerjoin(CreditorWord, CreditorWord.id == newest.correlate(Credit).scalar_subquery())
        .outerjoin(Creditor, Creditor.id == CreditorWord.creditor_id)
    )
    rows = _by_number(session, statement, Credit.external_id, numbers)
    return {row[1]: _known(row, (*CREDIT_FIELDS, *CREDITOR_FIELDS)) for row in rows}


def known_invoices(session: Session, credits_: Mapping[str, Known]) -> dict[tuple[str, str], Known]:
    """Return every invoice of some credits, by number of the credit and of the invoice."""
    names = {one.id: (number, one.owner) for number, one in credits_.items()}
    columns = [getattr(Invoice, name) for name in INVOICE_FIELDS]
    statement = select(Invoice.id, Invoice.number, Invoice.credit_id, *columns).where(
        among(Invoice.credit_id, names)
    )
    found = {}
    for row in session.execute(statement):
        credit, owner = names[row[2]]
        found[credit, row[1]] = Known(
            row[0], owner, dict(zip(INVOICE_FIELDS, row[3:], strict=True))
        )
    return found


def known_creditors(session: Session) -> dict[str, tuple[int, str]]:
    """Return id and name of each creditor, by the name as `gathering.plain` writes it.

    Of two that were added before such names were one, the one that was there first.
    """
    found = session.execute(select(Creditor.id, Creditor.name).order_by(Creditor.id.desc()))
    return {plain(name): (number, name) for number, name in found}


def client_count(session: Session) -> int:
    """Return how many clients there are."""
    return session.scalars(select(func.count(Client.id))).one()


def _by_number(
    session: Session, statement: Select[Any], column: Any, numbers: Iterable[str]
) -> Iterator[Any]:
    rest = iter(numbers)
    while part := list(islice(rest, CHUNK)):
        yield from session.execute(statement.where(column.in_(part)))


def _known(row: Any, names: tuple[str, ...]) -> Known:
    """Read id, number, number of the client, and then the values."""
    return Known(row[0], row[2], dict(zip(names, row[3:], strict=True)))
