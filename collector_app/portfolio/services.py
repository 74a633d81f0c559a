"""Use cases of the cartera."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.audit.batches import log_rows
from collector_app.core import clock
from collector_app.core.actor import OFFICE, Actor, Role
from collector_app.core.errors import NotFound
from collector_app.portfolio.differences import (
    Compared,
    address_to_find,
    compare_clients,
    compare_credits,
    compare_invoices,
)
from collector_app.portfolio.erasures import erased_rows
from collector_app.portfolio.facts import (
    Address,
    Finding,
    FoundPlaces,
    ImportReport,
    PortfolioPart,
    PortfolioRow,
    Tally,
)
from collector_app.portfolio.gathering import Gathered, gather
from collector_app.portfolio.known import (
    client_count,
    known_clients,
    known_creditors,
    known_credits,
    known_invoices,
)
from collector_app.portfolio.models import Client, Credit, Creditor, CreditorWord, VisitPlace
from collector_app.portfolio.queries import told_places
from collector_app.portfolio.rules import AddressOrigin, VisitPlaceKind
from collector_app.portfolio.writing import write_differences

IMPORTERS = (Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)
IMPORTED = "portfolio.imported"
NOTHING_FOUND: FoundPlaces = MappingProxyType({})


def addresses_to_find(session: Session, rows: Sequence[PortfolioRow]) -> list[Address]:
    """Return the addresses of a file that need a search before it is imported, each once."""
    told = gather(rows, {}, erased_rows(session, rows)).clients
    known = known_clients(session, told)
    wanted = (address_to_find(one, known.get(number)) for number, one in told.items())
    return list(dict.fromkeys(address for address in wanted if address is not None))


def import_clients(
    session: Session,
    actor: Actor,
    rows: Sequence[PortfolioRow],
    *,
    balance_at: datetime,
    currency: str = "MXN",
    found: FoundPlaces = NOTHING_FOUND,
    dry_run: bool = False,
) -> ImportReport:
    """Bring clients, credits and invoices to what a creditor's file states.

    Idempotent: the same rows again change nothing, nor the instant of a balance. What the file
    does not state stays as it is; clients that it does not name stay too. A number of statements
    that hardly depends on the number of rows.

    Parameters
    ----------
    rows
        In the order of the file.
    balance_at
        The instant at which the file's balances were true: payments received later come off them.
    currency
        What new credits are in when the file does not say.
    found
        What the address search made of the `addresses_to_find`; others stay without a place.
    dry_run
        Tell what would happen, write nothing.
    """
    actor.require(*IMPORTERS)
    numbers = dict.fromkeys(row.credit_id for row in rows)
    credits_ = known_credits(session, numbers)
    owners = {number: one.owner for number, one in credits_.items()}
    creditors = {plain: name for plain, (_id, name) in known_creditors(session).items()}
    gathered = gather(rows, owners, erased_rows(session, rows), creditors)
    clients = known_clients(session, gathered.clients)
    parts = (
        compare_clients(gathered.clients, clients, found),
        compare_credits(gathered.credits, credits_, currency),
        compare_invoices(gathered.invoices, known_invoices(session, credits_), balance_at),
    )
    report = ImportReport(
        tallies={one.part: one.tally for one in parts},
        differences=tuple(difference for one in parts for difference in one.differences),
        findings=_findings(gathered, parts),
        absent_count=client_count(session) - len(clients),
        balance_cents=_balances(gathered, currency),
        placements=dict(parts[0].placements),
    )
    if not dry_run:
        carry_out(session, actor, report)
    return report


def carry_out(session: Session, actor: Actor, report: ImportReport) -> None:
    """Write what a dry run foretold, in the same transaction: between two, others may write."""
    actor.require(*IMPORTERS)
    if report.changes_something:
        written = write_differences(session, report.differences, actor.user_id)
        audit.log(session, actor, IMPORTED, "portfolio:clients", **_figures(report))
        for table, ids in written.items():
            log_rows(session, actor, IMPORTED, table, ids)


def tell_visit_place(
    session: Session,
    actor: Actor,
    client_id: int,
    kind: VisitPlaceKind | None,
    *,
    is_authorised: bool,
    origin: AddressOrigin | None = None,
) -> bool:
    """Keep what kind of place a client is visited at, and who told of it; returns if it was news.

    Parameters
    ----------
    kind
        None when nobody knows.
    is_authorised
        Whether the debtor authorised being visited there.
    origin
        Who told the address; None when nobody knows.

    Raises
    ------
    NotAllowed, NotFound
        Unless somebody of the office tells it, of a client that exists.
    """
    actor.require(*OFFICE)
    if session.get(Client, client_id, with_for_update={"key_share": True}) is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    before = told_places(session, [client_id]).get(client_id)
    known = (before.kind, before.is_authorised, before.origin) if before else (None, False, None)
    if known == (kind, is_authorised, origin):
        return False
    place = VisitPlace(
        client_id=client_id,
        kind=kind,
        is_authorised=is_authorised,
        origin=origin,
        told_by=actor.user_id,
        told_at=clock.now(),
    )
    session.add(place)
    audit.log(session, actor, "client.visit_place_told", place, client_id=client_id)
    return True


def tell_creditor(session: Session, actor: Actor, credit_id: int, creditor_id: int | None) -> bool:
    """Keep whose a credit is, None for the house's own; returns if it was news.

    Raises
    ------
    NotAllowed, NotFound
        Unless somebody who may import a cartera tells it, of a credit and a creditor that exist.
    """
    actor.require(*IMPORTERS)
    credit = session.get(Credit, credit_id, with_for_update={"key_share": True})
    if credit is None or (creditor_id is not None and session.get(Creditor, creditor_id) is None):
        message = f"no credit {credit_id}, or no creditor {creditor_id}"
        raise NotFound(message)
    newest = select(CreditorWord).where(CreditorWord.credit_id == credit_id)
    before = session.scalars(newest.order_by(CreditorWord.id.desc()).limit(1)).first()
    if (before.creditor_id if before else None) == creditor_id:
        return False
    word = CreditorWord(
        credit_id=credit_id,
        creditor_id=creditor_id,
        told_by=actor.user_id,
        told_at=clock.now(),
    )
    session.add(word)
    audit.log(session, actor, "credit.creditor_told", word, credit_id=credit_id)
    return True


def _findings(gathered: Gathered, parts: Sequence[Compared]) -> tuple[Finding, ...]:
    found = gathered.findings + [finding for one in parts for finding in one.findings]
    return tuple(sorted(found, key=lambda finding: finding.place))


def _balances(gathered: Gathered, default: str) -> dict[str, int]:
    """Add up what was taken, by currency, so that a person can compare it with the file's total."""
    totals: dict[str, int] = {}
    for (credit, _number), invoice in gathered.invoices.items():
        currency = str(gathered.credits[credit].values.get("currency", default))
        cents = invoice.values["balance_cents"]
        totals[currency] = totals.get(currency, 0) + (cents if isinstance(cents, int) else 0)
    return totals


def _figures(report: ImportReport) -> Mapping[str, int]:
    def figures(part: PortfolioPart, tally: Tally) -> dict[str, int]:
        return {f"{part}_created": tally.created, f"{part}_changed": tally.changed}

    told = (figures(part, tally) for part, tally in report.tallies.items())
    return {name: count for one in told for name, count in one.items()}
