"""From rows of a file to one statement per client, credit and invoice, and what contradicts it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType

from collector_app.portfolio.facts import (
    Finding,
    ImportConflict,
    PortfolioRow,
    RowPlace,
    Statement,
    Value,
)

_CLIENT_DETAILS = (
    *("kind", "address", "neighbourhood", "municipality", "phone", "note"),
    *("place_kind", "place_authorised", "place_origin"),
)
_CREDIT_DETAILS = ("product", "creditor", "opened_on")
_INVOICE_VALUES = ("bill_number", "issued_on", "due_on", "amount_cents", "balance_cents")
_SAME_PLACE_DEGREES = 0.00005  # about five metres
_ALIKE = 0.85  # of the letters of two names, from which on one may be a slip for the other

NOBODY: Mapping[RowPlace, str] = MappingProxyType({})

_ACCENTS = re.compile("[\u0300-\u036f]")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Gathered:
    """Everything that a file states, each thing once."""

    clients: dict[str, Statement] = field(default_factory=dict)
    credits: dict[str, Statement] = field(default_factory=dict)
    invoices: dict[tuple[str, str], Statement] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def gather(
    rows: Iterable[PortfolioRow],
    credit_owners: Mapping[str, str],
    erased: Mapping[RowPlace, str] = NOBODY,
    creditors: Mapping[str, str] | None = None,
) -> Gathered:
    """Join the rows of a file; the first one to state a value is believed.

    A row that contradicts whose debt it is or how much is owed is left out whole; one that only
    tells another phone or address is taken without that datum. Both are found.

    Parameters
    ----------
    rows
        In the order of the file.
    credit_owners
        Number of each credit that the database knows -> number of its client.
    erased
        Rows of people whose data was erased -> the field that tells; they are left out whole.
    creditors
        Name of each creditor as `plain` writes it -> as we write it; None: whoever is told.
    """
    gathered = Gathered()
    for told in rows:
        row = told if creditors is None else _with_known_creditor(told, creditors)
        by = erased.get(row.place)
        refusal = (
            _creditor_refusal(gathered, row, creditors) or _refusal(gathered, row, credit_owners)
            if by is None
            else _finding(row, by, ImportConflict.ERASED_PERSON)
        )
        if refusal is not None:
            gathered.findings.append(refusal)
        else:
            _take_client(gathered, row)
            _take_credit(gathered, row)
            _take_invoice(gathered, row)
    return gathered


def plain(text: str) -> str:
    """Return a text without what people vary: case, accents, spaces and punctuation."""
    letters = text.casefold()
    if not letters.isascii():
        letters = _ACCENTS.sub("", unicodedata.normalize("NFKD", letters))
    return _NO_LETTERS.sub("", letters)


def _with_known_creditor(row: PortfolioRow, creditors: Mapping[str, str]) -> PortfolioRow:
    """Return a row with the creditor's name as we write it, where we know them."""
    name = None if row.creditor is None else creditors.get(plain(row.creditor))
    return row if name in (None, row.creditor) else replace(row, creditor=name)


def _creditor_refusal(
    gathered: Gathered, row: PortfolioRow, creditors: Mapping[str, str] | None
) -> Finding | None:
    """Return why a row names nobody under whose law its credit could be collected."""
    if row.creditor is None or creditors is None:
        return None
    if plain(row.creditor) not in creditors:
        return _unknown_creditor(row, creditors)
    credit = gathered.credits.get(row.credit_id)
    if credit and credit.values.get("creditor", row.creditor) != row.creditor:
        was = credit.values["creditor"]
        return _finding(row, "creditor", ImportConflict.OTHER_CREDITOR, credit, was)
    return None


def _unknown_creditor(row: PortfolioRow, creditors: Mapping[str, str]) -> Finding:
    """Say that nobody added a creditor, and whom somebody may have meant."""
    alike = get_close_matches(plain(row.creditor or ""), creditors, n=1, cutoff=_ALIKE)
    if not alike:
        return _finding(row, "creditor", ImportConflict.UNKNOWN_CREDITOR)
    found = _finding(row, "creditor", ImportConflict.LIKE_CREDITOR)
    return replace(found, facts={**found.facts, "nearest": creditors[alike[0]]})


