"""Clients as the API is told them, turned into the rows of an import, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector_app.api.rules import (
    ClientIn,
    ClientsContradict,
    CreditIn,
    ImportedOut,
    InvoiceIn,
    NumberedClientIn,
)
from collector_app.core.errors import InvalidInput
from collector_app.core.money import Cents
from collector_app.portfolio.facts import (
    Finding,
    ImportConflict,
    ImportReport,
    PortfolioPart,
    PortfolioRow,
    RowPlace,
)

_EXPECTED = {
    ImportConflict.ERASED_PERSON: "nobody whose data was erased",
    ImportConflict.OTHER_NAME: "one name for each number of a client",
    ImportConflict.CREDIT_OF_OTHER_CLIENT: "a credit that no other client has",
    ImportConflict.OTHER_CURRENCY: "one currency for each credit",
    ImportConflict.UNKNOWN_CREDITOR: "the name of a creditor that there is",
    ImportConflict.LIKE_CREDITOR: "the name of a creditor that there is",
    ImportConflict.OTHER_CREDITOR: "one creditor for each credit",
    ImportConflict.OTHER_DEBT: "one amount and one day for each invoice",
    ImportConflict.NO_DUE_DATE: "a day, since something is owed",
}
_OF_CREDIT = {"credit_id": "number", "product": "product", "currency": "currency"} | {
    "opened_on": "opened_on",
    "creditor": "creditor",
}
_OF_INVOICE = {"invoice_number": "number"} | {
    name: name for name in ("balance_cents", "due_on", "issued_on", "amount_cents")
}
_OF_CLIENT = {"client_id": "number"}


@dataclass(frozen=True, slots=True)
class ToldClient:
    """A client of a body: where they stand in it, ``clients[3].``, and their number."""

    path: str
    number: str
    body: ClientIn | NumberedClientIn


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a row stands in a body."""

    client: str
    credit: str
    invoice: str

    def field(self, attribute: str) -> str:
        """Return the field of the body that an attribute of `PortfolioRow` was read from."""
        if attribute in _OF_INVOICE:
            return self.invoice + _OF_INVOICE[attribute]
        if attribute in _OF_CREDIT:
            return self.credit + _OF_CREDIT[attribute]
        return self.client + _OF_CLIENT.get(attribute, attribute)


def told_rows(told: Sequence[ToldClient]) -> list[PortfolioRow]:
    """Return a row for each invoice, in the order of the body.

    Raises
    ------
    InvalidInput
        When only one coordinate of a client is told.
    """
    for one in told:
        if (one.body.lat is None) != (one.body.lon is None):
            missing = "lat" if one.body.lat is None else "lon"
            raise InvalidInput(f"{one.path}{missing}", "both coordinates, or none")
    return [
        _row(RowPlace("", number), client, credit, invoice)
        for number, (client, credit, invoice, _spot) in enumerate(_entries(told))
    ]


def what_became(told: Sequence[ToldClient], report: ImportReport) -> ImportedOut:
    """Return what an import of these clients did.

    Raises
    ------
    ClientsContradict
        When one of them can't be taken; each of the fields is named.
    """
    spots = [spot for _client, _credit, _invoice, spot in _entries(told)]

    def field_of(finding: Finding) -> str:
        return spots[finding.place.row].field(finding.field)

    refused = [(field_of(one), _expected(one)) for one in report.findings if one.is_refused]
    if refused:
        raise ClientsContradict(refused)
    tallies = report.tallies
    return ImportedOut(
        tallies[PortfolioPart.CLIENT].created,
        tallies[PortfolioPart.CLIENT].changed,
        tallies[PortfolioPart.CREDIT].created,
        tallies[PortfolioPart.CREDIT].changed,
        tallies[PortfolioPart.INVOICE].created,
        tallies[PortfolioPart.INVOICE].changed,
        [f"{field_of(one)}: {one.conflict}" for one in report.findings],
    )


def _expected(finding: Finding) -> str:
    """Return what would be right, with the creditor whose name was meant or told first."""
    whom = "nearest" if finding.conflict is ImportConflict.LIKE_CREDITOR else "first_value"
    of_creditor = finding.field == "creditor" and whom in finding.facts
    expected = _EXPECTED[finding.conflict]
    return f"{expected}: {finding.facts[whom]}" if of_creditor else expected


def _entries(
    told: Sequence[ToldClient],
) -> list[tuple[ToldClient, CreditIn, InvoiceIn, _Spot]]:
    found = []
    for client in told:
        for c, credit in enumerate(client.body.credits):
            for i, invoice in enumerate(credit.invoices):
                of_credit = f"{client.path}credits[{c}]."
                spot = _Spot(client.path, of_credit, f"{of_credit}invoices[{i}].")
                found.append((client, credit, invoice, spot))
    return found


def _row(place: RowPlace, client: ToldClient, credit: CreditIn, invoice: InvoiceIn) -> PortfolioRow:
    body = client.body
    return PortfolioRow(
        place=place,
        client_id=client.number,
        name=body.name,
        address=body.address,
        credit_id=credit.number,
        invoice_number=invoice.number,
        balance_cents=Cents(invoice.balance_cents),
        kind=body.kind,
        phone=body.phone,
        neighbourhood=body.neighbourhood,
        municipality=body.municipality,
        lat=body.lat,
        lon=body.lon,
        note=body.note,
        place_kind=body.place_kind,
        place_authorised=body.place_authorised,
        place_origin=body.place_origin,
        product=credit.product,
        creditor=credit.creditor,
        currency=credit.currency,
        opened_on=credit.opened_on,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        amount_cents=None if invoice.amount_cents is None else Cents(invoice.amount_cents),
    )
