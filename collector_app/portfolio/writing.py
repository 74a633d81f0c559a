"""Bulk writes of an import: one statement for many rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.core.bulk import insert_all
from collector_app.core.orm import Model
from collector_app.portfolio.facts import Difference, PortfolioPart, Value
from collector_app.portfolio.known import (
    CLIENT_FIELDS,
    CREDIT_FIELDS,
    CREDITOR_FIELDS,
    INVOICE_FIELDS,
    PLACE_FIELDS,
    known_clients,
    known_creditors,
    known_credits,
)
from collector_app.portfolio.models import (
    Client,
    Credit,
    CreditorWord,
    Invoice,
    PastBalance,
    VisitPlace,
)
from collector_app.portfolio.rules import ClientKind, LocationQuality

Values = dict[str, Value]


def write_differences(
    session: Session, differences: Sequence[Difference], told_by: int | None = None
) -> Mapping[type[Model], list[int]]:
    """Insert what is new and update what changed; the caller's transaction makes it all or none.

    Returns the ids of the rows that were written, by table.
    """
    by_part = {part: [one for one in differences if one.part is part] for part in PortfolioPart}
    clients, credits_, invoices = (
        by_part[PortfolioPart.CLIENT],
        by_part[PortfolioPart.CREDIT],
        by_part[PortfolioPart.INVOICE],
    )
    written = {
        Client: insert_all(session, Client, list(_new_clients(clients))),
        Credit: insert_all(session, Credit, list(_new_credits(session, credits_))),
        Invoice: insert_all(session, Invoice, list(_new_invoices(session, invoices))),
        PastBalance: insert_all(session, PastBalance, list(_past_balances(invoices))),
    }
    written[VisitPlace] = insert_all(session, VisitPlace, list(_places(session, clients, told_by)))
    words = list(_creditor_words(session, credits_, told_by))
    written[CreditorWord] = insert_all(session, CreditorWord, words)
    written[Client] += _update(session, Client, clients)
    written[Credit] += _update(session, Credit, credits_)
    written[Invoice] += _update(session, Invoice, invoices)
    session.expire_all()  # rows that the caller loaded before are older than these
    return written


def _new_clients(differences: Iterable[Difference]) -> Iterator[Values]:
    blank: Values = dict.fromkeys(CLIENT_FIELDS)
    blank |= {
        "kind": ClientKind.PERSON,
        "location_quality": LocationQuality.NONE,
        "created_at": clock.now(),
    }
    for one in _fresh(differences):
        yield blank | {"external_id": one.key[0]} | _own_values(one)


def _places(
    session: Session, differences: Sequence[Difference], told_by: int | None
) -> Iterator[Values]:
    """Keep each new word on where a client is visited; the words before it stay."""
    told = [one for one in differences if _values(one).keys() & set(PLACE_FIELDS)]
    known = known_clients(session, dict.fromkeys(one.owner for one in told))
    for one in told:
        values = dict(known[one.owner].values) | _values(one)
        yield {
            "client_id": known[one.owner].id,
            "kind": values["place_kind"],
            "is_authorised": bool(values["place_authorised"]),
            "origin": values["place_origin"],
            "told_by": told_by,
            "told_at": clock.now(),
        }


def _creditor_words(
    session: Session, differences: Iterable[Difference], told_by: int | None
) -> Iterator[Values]:
    """Keep each new word on whose a credit is; the words before it stay."""
    told = {one.key[0]: _values(one)["creditor"] for one in differences if _names_creditor(one)}
    if not told:
        return
    credits_, creditors = known_credits(session, told), known_creditors(session)
    ids = {name: number for number, name in creditors.values()}
    for number, name in told.items():
        yield {
            "credit_id": credits_[number].id,
            "creditor_id": ids[str(name)],
            "told_by": told_by,
            "told_at": clock.now(),
        }


def _names_creditor(difference: Difference) -> bool:
    return "creditor" in _values(difference)


def _new_credits(session: Session, differences: Iterable[Difference]) -> Iterator[Values]:
    fresh = _fresh(differences)
    owners = known_clients(session, dict.fromkeys(one.owner for one in fresh))
    blank: Values = dict.fromkeys(CREDIT_FIELDS)
    for one in fresh:
        place: Values = {"external_id": one.key[0], "client_id": owners[one.owner].id}
        yield blank | place | _own_values(one)


def _new_invoices(session: Session, differences: Iterable[Difference]) -> Iterator[Values]:
    fresh = _fresh(differences)
    owners = known_credits(session, dict.fromkeys(one.key[0] for one in fresh))
    blank: Values = dict.fromkeys(INVOICE_FIELDS)
    for one in fresh:
        place: Values = {"number": one.key[1], "credit_id": owners[one.key[0]].id}
        yield blank | place | _values(one)


def _past_balances(differences: Iterable[Difference]) -> Iterator[Values]:
    """Keep what a balance was, and when it was true, before that of a later day takes its place."""
    for one in differences:
        old = {change.field: change.old for change in one.changes}
        if not one.is_new and {"balance_cents", "balance_at"} <= old.keys():
            yield {
                "invoice_id": one.id,
                "balance_cents": old["balance_cents"],
                "balance_at": old["balance_at"],
            }


def _fresh(differences: Iterable[Difference]) -> list[Difference]:
    return [one for one in differences if one.is_new]


def _values(difference: Difference) -> Values:
    return {change.field: change.new for change in difference.changes}


def _own_values(difference: Difference) -> Values:
    """Return the values that stand in the row itself."""
    elsewhere = {*PLACE_FIELDS, *CREDITOR_FIELDS}
    return {name: one for name, one in _values(difference).items() if name not in elsewhere}


def _update(session: Session, table: type[Model], differences: Sequence[Difference]) -> list[int]:
    """Update by id, together those that change the same columns; returns the ids."""
    changed = [one for one in differences if not one.is_new and _own_values(one)]
    rows = [_own_values(one) | {"id": one.id} for one in changed]
    rows.sort(key=sorted)
    for _, same in groupby(rows, key=sorted):
        session.execute(update(table), list(same))
    return [one.id for one in changed if one.id is not None]