def _refusal(gathered: Gathered, row: PortfolioRow, owners: Mapping[str, str]) -> Finding | None:
    client = gathered.clients.get(row.client_id)
    if client and _differ(client.values["name"], row.name):
        return _finding(row, "name", ImportConflict.OTHER_NAME, client, client.values["name"])
    credit = gathered.credits.get(row.credit_id)
    owner = credit.owner if credit else owners.get(row.credit_id, row.client_id)
    if owner != row.client_id:
        return _finding(row, "credit_id", ImportConflict.CREDIT_OF_OTHER_CLIENT, credit, owner)
    if credit and row.currency and credit.values.get("currency", row.currency) != row.currency:
        was = credit.values["currency"]
        return _finding(row, "currency", ImportConflict.OTHER_CURRENCY, credit, was)
    if row.due_on is None and row.balance_cents > 0:
        return _finding(row, "due_on", ImportConflict.NO_DUE_DATE)
    return _debt_refusal(gathered, row)


def _debt_refusal(gathered: Gathered, row: PortfolioRow) -> Finding | None:
    invoice = gathered.invoices.get((row.credit_id, row.invoice_number))
    if invoice is None or invoice.values == _stated(row, _INVOICE_VALUES):
        return None
    return _finding(row, "invoice_number", ImportConflict.OTHER_DEBT, invoice)


def _take_client(gathered: Gathered, row: PortfolioRow) -> None:
    client = gathered.clients.get(row.client_id)
    if client is None:
        values = _stated(row, ("name", *_CLIENT_DETAILS, "lat", "lon"))
        gathered.clients[row.client_id] = Statement(
            (row.client_id,), row.client_id, row.place, values
        )
        return
    _take_details(gathered, row, client, _CLIENT_DETAILS)
    _take_position(gathered, row, client)


def _take_credit(gathered: Gathered, row: PortfolioRow) -> None:
    credit = gathered.credits.get(row.credit_id)
    if credit is None:
        values = _stated(row, (*_CREDIT_DETAILS, "currency"))
        gathered.credits[row.credit_id] = Statement(
            (row.credit_id,), row.client_id, row.place, values
        )
        return
    _take_details(gathered, row, credit, (*_CREDIT_DETAILS, "currency"))


def _take_invoice(gathered: Gathered, row: PortfolioRow) -> None:
    key = (row.credit_id, row.invoice_number)
    before = gathered.invoices.get(key)
    if before is not None:  # the same in every value, or it would have been refused
        finding = _finding(row, "invoice_number", ImportConflict.REPEATED_ROW, before)
        gathered.findings.append(finding)
        return
    values = _stated(row, _INVOICE_VALUES)
    gathered.invoices[key] = Statement(key, row.client_id, row.place, values)


def _take_details(
    gathered: Gathered, row: PortfolioRow, statement: Statement, names: tuple[str, ...]
) -> None:
    """Fill in what earlier rows left open, and find what contradicts them."""
    for name in names:
        value = getattr(row, name)
        if value is None:
            continue
        first = statement.values.setdefault(name, value)
        if _differ(first, value):
            conflict = ImportConflict.OTHER_DETAIL
            gathered.findings.append(_finding(row, name, conflict, statement, first))


def _take_position(gathered: Gathered, row: PortfolioRow, client: Statement) -> None:
    if row.lat is None or row.lon is None:
        return
    lat = client.values.setdefault("lat", row.lat)
    lon = client.values.setdefault("lon", row.lon)
    if _apart(lat, row.lat) or _apart(lon, row.lon):
        conflict = ImportConflict.OTHER_DETAIL
        gathered.findings.append(_finding(row, "lat", conflict, client, f"{lat}, {lon}"))


def _apart(first: Value, second: float) -> bool:
    return isinstance(first, float) and abs(first - second) > _SAME_PLACE_DEGREES


def _stated(row: PortfolioRow, names: tuple[str, ...]) -> dict[str, Value]:
    return {name: value for name in names if (value := getattr(row, name)) is not None}


def _differ(first: Value, second: Value) -> bool:
    if isinstance(first, str) and isinstance(second, str):
        return first != second and plain(first) != plain(second)
    return first != second


def _finding(
    row: PortfolioRow,
    name: str,
    conflict: ImportConflict,
    first: Statement | None = None,
    first_value: Value = None,
) -> Finding:
    facts: dict[str, str | int] = {"client": row.client_id, "credit": row.credit_id}
    if first is not None:
        facts |= {"first_sheet": first.place.sheet, "first_row": first.place.row}
    if first_value is not None:
        facts["first_value"] = str(first_value)
    if name == "lat":
        value = f"{row.lat}, {row.lon}"
    else:
        value = "" if getattr(row, name) is None else str(getattr(row, name))
    return Finding(row.place, name, value, conflict, facts)
